package discount

import (
	"context"
	"hash/fnv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

const sqlByID = `select ` + columns + ` from discounts d where d.id = $1`

// ForOrder reads the rule that a quoted price was made with, for an order that is placed with
// it. Its price holds as long as the quote does (trade.md §7.1), even if the rule's validity ended
// meanwhile; a rule that was stopped is "discount.stopped" (Conflict): it was a mistake.
func ForOrder(ctx context.Context, tx *db.Tx, ruleID string) (Rule, error) {
	r, err := db.One[Rule](ctx, tx, sqlByID, ruleID)
	if err == nil && r.State != Effective && r.State != Ended {
		err = errs.Conflictf("discount.stopped", "name", r.Name)
	}
	return r, err
}

const sqlDeadline = `select deadline_hours from discounts where id = $1`

// Deadline is how long orders made with the rule wait for their payment; otherwise is the site's.
func Deadline(ctx context.Context, q db.Querier, ruleID string, otherwise time.Duration) (time.Duration, error) {
	if ruleID == "" {
		return otherwise, nil
	}
	hours, _, err := db.Maybe[int](ctx, q, sqlDeadline, ruleID)
	if err != nil || hours == 0 {
		return otherwise, err
	}
	return time.Duration(hours) * time.Hour, nil
}

type use struct {
	OrderID     string    `db:"order_id"`
	RuleID      string    `db:"discount_id"`
	AccountID   string    `db:"account_id"`
	Slot        *int      `db:"slot"`
	AccountSlot *int      `db:"account_slot"`
	At          time.Time `db:"at"`
}

const sqlHeld = `select count(*) from discount_uses where discount_id = $1 and slot is not null`
const sqlHeldOf = `select count(*) from discount_uses where discount_id = $1 and account_id = $2 and account_slot is not null`
const sqlSlots = `select slot from discount_uses where discount_id = $1 and slot is not null order by slot`
const sqlSlotsOf = `select account_slot from discount_uses where discount_id = $1 and account_id = $2 and account_slot is not null order by account_slot`

// probes is how many places are tried by chance before the free ones are looked for: orders that
// come at the same time rarely try the same place, so they do not wait for each other.
const probes = 8

// maxAttempts ends a search that others always win.
const maxAttempts = 200

// Take gives an order a use of the rule, once. A limited rule has numbered places, each held by one
// order: whoever comes when all are held gets "discount.exhausted" or "discount.account_limit"
// (Conflict). Release makes a place free again.
func Take(ctx context.Context, tx *db.Tx, r Rule, orderID, accountID string) error {
	u := use{OrderID: orderID, RuleID: r.ID, AccountID: accountID, At: tx.Now}
	if !r.Limited() {
		return db.Insert(ctx, tx, "discount_uses", u)
	}
	start := fnv.New32a()
	start.Write([]byte(orderID))
	for attempt := range maxAttempts {
		if r.AccountLimit > 0 {
			free, err := firstFree(ctx, tx, r.AccountLimit, sqlSlotsOf, r.ID, accountID)
			if err != nil {
				return err
			}
			if free == 0 {
				return errs.Conflictf("discount.account_limit", "name", r.Name, "max", r.AccountLimit)
			}
			u.AccountSlot = &free
		}
		if r.TotalLimit > 0 {
			n, err := db.One[int](ctx, tx, sqlHeld, r.ID)
			if err != nil {
				return err
			}
			slot := (int(start.Sum32()%uint32(r.TotalLimit))+attempt)%r.TotalLimit + 1
			if attempt >= probes || n*2 > r.TotalLimit {
				if slot, err = firstFree(ctx, tx, r.TotalLimit, sqlSlots, r.ID); err != nil {
					return err
				}
			}
			if n >= r.TotalLimit || slot == 0 {
				return errs.Conflictf("discount.exhausted", "name", r.Name)
			}
			u.Slot = &slot
		}
		// A transaction that holds the place and has not ended is waited for here.
		fresh, err := db.InsertIfAbsent(ctx, tx, "discount_uses", u)
		if err != nil || fresh {
			return err
		}
	}
	return errs.Conflictf("discount.exhausted", "name", r.Name)
}

// firstFree is the lowest number from 1 to limit that is not held, 0 when all are.
func firstFree(ctx context.Context, q db.Querier, limit int, text string, args ...any) (int, error) {
	held, err := db.List[int](ctx, q, text, args...)
	free := 1
	for _, n := range held {
		if n > free {
			break
		}
		free = n + 1
	}
	if free > limit {
		free = 0
	}
	return free, err
}

const sqlRelease = `update discount_uses set slot = null, account_slot = null, released_at = $1 where order_id = $2 and released_at is null`

// Release gives the use of an order back that was cancelled, ran out or was refunded.
func Release(ctx context.Context, tx *db.Tx, orderID string) error {
	_, err := db.Exec(ctx, tx, sqlRelease, tx.Now, orderID)
	return err
}
