package voucher

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Holding is a voucher that an account holds: face = balance + locked + used.
type Holding struct {
	ID         string       `db:"id" json:"id"`
	CampaignID string       `db:"campaign_id" json:"campaignId"`
	AccountID  string       `db:"account_id" json:"-"`
	UserID     string       `db:"user_id" json:"-"` // who claimed it
	Number     int          `db:"number" json:"-"`  // of those that the account has of the campaign
	State      HoldingState `db:"state" json:"state"`
	Face       money.Amount `db:"face" json:"face"`
	Balance    money.Amount `db:"balance" json:"balance"` // may be used
	Locked     money.Amount `db:"locked" json:"locked"`   // waits for payments
	Used       money.Amount `db:"used" json:"used"`       // paid, without what refunds gave back
	ValidFrom  time.Time    `db:"valid_from" json:"validFrom"`
	ValidUntil time.Time    `db:"valid_until" json:"validUntil"` // not valid any more at this instant
	ClaimedAt  time.Time    `db:"claimed_at" json:"claimedAt"`
}

// Held is a voucher with what its campaign says about it.
type Held struct {
	Holding
	Terms
	Scope []Scope
}

// UseState is the state of one use of a voucher.
type UseState string

// The states of a use.
const (
	UseLocked   UseState = "locked"   // the order waits for payment
	UseReleased UseState = "released" // it ended unpaid, or another voucher was chosen
	UseSpent    UseState = "spent"    // it was paid
)

// Use is what one order takes of a voucher.
type Use struct {
	ID        string       `db:"id" json:"id"`
	HoldingID string       `db:"holding_id" json:"voucherId"`
	OrderID   string       `db:"order_id" json:"orderId"`
	AccountID string       `db:"account_id" json:"-"`
	Amount    money.Amount `db:"amount" json:"amount"`
	Restored  money.Amount `db:"restored" json:"restored"` // what refunds of the order gave back
	State     UseState     `db:"state" json:"state"`
	LockedAt  time.Time    `db:"locked_at" json:"lockedAt"`
	SpentAt   time.Time    `db:"spent_at" json:"-"`
	EndedAt   time.Time    `db:"ended_at" json:"-"`
}

const sqlTake = `update voucher_campaigns set claimed = claimed + 1, state = case when claimed + 1 >= total then 'ENDED' else state end,
ended_at = case when claimed + 1 >= total then $1 else ended_at end, version = version + 1
where id = $2 and state = 'PUBLISHED' and kind = 'activity' and claim_from <= $1 and claim_until > $1 and claimed < total`
const sqlHas = `select count(*) from voucher_holdings where campaign_id = $1 and account_id = $2`

// Claim gives the account one voucher of an activity campaign. The campaign's counter is moved
// by a guarded update first, so that the last voucher goes to one of those who want it and an
// account's own claims are counted one after the other. "voucher.not_found" for a campaign
// that was never published; "voucher.not_open", "voucher.all_claimed", "voucher.claimed_enough"
// (Conflict).
func Claim(ctx context.Context, tx *db.Tx, campaignID, accountID, userID string) (Held, error) {
	n, err := db.Exec(ctx, tx, sqlTake, tx.Now, campaignID)
	if err != nil {
		return Held{}, err
	}
	c, err := Find(ctx, tx, campaignID, Anybody)
	if err != nil {
		return Held{}, err
	}
	if n == 0 {
		return Held{}, c.closed()
	}
	has, err := db.One[int](ctx, tx, sqlHas, c.ID, accountID)
	if err != nil {
		return Held{}, err
	}
	if has >= c.PerAccount {
		return Held{}, errs.Conflictf("voucher.claimed_enough", "max", c.PerAccount)
	}
	h := c.voucher(accountID, userID, has+1, tx.Now)
	if err := db.Insert(ctx, tx, "voucher_holdings", h); err != nil {
		return Held{}, err
	}
	return Held{Holding: h, Terms: c.Terms}, audit.Record(ctx, tx, audit.Entry{Action: "voucher.claim", Object: "voucher", ObjectID: h.ID, AccountID: accountID,
		Detail: map[string]any{"campaign": c.ID, "face": h.Face}})
}

// closed is why nothing can be claimed of a campaign.
func (c Campaign) closed() error {
	switch {
	case c.State == Draft || c.Kind != Activity:
		return errs.NotFoundf("voucher.not_found")
	case c.Claimed >= c.Total:
		return errs.Conflictf("voucher.all_claimed", "state", c.State, "left", 0)
	}
	return errs.Conflictf("voucher.not_open", "state", c.State)
}

const heldColumns = `h.id, h.campaign_id, h.account_id, h.user_id, h.number, h.state, h.face, h.balance, h.locked, h.used, h.valid_from, h.valid_until, h.claimed_at,
c.issuer, c.seller_id, c.kind, c.name, c.threshold, c.modes, c.all_products, c.no_promotion, c.no_special, c.seller_share, c.currency`
const sqlHeld = `select ` + heldColumns + ` from voucher_holdings h join voucher_campaigns c on c.id = h.campaign_id where h.id = $1 and h.account_id = $2`
const sqlScope = `select campaign_id, product_id, spec_id from voucher_scope where campaign_id = $1 order by product_id, spec_id`
const sqlHoldVoucher = `update voucher_holdings set number = number where id = $1 and account_id = $2`

// ScopeOf lists what a campaign is for.
func ScopeOf(ctx context.Context, q db.Querier, campaignID string) ([]Scope, error) {
	return db.List[Scope](ctx, q, sqlScope, campaignID)
}

// Own reads a voucher of an account; "voucher.none_such".
func Own(ctx context.Context, q db.Querier, holdingID, accountID string) (Held, error) {
	h, ok, err := db.Maybe[Held](ctx, q, sqlHeld, holdingID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("voucher.none_such")
	}
	if err != nil {
		return h, err
	}
	h.Scope, err = ScopeOf(ctx, q, h.CampaignID)
	return h, err
}

// Usable is nil while something of the voucher may be used: "voucher.not_yet_valid",
// "voucher.lapsed", "voucher.nothing_left" (Conflict).
func (h Held) Usable(now time.Time) error {
	switch {
	case now.Before(h.ValidFrom):
		return errs.Conflictf("voucher.not_yet_valid", "state", h.State)
	case !now.Before(h.ValidUntil):
		return errs.Conflictf("voucher.lapsed", "state", h.State)
	case h.Balance == 0:
		return errs.Conflictf("voucher.nothing_left", "state", h.State)
	}
	return nil
}

// Choose locks what an order takes of a voucher of its account. Uses of one voucher wait for
// each other, and each takes what the one before has left. Errors of Own, Usable and Terms.Fit;
// "voucher.order_has_one" (Conflict).
func Choose(ctx context.Context, tx *db.Tx, holdingID, accountID, orderID string, lines []Line) (Held, Cover, error) {
	if _, err := db.Exec(ctx, tx, sqlHoldVoucher, holdingID, accountID); err != nil {
		return Held{}, Cover{}, err
	}
	h, err := Own(ctx, tx, holdingID, accountID)
	if err != nil {
		return h, Cover{}, err
	}
	if err := h.Usable(tx.Now); err != nil {
		return h, Cover{}, err
	}
	cover, err := h.Fit(h.Scope, lines, h.Balance)
	if err != nil {
		return h, cover, err
	}
	u := Use{ID: id.New("vus"), HoldingID: h.ID, OrderID: orderID, AccountID: accountID, Amount: cover.Amount, State: UseLocked, LockedAt: tx.Now}
	fresh, err := db.InsertIfAbsent(ctx, tx, "voucher_uses", u)
	if err == nil && !fresh {
		err = errs.Conflictf("voucher.order_has_one")
	}
	if err != nil {
		return h, cover, err
	}
	return h, cover, shift(ctx, tx, h.ID, -cover.Amount, cover.Amount, 0)
}

const sqlShift = `update voucher_holdings set balance = balance + $1, locked = locked + $2, used = used + $3,
state = case when locked + $2 > 0 then 'LOCKED' when balance + $1 = 0 then 'USED' when valid_until <= $4 then 'LAPSED' else 'CLAIMED' end
where id = $5 and balance + $1 >= 0 and locked + $2 >= 0 and used + $3 >= 0`

// shift moves amounts of a voucher between balance, locked and used, and its state with them.
func shift(ctx context.Context, tx *db.Tx, holdingID string, balance, locked, used money.Amount) error {
	n, err := db.Exec(ctx, tx, sqlShift, balance, locked, used, tx.Now, holdingID)
	if err == nil && n == 0 {
		err = errs.Conflictf("voucher.nothing_left")
	}
	return err
}

const sqlRelease = `update voucher_uses set state = 'released', ended_at = $1 where order_id = $2 and state = 'locked' and state <> 'released' returning ` + useColumns
const useColumns = `id, holding_id, order_id, account_id, amount, restored, state, locked_at, spent_at, ended_at`

// Release frees what an order had locked, because it ended unpaid or another choice was made;
// an order without a locked voucher changes nothing.
func Release(ctx context.Context, tx *db.Tx, orderID string) error {
	u, ok, err := db.Maybe[Use](ctx, tx, sqlRelease, tx.Now, orderID)
	if err != nil || !ok {
		return err
	}
	return shift(ctx, tx, u.HoldingID, u.Amount, -u.Amount, 0)
}

const sqlSpend = `update voucher_uses set state = 'spent', spent_at = $1 where order_id = $2 and state = 'locked' and state <> 'released' returning ` + useColumns

// Spend ends the lock of an order that is being paid: the amount is used. A lock holds to the
// end of its order, even when the voucher's validity ends meanwhile. An order without one is
// "voucher.not_locked" (Conflict).
func Spend(ctx context.Context, tx *db.Tx, orderID string) error {
	u, ok, err := db.Maybe[Use](ctx, tx, sqlSpend, tx.Now, orderID)
	if err == nil && !ok {
		err = errs.Conflictf("voucher.not_locked")
	}
	if err != nil {
		return err
	}
	return shift(ctx, tx, u.HoldingID, 0, -u.Amount, u.Amount)
}

const sqlRestore = `update voucher_uses set restored = restored + $1, ended_at = $2 where order_id = $3 and state = 'spent' and state <> 'released' and restored + $1 <= amount returning ` + useColumns

// Restore gives back what a refund of an order returns to its voucher, with the old validity:
// after its end the voucher is LAPSED. More than was used is "voucher.over_restored" (Conflict).
func Restore(ctx context.Context, tx *db.Tx, orderID string, amount money.Amount) error {
	if amount == 0 {
		return nil
	}
	u, ok, err := db.Maybe[Use](ctx, tx, sqlRestore, amount, tx.Now, orderID)
	if err == nil && !ok {
		err = errs.Conflictf("voucher.over_restored")
	}
	if err != nil {
		return err
	}
	return shift(ctx, tx, u.HoldingID, amount, 0, -amount)
}

const sqlLapse = `update voucher_holdings set state = 'LAPSED' where id in (
select id from voucher_holdings where state = 'CLAIMED' and valid_until <= $1 order by valid_until limit 500)`
const sqlEnd = `update voucher_campaigns set state = 'ENDED', ended_at = $1, version = version + 1 where id in (
select id from voucher_campaigns where state = 'PUBLISHED' and claim_until <= $1 order by claim_until limit 500) and state = 'PUBLISHED'`

// EndDue lapses vouchers whose validity is over and ends campaigns whose window is, a batch of
// each; it tells whether more may be due. A periodic job calls it.
func EndDue(ctx context.Context, tx *db.Tx) (more bool, err error) {
	lapsed, err := db.Exec(ctx, tx, sqlLapse, tx.Now)
	if err != nil {
		return false, err
	}
	ended, err := db.Exec(ctx, tx, sqlEnd, tx.Now)
	return lapsed == 500 || ended == 500, err
}
