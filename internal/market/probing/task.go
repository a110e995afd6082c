package probing

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
)

// TaskKind is what operators are asked.
type TaskKind string

// The kinds of tasks.
const (
	TaskFrozen  TaskKind = "frozen"  // frozen after failing days: when may it be sold again?
	TaskFailing TaskKind = "failing" // failing for days, and the site does not freeze by itself: what now?
	TaskDelist  TaskKind = "delist"  // too many orders failed in a month: is it delisted?
)

// TaskState is how far a task is.
type TaskState string

// The states: open → confirmed (the next passing run lifts) → lifted; open → any of the others.
const (
	TaskOpen      TaskState = "open"
	TaskConfirmed TaskState = "confirmed"
	TaskLifted    TaskState = "lifted"
	TaskFroze     TaskState = "frozen"
	TaskDelisted  TaskState = "delisted"
	TaskDismissed TaskState = "dismissed"
)

// Pending tells whether somebody or something is still waited for.
func (s TaskState) Pending() bool { return s == TaskOpen || s == TaskConfirmed }

// Action is a decision about a task.
type Action string

// The actions.
const (
	Confirm Action = "confirm" // lift with the first passing run
	LiftNow Action = "lift"
	Freeze  Action = "freeze"
	Delist  Action = "delist"
	Dismiss Action = "dismiss"
)

// TaskMove is a row of the table of decisions.
type TaskMove struct {
	Kind   TaskKind
	From   TaskState
	Action Action
	To     TaskState
}

// TaskMoves are the decisions that operators may take.
var TaskMoves = []TaskMove{
	{TaskFrozen, TaskOpen, Confirm, TaskConfirmed},
	{TaskFrozen, TaskOpen, LiftNow, TaskLifted},
	{TaskFrozen, TaskConfirmed, LiftNow, TaskLifted},
	{TaskFrozen, TaskOpen, Delist, TaskDelisted},
	{TaskFrozen, TaskConfirmed, Delist, TaskDelisted},
	{TaskFailing, TaskOpen, Freeze, TaskFroze},
	{TaskFailing, TaskOpen, Dismiss, TaskDismissed},
	{TaskFailing, TaskOpen, Delist, TaskDelisted},
	{TaskDelist, TaskOpen, LiftNow, TaskLifted},
	{TaskDelist, TaskOpen, Dismiss, TaskDismissed},
	{TaskDelist, TaskOpen, Delist, TaskDelisted},
}

// Task is a decision that operators are asked for.
type Task struct {
	ID          string    `db:"id" json:"id"`
	Kind        TaskKind  `db:"kind" json:"kind"`
	ProductID   string    `db:"product_id" json:"productId"`
	SellerID    string    `db:"seller_id" json:"sellerId"`
	State       TaskState `db:"state" json:"state"`
	Count       int       `db:"count" json:"count" doc:"Failing days, or failed orders of the month"`
	CreatedAt   time.Time `db:"created_at" json:"createdAt"`
	DecidedAt   time.Time `db:"decided_at" json:"decidedAt,omitzero"`
	DecidedBy   string    `db:"decided_by" json:"-"`
	DecidedName string    `db:"decided_name" json:"decidedName"`
	Comment     string    `db:"comment" json:"comment"`
}

// Actions are those that the task admits now.
func (t Task) Actions() []Action {
	out := []Action{}
	for _, m := range TaskMoves {
		if m.Kind == t.Kind && m.From == t.State {
			out = append(out, m.Action)
		}
	}
	return out
}

const taskColumns = `id, kind, product_id, seller_id, state, count, created_at, decided_at, decided_by, decided_name, comment`

// OpenTask asks operators; it tells false when they are asked already.
func OpenTask(ctx context.Context, tx *db.Tx, kind TaskKind, productID, sellerID string, count int) (Task, bool, error) {
	t := Task{ID: id.New("ptk"), Kind: kind, ProductID: productID, SellerID: sellerID, State: TaskOpen, Count: count, CreatedAt: tx.Now}
	written, err := db.InsertIfAbsent(ctx, tx, "probe_tasks", t)
	if err != nil || !written {
		return t, written, err
	}
	return t, true, record(ctx, tx, t, "open")
}

func record(ctx context.Context, tx *db.Tx, t Task, action string) error {
	return audit.Record(ctx, tx, audit.Entry{Action: "probe_task." + action, Object: "product", ObjectID: t.ProductID, Reason: t.Comment,
		Detail: map[string]any{"task": t.ID, "kind": t.Kind, "state": t.State, "count": t.Count}})
}

const sqlTask = `select ` + taskColumns + ` from probe_tasks where id = $1`
const sqlPendingTask = `select ` + taskColumns + ` from probe_tasks where product_id = $1 and kind = $2 and state in ('open', 'confirmed')`

// FindTask reads a task; "probing.task_not_found".
func FindTask(ctx context.Context, q db.Querier, taskID string) (Task, error) {
	t, ok, err := db.Maybe[Task](ctx, q, sqlTask, taskID)
	if err == nil && !ok {
		err = errs.NotFoundf("probing.task_not_found")
	}
	return t, err
}

// PendingTask is a product's task of a kind that is not over.
func PendingTask(ctx context.Context, q db.Querier, productID string, kind TaskKind) (Task, bool, error) {
	return db.Maybe[Task](ctx, q, sqlPendingTask, productID, kind)
}

const sqlDecide = `update probe_tasks set state = $1, decided_at = $2, decided_by = $3, decided_name = $4, comment = $5 where id = $6 and state = $7`

// Decide moves a task; "probing.task_decided" (Conflict) when it does not admit the action. The
// comment has 2–500 characters. What the decision does to the product is the caller's.
func Decide(ctx context.Context, tx *db.Tx, t *Task, a Action, comment string) error {
	var k errs.Check
	k.Length("comment", comment, 2, 500)
	if err := k.Err(); err != nil {
		return err
	}
	for _, m := range TaskMoves {
		if m.Kind == t.Kind && m.From == t.State && m.Action == a {
			return t.end(ctx, tx, m.To, comment, string(a))
		}
	}
	return errs.Conflictf("probing.task_decided", "state", t.State)
}

// End moves a pending task because of what happened, not of a decision.
func (t *Task) End(ctx context.Context, tx *db.Tx, to TaskState) error {
	return t.end(ctx, tx, to, t.Comment, "end")
}

func (t *Task) end(ctx context.Context, tx *db.Tx, to TaskState, comment, action string) error {
	from, by := t.State, audit.ActorFrom(ctx)
	n, err := db.Exec(ctx, tx, sqlDecide, to, tx.Now, by.ID, by.Name, comment, t.ID, from)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("probing.task_decided", "state", from)
	}
	t.State, t.DecidedAt, t.DecidedBy, t.DecidedName, t.Comment = to, tx.Now, by.ID, by.Name, comment
	return record(ctx, tx, *t, action)
}

const sqlCloseDelisted = `update probe_tasks set state = 'delisted', decided_at = $1 where state in ('open', 'confirmed')
and exists (select 1 from products p where p.id = probe_tasks.product_id and p.state = 'delisted')`

// CloseDelisted ends the tasks of products that were delisted elsewhere.
func CloseDelisted(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, sqlCloseDelisted, tx.Now)
	return err
}

// TaskRow is a task in a list.
type TaskRow struct {
	Task
	ProductName  i18n.Text `db:"product_name"`
	ProductState string    `db:"product_state"`
	SellerName   i18n.Text `db:"seller_name"`
}

const sqlTasks = `select t.id, t.kind, t.product_id, t.seller_id, t.state, t.count, t.created_at, t.decided_at, t.decided_by, t.decided_name, t.comment,
p.name as product_name, p.state as product_state, s.name as seller_name
from probe_tasks t join products p on p.id = t.product_id join sellers s on s.id = t.seller_id
where ($1 = 0 or t.state in ('open', 'confirmed')) and ($2 = '' or t.product_id = $2) and ($3 = '' or t.id < $3) order by t.id desc limit $4`

// Tasks lists tasks, newest first: pending ones only, or those of one product.
func Tasks(ctx context.Context, q db.Querier, pending bool, productID string, p page.Query) (page.Page[TaskRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[TaskRow]{}, err
	}
	only := 0
	if pending {
		only = 1
	}
	rows, err := db.List[TaskRow](ctx, q, sqlTasks, only, productID, key[0], p.Size()+1)
	return page.Of(p, rows, func(r TaskRow) []string { return []string{r.ID} }), err
}
