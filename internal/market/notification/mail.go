package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
	"jishi/internal/base/page"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
)

// Store is the module.
type Store struct {
	DB       *db.DB
	Box      *secret.Box
	Settings *settings.Store
	// Dial makes the transport of letters for a site's mail settings; nil is SMTP.
	Dial func(settings.Mail, string) Transport
	// Silent writes no letters: sandboxes have none.
	Silent bool
}

// To is a letter's receiver.
type To struct {
	Address string
	Name    string
}

// Args fill the placeholders of a template.
type Args map[string]any

// States of a letter.
const (
	MailWaiting = "waiting"
	MailSent    = "sent"
	MailKept    = "kept"
	MailFailed  = "failed"
)

// Letter is a row of mails without its content.
type Letter struct {
	ID        string    `db:"id" json:"id"`
	ToAddress string    `db:"to_address" json:"toAddress"`
	ToName    string    `db:"to_name" json:"toName"`
	Locale    i18n.Lang `db:"locale" json:"locale"`
	Template  string    `db:"template" json:"template"`
	State     string    `db:"state" json:"state"`
	Attempts  int       `db:"attempts" json:"attempts"`
	LastError string    `db:"last_error" json:"lastError"`
	CreatedAt time.Time `db:"created_at" json:"createdAt"`
	SentAt    time.Time `db:"sent_at" json:"sentAt,omitzero"`
}

type mailRow struct {
	Letter
	Args string `db:"args"`
}

const letterColumns = `id, to_address, to_name, locale, template, state, attempts, last_error, created_at, sent_at`

// MailJob is the kind of the job that sends one letter.
const MailJob = "mail.send"

const sqlSentTo = `select count(*) from mails where to_address = $1 and template = $2 and created_at > $3`

// SentTo counts the letters of a template that an address was written within the duration,
// for letters that somebody else has sent to it.
func (s *Store) SentTo(ctx context.Context, q db.Querier, address, code string, within time.Duration) (int, error) {
	return db.One[int](ctx, q, sqlSentTo, address, code, clock.Wall{}.Now().Add(-within))
}

type mailArgs struct {
	MailID string `json:"mailId"`
}

// Mail writes a letter and the job that sends it. code names the texts
// mail.<code>.subject and mail.<code>.body; a code without texts is a fault of ours.
func (s *Store) Mail(ctx context.Context, tx *db.Tx, to To, lang i18n.Lang, code string, args Args) error {
	if !i18n.Has("mail." + code + ".subject") {
		return fmt.Errorf("notification: no mail texts for %q", code)
	}
	if s.Silent {
		return nil
	}
	plain, err := json.Marshal(args)
	if err != nil {
		return err
	}
	row := mailRow{Letter: Letter{ID: id.New("mail"), ToAddress: to.Address, ToName: to.Name, Locale: lang, Template: code,
		State: MailWaiting, CreatedAt: clock.Wall{}.Now()}}
	if row.Args, err = s.Box.Seal(plain, argsContext(row.ID)); err != nil {
		return err
	}
	if err := db.Append(ctx, tx, "mails", row); err != nil {
		return err
	}
	_, err = job.Enqueue(ctx, tx, job.New{Kind: MailJob, Args: mailArgs{row.ID}, Ref: row.ID})
	return err
}

func argsContext(mailID string) string { return "mails.args:" + mailID }

// Rendered is a letter as it is read.
type Rendered struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

const sqlMail = `select ` + letterColumns + `, args from mails where id = $1`

// render fills a letter's texts. The site's name is {site} in every one of them.
func (s *Store) render(ctx context.Context, m mailRow) (Rendered, error) {
	plain, err := s.Box.Open(m.Args, argsContext(m.ID))
	if err != nil {
		return Rendered{}, err
	}
	var args map[string]any
	if err := json.Unmarshal(plain, &args); err != nil {
		return Rendered{}, err
	}
	site, err := s.Settings.Site(ctx)
	if err != nil {
		return Rendered{}, err
	}
	args = readable(args)
	args["site"] = site.Name.In(m.Locale)
	if _, ok := args["name"]; !ok {
		args["name"] = m.ToName
	}
	return Rendered{
		Subject: i18n.Message(m.Locale, "mail."+m.Template+".subject", args),
		Body:    i18n.Message(m.Locale, "mail."+m.Template+".body", args) + "\n\n" + i18n.Message(m.Locale, "mail.footer", args),
	}, nil
}

// readable turns texts of two languages, which JSON has made maps, back.
func readable(args map[string]any) map[string]any {
	out := make(map[string]any, len(args)+2)
	for k, v := range args {
		out[k] = v
		if m, ok := v.(map[string]any); ok {
			zh, isZH := m["zh"].(string)
			en, isEN := m["en"].(string)
			if isZH || isEN {
				out[k] = i18n.Text{ZH: zh, EN: en}
			}
		}
	}
	return out
}

// MailFilter narrows the operator's list; empty fields do not.
type MailFilter struct {
	State string
	To    string // an exact address
}

const sqlMailsWhere = ` from mails where (state = $1 or $1 = '') and (to_address = $2 or $2 = '')`
const sqlMails = `select ` + letterColumns + sqlMailsWhere + ` and ($3 = '' or id < $3) order by id desc limit $4`
const sqlMailsCount = `select count(*) from (select 1` + sqlMailsWhere + ` limit $3) n`

// Mails lists letters without their content, the newest first.
func (s *Store) Mails(ctx context.Context, q db.Querier, f MailFilter, p page.Query) (page.Page[Letter], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Letter]{}, err
	}
	rows, err := db.List[Letter](ctx, q, sqlMails, f.State, f.To, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Letter]{}, err
	}
	n, err := db.One[int](ctx, q, sqlMailsCount, f.State, f.To, page.TotalCap+1)
	return page.Of(p, rows, func(l Letter) []string { return []string{l.ID} }).WithTotal(n), err
}

// Read renders one letter. It shows links that open accounts, so only a demo may call it.
// "mail.not_found" (NotFound).
func (s *Store) Read(ctx context.Context, q db.Querier, mailID string) (Letter, Rendered, error) {
	m, ok, err := db.Maybe[mailRow](ctx, q, sqlMail, mailID)
	if err == nil && !ok {
		err = errs.NotFoundf("mail.not_found")
	}
	if err != nil {
		return Letter{}, Rendered{}, err
	}
	r, err := s.render(ctx, m)
	return m.Letter, r, err
}
