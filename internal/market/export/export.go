// Package export makes files of lists (导出, trade.md §18): a job reads a list under the filters
// that were set, batch by batch, and leaves a spreadsheet or CSV in the file store, where it is
// kept for three days.
//
// It owns the table exports. It knows no list: a Source gives the columns and the rows of one.
// States: QUEUED → RUNNING → READY → EXPIRED, or FAILED. One export per account and list may be
// under way. A worker that dies leaves the row RUNNING, and the next one begins the file again;
// the file is stored whole, and READY is written together with the end of the job, so that
// nobody ever downloads half of one.
package export

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
	"jishi/internal/base/page"
)

// MaxRows bounds the rows of an export (trade.md §18).
const MaxRows = 100_000

// Life is how long a file is kept.
const Life = 3 * 24 * time.Hour

// State is the state of an export.
type State string

// The states.
const (
	Queued  State = "QUEUED"
	Running State = "RUNNING"
	Ready   State = "READY"
	Expired State = "EXPIRED"
	Failed  State = "FAILED"
)

// Move is one row of the table of states.
type Move struct {
	From  State
	Event string
	To    State
	Actor string
}

// Moves is the table; what ends otherwise begins anew by another export.
var Moves = []Move{
	{Queued, "claimed", Running, "worker"},
	{Running, "claimed", Running, "worker, after the first one's lease"},
	{Running, "written", Ready, "worker"},
	{Queued, "given_up", Failed, "system"},
	{Running, "given_up", Failed, "system"},
	{Ready, "three_days_over", Expired, "system"},
}

// The formats.
const (
	XLSX = "xlsx"
	CSV  = "csv"
)

// Export is one file.
type Export struct {
	ID         string    `db:"id" json:"id"`
	AccountID  string    `db:"account_id" json:"-"` // "" for operators
	SellerID   string    `db:"seller_id" json:"-"`
	UserID     string    `db:"user_id" json:"-"`
	UserName   string    `db:"user_name" json:"userName"`
	List       string    `db:"list" json:"list"`
	Filter     string    `db:"filter" json:"-"` // JSON of the Source's own
	Format     string    `db:"format" json:"format"`
	Locale     i18n.Lang `db:"locale" json:"locale"`
	AsOf       time.Time `db:"as_of" json:"asOf"` // of the realm: what is newer is not in it
	State      State     `db:"state" json:"state"`
	Attempt    int       `db:"attempt" json:"-"`
	Rows       int       `db:"row_count" json:"rows"`
	Total      int       `db:"total" json:"total"`
	Capped     bool      `db:"capped" json:"capped"` // there are more rows than an export may have
	Size       int64     `db:"size" json:"size"`
	CreatedAt  time.Time `db:"created_at" json:"createdAt"`
	StartedAt  time.Time `db:"started_at" json:"startedAt,omitzero"`
	FinishedAt time.Time `db:"finished_at" json:"finishedAt,omitzero"`
	ExpiresAt  time.Time `db:"expires_at" json:"expiresAt,omitzero"`
}

// Key is where the file lies in the store.
func (e Export) Key() string { return "exports/" + e.ID + "." + e.Format }

// FileName is what a browser calls it.
func (e Export) FileName() string {
	list := e.List[strings.LastIndexByte(e.List, '.')+1:]
	return list + "-" + e.AsOf.Format("20060102-150405") + "." + e.Format
}

// Decode reads the filter.
func (e Export) Decode(into any) error { return json.Unmarshal([]byte(e.Filter), into) }

// Column is a column of a list: the code of its title, and whether it holds amounts.
type Column struct {
	Title  string
	Amount bool
}

// Source is a list that can be exported.
type Source struct {
	List    string // "seller.orders"
	Columns []Column
	// Count tells how many rows there are, at most limit.
	Count func(ctx context.Context, q db.Querier, e Export, limit int) (int, error)
	// Batch reads the rows after a cursor, "" at first, by a key that no later row can come
	// before; next is "" at the end.
	Batch func(ctx context.Context, q db.Querier, e Export, after string) (rows [][]string, next string, err error)
}

// Store makes and keeps exports.
type Store struct {
	DB      *db.DB
	Blob    blob.Store
	Sources []Source
}

func (s *Store) source(list string) (Source, bool) {
	i := slices.IndexFunc(s.Sources, func(x Source) bool { return x.List == list })
	if i < 0 {
		return Source{}, false
	}
	return s.Sources[i], true
}

// JobKind is the kind of the job that makes a file.
const JobKind = "export.run"

type args struct {
	Export string `json:"export"`
}

// New is what somebody wants.
type New struct {
	AccountID string // "" for operators
	SellerID  string
	UserID    string
	UserName  string
	List      string
	Filter    any
	Format    string // "" is XLSX
	Locale    i18n.Lang
}

// Ask queues an export of what exists now. Field error "format"; "export.under_way" (Conflict)
// when the account has one of this list that is not over.
func Ask(ctx context.Context, tx *db.Tx, n New) (Export, error) {
	if n.Format == "" {
		n.Format = XLSX
	}
	var c errs.Check
	c.OneOf("format", n.Format, XLSX, CSV)
	if err := c.Err(); err != nil {
		return Export{}, err
	}
	filter, err := json.Marshal(n.Filter)
	if err != nil {
		return Export{}, err
	}
	e := Export{ID: id.New("exp"), AccountID: n.AccountID, SellerID: n.SellerID, UserID: n.UserID, UserName: n.UserName, List: n.List, Filter: string(filter),
		Format: n.Format, Locale: n.Locale, AsOf: tx.Now, State: Queued, CreatedAt: clock.Wall{}.Now()}
	fresh, err := db.InsertIfAbsent(ctx, tx, "exports", e)
	if err != nil {
		return e, err
	}
	if !fresh {
		return e, errs.Conflictf("export.under_way")
	}
	if _, err := job.Enqueue(ctx, tx, job.New{Kind: JobKind, Args: args{e.ID}, Ref: e.ID}); err != nil {
		return e, err
	}
	return e, audit.Record(ctx, tx, audit.Entry{Action: "export.ask", Object: "export", ObjectID: e.ID, AccountID: n.AccountID,
		Detail: map[string]any{"list": n.List, "format": n.Format, "filter": n.Filter}})
}

const columns = `id, account_id, seller_id, user_id, user_name, list, filter, format, locale, as_of, state, attempt, row_count, total, capped, size, created_at, started_at, finished_at, expires_at`

// $2 holds the lists that the reader may see between commas.
const sqlList = `select ` + columns + ` from exports where account_id = $1 and $2 like '%,' || list || ',%' and ($3 = '' or id < $3) order by id desc limit $4`
const sqlCount = `select count(*) from (select 1 from exports where account_id = $1 and $2 like '%,' || list || ',%' limit $3) as n`

// List shows an account's exports of the lists that the reader may see, the newest first.
func List(ctx context.Context, q db.Querier, accountID string, lists []string, p page.Query) (page.Page[Export], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Export]{}, err
	}
	seen := "," + strings.Join(lists, ",") + ","
	rows, err := db.List[Export](ctx, q, sqlList, accountID, seen, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Export]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCount, accountID, seen, page.TotalCap+1)
	return page.Of(p, rows, func(e Export) []string { return []string{e.ID} }).WithTotal(n), err
}

const sqlFind = `select ` + columns + ` from exports where id = $1 and account_id = $2 and $3 like '%,' || list || ',%'`

// Find reads one of an account; "export.not_found".
func Find(ctx context.Context, q db.Querier, exportID, accountID string, lists []string) (Export, error) {
	e, ok, err := db.Maybe[Export](ctx, q, sqlFind, exportID, accountID, ","+strings.Join(lists, ",")+",")
	if err == nil && !ok {
		err = errs.NotFoundf("export.not_found")
	}
	return e, err
}
