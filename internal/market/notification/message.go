package notification

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
	"jishi/internal/market/access"
)

// Class groups station messages (catalog-and-roles.md E6).
type Class string

// The classes.
const (
	ClassReview           Class = "review"
	ClassOrder            Class = "order"
	ClassDelivery         Class = "delivery"
	ClassRefund           Class = "refund"
	ClassInterfaceFailure Class = "interface_failure"
	ClassProbe            Class = "probe"
	ClassSettlement       Class = "settlement"
	ClassInvoice          Class = "invoice"
	ClassViolation        Class = "violation"
	ClassQA               Class = "qa"
	ClassMarketing        Class = "marketing"
)

// Classes are all of them in the order in which pages list them.
var Classes = []Class{ClassReview, ClassOrder, ClassDelivery, ClassRefund, ClassInterfaceFailure, ClassProbe,
	ClassSettlement, ClassInvoice, ClassViolation, ClassQA, ClassMarketing}

// Message is a station message to the people of an account, or to operators when
// AccountID is empty; in both cases to those who hold Permission, "" meaning all of them.
type Message struct {
	AccountID  string
	Permission access.Permission
	Class      Class
	Code       string // texts message.<code>.title and message.<code>.body
	Args       Args
	Link       string // path of the page to look at
}

type messageRow struct {
	ID         string    `db:"id"`
	AccountID  string    `db:"account_id"`
	Permission string    `db:"permission"`
	Class      Class     `db:"class"`
	Code       string    `db:"code"`
	Args       Args      `db:"args,json"`
	Link       string    `db:"link"`
	CreatedAt  time.Time `db:"created_at"`
}

// Post writes a station message. An unknown class or a code without texts is a fault of
// ours.
func (s *Store) Post(ctx context.Context, tx *db.Tx, m Message) error {
	if !slices.Contains(Classes, m.Class) || !i18n.Has("message."+m.Code+".title") {
		return fmt.Errorf("notification: no message %q of class %q", m.Code, m.Class)
	}
	if m.Args == nil {
		m.Args = Args{}
	}
	return db.Append(ctx, tx, "messages", messageRow{ID: id.New("msg"), AccountID: m.AccountID, Permission: string(m.Permission),
		Class: m.Class, Code: m.Code, Args: m.Args, Link: m.Link, CreatedAt: clock.Wall{}.Now()})
}

// Item is a message in its reader's language.
type Item struct {
	ID        string    `json:"id"`
	Class     Class     `json:"class"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	Link      string    `json:"link"`
	Read      bool      `json:"read"`
	CreatedAt time.Time `json:"createdAt"`
}

type itemRow struct {
	messageRow
	Read bool `db:"is_read"`
}

// sqlMine joins what a reader sees: $1 the account or ”, $2 the reader's permissions
// between commas, $3 the reader.
const sqlMine = ` from (select cast($1 as text) as account, cast($2 as text) as held, cast($3 as text) as reader) x
join messages m on m.account_id = x.account and (m.permission = '' or x.held like '%,' || m.permission || ',%')
left join message_reads r on r.message_id = m.id and r.reader_id = x.reader
where (m.class = $4 or $4 = '') and (r.message_id is null or not $5)`

const sqlItems = `select m.id, m.account_id, m.permission, m.class, m.code, m.args, m.link, m.created_at, r.message_id is not null as is_read` + sqlMine + `
and ($6 = '' or m.id < $6) order by m.id desc limit $7`
const sqlItemsCount = `select count(*) from (select 1` + sqlMine + ` limit $6) n`

// ItemFilter narrows a reader's list; empty fields do not.
type ItemFilter struct {
	Class  string
	Unread bool
}

// Messages lists what the reader may see, the newest first.
func (s *Store) Messages(ctx context.Context, q db.Querier, c access.Caller, l i18n.Lang, f ItemFilter, p page.Query) (page.Page[Item], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Item]{}, err
	}
	rows, err := db.List[itemRow](ctx, q, sqlItems, c.AccountID, between(c), c.UserID, f.Class, f.Unread, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Item]{}, err
	}
	n, err := db.One[int](ctx, q, sqlItemsCount, c.AccountID, between(c), c.UserID, f.Class, f.Unread, page.TotalCap+1)
	cut := page.Of(p, rows, func(r itemRow) []string { return []string{r.ID} }).WithTotal(n)
	return page.Map(cut, func(r itemRow) Item {
		args := readable(r.Args)
		return Item{ID: r.ID, Class: r.Class, Link: r.Link, Read: r.Read, CreatedAt: r.CreatedAt,
			Title: i18n.Message(l, "message."+r.Code+".title", args), Body: i18n.Message(l, "message."+r.Code+".body", args)}
	}), err
}

// maxUnread is where counting stops: the page shows "99+".
const maxUnread = 100

// Unread counts the reader's unread messages, at most 100.
func (s *Store) Unread(ctx context.Context, q db.Querier, c access.Caller) (int, error) {
	return db.One[int](ctx, q, sqlItemsCount, c.AccountID, between(c), c.UserID, "", true, maxUnread)
}

func between(c access.Caller) string {
	var b strings.Builder
	b.WriteByte(',')
	for _, p := range c.Permissions {
		b.WriteString(string(p))
		b.WriteByte(',')
	}
	return b.String()
}

type readRow struct {
	MessageID string    `db:"message_id"`
	ReaderID  string    `db:"reader_id"`
	ReadAt    time.Time `db:"read_at"`
}

const sqlVisible = `select m.id from messages m where m.id = $1 and m.account_id = $2 and (m.permission = '' or $3 like '%,' || m.permission || ',%')`

// MarkRead marks one message; it is idempotent. "message.not_found" (NotFound), also for
// another account's.
func (s *Store) MarkRead(ctx context.Context, tx *db.Tx, c access.Caller, messageID string) error {
	_, ok, err := db.Maybe[string](ctx, tx, sqlVisible, messageID, c.AccountID, between(c))
	if err == nil && !ok {
		err = errs.NotFoundf("message.not_found")
	}
	if err != nil {
		return err
	}
	_, err = db.InsertIfAbsent(ctx, tx, "message_reads", readRow{messageID, c.UserID, clock.Wall{}.Now()})
	return err
}

const sqlMarkAll = `insert into message_reads (message_id, reader_id, read_at)
select m.id, $1, $2 from messages m where m.account_id = $3 and (m.permission = '' or $4 like '%,' || m.permission || ',%')
and not exists (select 1 from message_reads r where r.message_id = m.id and r.reader_id = $1) on conflict do nothing`

// MarkAllRead marks all that the reader sees; it is idempotent.
func (s *Store) MarkAllRead(ctx context.Context, tx *db.Tx, c access.Caller) error {
	_, err := db.Exec(ctx, tx, sqlMarkAll, c.UserID, clock.Wall{}.Now(), c.AccountID, between(c))
	return err
}

// How long messages and letters stay.
const (
	keepMessages = 365 * 24 * time.Hour
	keepMails    = 90 * 24 * time.Hour
)

// The reads go with the very messages that go in the same transaction.
const (
	sqlOldMessages   = `select id from messages where created_at < $1 order by created_at, id limit 500`
	sqlPurgeReads    = `delete from message_reads where message_id in (` + sqlOldMessages + `)`
	sqlPurgeMessages = `delete from messages where id in (` + sqlOldMessages + `)`
	sqlPurgeMails    = `delete from mails where id in (select id from mails where created_at < $1 and state <> 'waiting' limit 500)`
)

// Purge removes a batch of what is too old and tells whether more may be left.
func (s *Store) Purge(ctx context.Context, tx *db.Tx) (more bool, err error) {
	now := clock.Wall{}.Now()
	if _, err := db.Exec(ctx, tx, sqlPurgeReads, now.Add(-keepMessages)); err != nil {
		return false, err
	}
	messages, err := db.Exec(ctx, tx, sqlPurgeMessages, now.Add(-keepMessages))
	if err != nil {
		return false, err
	}
	mails, err := db.Exec(ctx, tx, sqlPurgeMails, now.Add(-keepMails))
	return messages == 500 || mails == 500, err
}
