package notification

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	mail "github.com/wneessen/go-mail"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
	"jishi/internal/base/settings"
)

// Transport sends one letter.
type Transport interface {
	Send(ctx context.Context, from, to To, messageID string, r Rendered) error
}

// mailSchedule are the pauses between the attempts of a letter: a day and a half in all.
var mailSchedule = []time.Duration{
	15 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 14 * time.Hour,
}

const sqlMailKept = `update mails set state = 'kept', attempts = attempts + 1, last_error = '', sent_at = null where id = $1 and state in ('waiting', 'failed')`
const sqlMailSent = `update mails set state = 'sent', attempts = attempts + 1, last_error = '', sent_at = $1 where id = $2 and state in ('waiting', 'failed')`
const sqlMailMissed = `update mails set attempts = attempts + 1, last_error = $1 where id = $2 and state in ('waiting', 'failed')`
const sqlMailDead = `update mails set state = 'failed' where id = $1 and state = 'waiting'`

// SendMail is the handler of MailJob: it sends one letter outside any transaction and
// writes what came of it. A letter that has left already is left alone.
func (s *Store) SendMail(ctx context.Context, j job.Job) error {
	var a mailArgs
	if err := j.Decode(&a); err != nil {
		return err
	}
	m, ok, err := db.Maybe[mailRow](ctx, s.DB, sqlMail, a.MailID)
	if err != nil || !ok || m.State == MailSent || m.State == MailKept {
		return err // purged or done: nothing is left to do
	}
	site, err := s.Settings.Site(ctx)
	if err != nil {
		return err
	}
	if site.Mail.Mode != "smtp" {
		return s.DB.Update(ctx, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, sqlMailKept, m.ID); err != nil {
				return err
			}
			return job.Done(ctx, tx, j)
		})
	}
	if failure := s.deliver(ctx, site, m); failure != nil {
		text := shorten(failure.Error())
		err := s.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, sqlMailMissed, text, m.ID)
			return err
		})
		return errors.Join(failure, err)
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, sqlMailSent, clock.Wall{}.Now(), m.ID); err != nil {
			return err
		}
		return job.Done(ctx, tx, j)
	})
}

func (s *Store) deliver(ctx context.Context, site settings.Site, m mailRow) error {
	password := ""
	if site.Mail.Password != "" {
		plain, err := s.Box.Open(site.Mail.Password, settings.MailPasswordContext)
		if err != nil {
			return err
		}
		password = string(plain)
	}
	r, err := s.render(ctx, m)
	if err != nil {
		return err
	}
	dial := s.Dial
	if dial == nil {
		dial = SMTP
	}
	from := To{Address: site.Mail.FromAddress, Name: site.Mail.FromName}
	if from.Name == "" {
		from.Name = site.Name.In(m.Locale)
	}
	return dial(site.Mail, password).Send(ctx, from, To{Address: m.ToAddress, Name: m.ToName}, m.ID, r)
}

// mailDead writes that no further attempt follows.
func (s *Store) mailDead(ctx context.Context, tx *db.Tx, j job.Job) error {
	var a mailArgs
	if err := j.Decode(&a); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlMailDead, a.MailID)
	return err
}

// Jobs are the module's kinds of jobs for the table in package app.
func (s *Store) Jobs() []job.Kind {
	return []job.Kind{
		{Name: MailJob, Handler: s.SendMail, Schedule: mailSchedule, Timeout: time.Minute, Parallel: 2, Dead: s.mailDead},
		{Name: "notification.purge", Every: 6 * time.Hour, Schedule: []time.Duration{time.Minute}, Handler: func(ctx context.Context, _ job.Job) error {
			for more := true; more; {
				if err := s.DB.Update(ctx, func(tx *db.Tx) (err error) {
					more, err = s.Purge(ctx, tx)
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		}},
	}
}

// SMTP is the transport of a real mail server.
func SMTP(m settings.Mail, password string) Transport { return smtp{m, password} }

type smtp struct {
	settings settings.Mail
	password string
}

// Send implements Transport. The server's certificate is always checked.
func (t smtp) Send(ctx context.Context, from, to To, messageID string, r Rendered) error {
	msg := mail.NewMsg()
	if err := msg.FromFormat(oneLine(from.Name), from.Address); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	if err := msg.AddToFormat(oneLine(to.Name), to.Address); err != nil {
		return fmt.Errorf("receiver: %w", err)
	}
	_, host, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(messageID + "@" + host)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(oneLine(r.Subject))
	msg.SetBodyString(mail.TypeTextPlain, r.Body)
	options := []mail.Option{mail.WithPort(t.settings.Port), mail.WithTimeout(30 * time.Second)}
	switch t.settings.TLS {
	case "implicit":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if t.settings.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(t.settings.User), mail.WithPassword(t.password))
	}
	client, err := mail.NewClient(t.settings.Host, options...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, msg)
}

// oneLine keeps a text within its header line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

func shorten(s string) string {
	if len(s) > 500 {
		s = s[:500]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// SealMailPassword prepares mail settings that a person has typed: a new password is
// sealed, an empty one stands for the stored one as long as server and user are the same,
// so that the password cannot be sent to a server of somebody's choice.
func (s *Store) SealMailPassword(typed, stored settings.Mail) (settings.Mail, error) {
	switch {
	case typed.Password != "":
		sealed, err := s.Box.Seal([]byte(typed.Password), settings.MailPasswordContext)
		typed.Password = sealed
		return typed, err
	case typed.Host == stored.Host && typed.Port == stored.Port && typed.User == stored.User && (typed.TLS == stored.TLS || stored.TLS == "none"):
		typed.Password = stored.Password
	}
	return typed, nil
}
