// Package audit keeps who did what, when and why, in the transaction that did it.
//
// It owns audit_log, which is only ever appended to. Every writing operation that
// matters records one entry; secrets never stand in it.
package audit

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
)

// Actor is who acts. Kind is "user", "operator" or "system".
type Actor struct {
	Kind      string
	ID        string
	AccountID string // of a user
	Name      string
	Address   string // the client's network address
	RequestID string
}

// System is the actor of jobs and commands.
var System = Actor{Kind: "system", ID: "system"}

type actorKey struct{}

// WithActor puts the actor into the context of a request or command.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom is the actor of ctx, or System where nobody is known.
func ActorFrom(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return System
}

// Entry is what is recorded besides the actor. AccountID is the account that the
// object belongs to, whose people may read the entry. Detail becomes JSON.
type Entry struct {
	Action    string // "seller.approve"
	Object    string // "seller"
	ObjectID  string
	AccountID string
	Reason    string
	Detail    any
}

// Row is a recorded entry.
type Row struct {
	ID        string    `db:"id" json:"id"`
	At        time.Time `db:"at" json:"at"`
	ActorKind string    `db:"actor_kind" json:"actorKind"`
	ActorID   string    `db:"actor_id" json:"actorId"`
	ActorName string    `db:"actor_name" json:"actorName"`
	AccountID string    `db:"account_id" json:"accountId"`
	Action    string    `db:"action" json:"action"`
	Object    string    `db:"object" json:"object"`
	ObjectID  string    `db:"object_id" json:"objectId"`
	Reason    string    `db:"reason" json:"reason"`
	Detail    any       `db:"detail,json" json:"detail"`
	Address   string    `db:"address" json:"address"`
	RequestID string    `db:"request_id" json:"requestId"`
}

// Record appends an entry. Its time is the wall clock's: an audit does not follow a
// sandbox's clock.
func Record(ctx context.Context, tx *db.Tx, e Entry) error {
	a := ActorFrom(ctx)
	return db.Append(ctx, tx, "audit_log", Row{
		ID: id.New("aud"), At: clock.Wall{}.Now(),
		ActorKind: a.Kind, ActorID: a.ID, ActorName: a.Name, AccountID: e.AccountID,
		Action: e.Action, Object: e.Object, ObjectID: e.ObjectID, Reason: e.Reason, Detail: e.Detail,
		Address: a.Address, RequestID: a.RequestID,
	})
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	AccountID string
	Object    string
	ObjectID  string
	Action    string // an exact action, or a prefix that ends with "."
	ActorID   string
	From, To  time.Time
}

const sqlList = `select id, at, actor_kind, actor_id, actor_name, account_id, action, object, object_id, reason, detail, address, request_id
from audit_log
where ($1 = '' or account_id = $1) and ($2 = '' or object = $2) and ($3 = '' or object_id = $3)
and ($4 = '' or action = $4 or (substr($4, length($4), 1) = '.' and substr(action, 1, length($4)) = $4))
and ($5 = '' or actor_id = $5) and (at >= $6 or $6 = 0) and (at < $7 or $7 = 0) and ($8 = '' or id < $8)
order by id desc limit $9`

const sqlCount = `select count(*) from (select 1 from audit_log
where ($1 = '' or account_id = $1) and ($2 = '' or object = $2) and ($3 = '' or object_id = $3)
and ($4 = '' or action = $4 or (substr($4, length($4), 1) = '.' and substr(action, 1, length($4)) = $4))
and ($5 = '' or actor_id = $5) and (at >= $6 or $6 = 0) and (at < $7 or $7 = 0) limit $8) as n`

// List is the log, newest first.
func List(ctx context.Context, q db.Querier, f Filter, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	from, to := micros(f.From), micros(f.To)
	rows, err := db.List[Row](ctx, q, sqlList, f.AccountID, f.Object, f.ObjectID, f.Action, f.ActorID, from, to, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCount, f.AccountID, f.Object, f.ObjectID, f.Action, f.ActorID, from, to, page.TotalCap+1)
	return page.Of(p, rows, func(r Row) []string { return []string{r.ID} }).WithTotal(n), err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
