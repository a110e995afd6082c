package fulfillment

import (
	"context"
	"slices"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
)

// Purpose says what a call is for; its request is filled and its result is settled by it. Which
// activity serves it depends on generation and charging mode, see trade.
type Purpose string

// The purposes.
const (
	Create        Purpose = "create"         // newInstance of a paid order
	Provision     Purpose = "provision"      // queryInstance until an asynchronous creation is done
	Access        Purpose = "access"         // queryInstance until access data is there
	View          Purpose = "view"           // the buyer opened the page
	Ask           Purpose = "ask"            // an operator asks queryInstance
	Renew         Purpose = "renew"          // refreshInstance of a renewal
	CancelRenewal Purpose = "cancel_renewal" // … of a cancelled renewal (退续费)
	Convert       Purpose = "convert"        // … of a converted trial (试用转正)
	RenewChange   Purpose = "renew_change"   // … of a renewal with a change (续费变更)
	Expire        Purpose = "expire"         // freeze, because grace has ended
	Freeze        Purpose = "freeze"         // freeze, because of a violation or arrears
	Thaw          Purpose = "thaw"           // the way back from both
	Upgrade       Purpose = "upgrade"        // another specification or quantity
	Check         Purpose = "check"          // changeInstanceCheck before a renewal with a change
	Release       Purpose = "release"        // releaseInstance after a refund or after retention
)

// Interactive tells that a person waits for the answer: one attempt, outside the order of the
// instance's calls, no notices.
func (p Purpose) Interactive() bool { return p == View || p == Ask || p == Check }

// supersedes names for each purpose the open calls of the same instance that it makes needless
// (saas.md §10); they are cancelled when it is queued. What is not named keeps its turn.
var supersedes = map[Purpose][]Purpose{
	// An expiry is absolute: the newest says all that an older one would have said. A conversion is
	// never dropped, it says more than an expiry. A renewal makes freezing for the expiry pointless,
	// but not freezing for a violation.
	Renew:         {Renew, CancelRenewal, Expire},
	CancelRenewal: {Renew, CancelRenewal},
	Convert:       {Expire},
	RenewChange:   {Renew, CancelRenewal, RenewChange, Expire}, // its target is absolute too
	// Freezing and thawing undo each other. Freezing for a violation includes that for the expiry;
	// not the reverse, because only the first sets the operator's flag.
	Expire: {Expire, Thaw},
	Freeze: {Freeze, Expire, Thaw},
	Thaw:   {Thaw, Freeze, Expire},
	// Nothing matters any more to what is deleted. Two releases may name different instances of the
	// seller, so they do not replace each other; neither do paid upgrades among themselves.
	Release: {Provision, Access, Renew, CancelRenewal, Convert, RenewChange, Expire, Freeze, Thaw, Upgrade},
}

// Supersedes tells whether a newer call of purpose p makes an older one of purpose old needless.
func (p Purpose) Supersedes(old Purpose) bool { return slices.Contains(supersedes[p], old) }

const sqlOpenCalls = `select ` + columns + ` from fulfillment_calls where instance_id = $1 and state in ('waiting', 'calling', 'retrying') and purpose <> 'notify' order by created_at, id`

// OpenCalls lists the instance's calls that are not over, in their order; notices have no place in it.
func OpenCalls(ctx context.Context, q db.Querier, instanceID string) ([]Call, error) {
	return db.List[Call](ctx, q, sqlOpenCalls, instanceID)
}

const sqlSupersede = `update fulfillment_calls set state = 'canceled', done_at = $1, comment = 'superseded' where id = $2 and state in ('waiting', 'calling', 'retrying')`

// Writing the job's row keeps workers from claiming it until this transaction is over, so that
// its state is the truth.
const sqlFlying = `update jobs set ref = ref where ref = $1 and ref <> '' and kind = '` + JobKind + `' and state in ('ready', 'running') returning state`

const sqlFlyingCanceled = `update jobs set ref = ref where ref in (select id from fulfillment_calls where instance_id = $1 and state = 'canceled' and purpose <> 'notify')
and ref <> '' and kind = '` + JobKind + `' and state in ('ready', 'running') returning state`

// supersede cancels what c makes needless. It tells how many open calls are left, and whether an
// attempt of a cancelled one is under way: then c waits until it is back, for two calls of one
// instance at the same time have no order.
func supersede(ctx context.Context, tx *db.Tx, c Call, open int) (left int, flying bool, err error) {
	if len(supersedes[c.Purpose]) == 0 {
		return open, false, nil
	}
	calls, err := OpenCalls(ctx, tx, c.InstanceID)
	if err != nil {
		return 0, false, err
	}
	for _, old := range calls {
		if !c.Purpose.Supersedes(old.Purpose) {
			left++
			continue
		}
		if _, err := db.Exec(ctx, tx, sqlSupersede, clock.Wall{}.Now(), old.ID); err != nil {
			return 0, false, err
		}
		states, err := db.List[string](ctx, tx, sqlFlying, old.ID)
		if err != nil {
			return 0, false, err
		}
		flying = flying || slices.Contains(states, "running")
	}
	return left, flying, nil
}

const sqlNewer = `select purpose from fulfillment_calls where instance_id = $1 and (created_at > $2 or created_at = $2 and id > $3) and state not in ('canceled', 'failed')`

// Superseded tells whether a newer call of the instance has made c needless. A failed call must
// not be sent again then: an old freeze would stop a service that was renewed since.
func Superseded(ctx context.Context, q db.Querier, c Call) (bool, error) {
	newer, err := db.List[Purpose](ctx, q, sqlNewer, c.InstanceID, c.CreatedAt, c.ID)
	return slices.ContainsFunc(newer, func(p Purpose) bool { return p.Supersedes(c.Purpose) }), err
}
