package trade

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
)

// BuyerWork is what a buyer's home page shows: what needs him, and where he stands.
type BuyerWork struct {
	RealName     string       `db:"real_name_state" json:"realNameState"`
	Unpaid       int          `db:"unpaid" json:"unpaidOrders"`
	UnpaidUntil  time.Time    `db:"unpaid_until" json:"-"` // nearest deadline
	UnpaidAmount money.Amount `db:"unpaid_amount" json:"unpaidAmount"`
	Reviews      int          `db:"reviews" json:"reviews"`            // orders that wait for an approver
	ToConfirm    int          `db:"to_confirm" json:"pricesToConfirm"` // orders whose price an operator has adjusted
	Delivering   int          `db:"delivering" json:"deliveringOrders"`
	Active       int          `db:"active" json:"activeInstances"`
	Expiring     int          `db:"expiring" json:"expiringInstances"` // within 30 days
	TopUps       int          `db:"topups" json:"pendingTopUps"`
}

const sqlBuyerWork = `select a.real_name_state,
(select count(*) from orders where account_id = a.id and state = 'PENDING_PAYMENT') as unpaid,
(select min(deadline) from orders where account_id = a.id and state = 'PENDING_PAYMENT') as unpaid_until,
(select coalesce(sum(due_amount), 0) from orders where account_id = a.id and state = 'PENDING_PAYMENT') as unpaid_amount,
(select count(*) from orders where account_id = a.id and state = 'PENDING_REVIEW') as reviews,
(select count(*) from orders where account_id = a.id and state = 'PENDING_CONFIRM') as to_confirm,
(select count(*) from orders where account_id = a.id and state in ('PROCESSING', 'REFUNDING')) as delivering,
(select count(*) from instances where account_id = a.id and state = 'ACTIVE') as active,
(select count(*) from instances where account_id = a.id and state = 'ACTIVE' and expires_at < $1) as expiring,
(select count(*) from topups where account_id = a.id and state = 'pending') as topups
from accounts a where a.id = $2`

// BuyerHome reads it for an account.
func BuyerHome(ctx context.Context, q db.Querier, accountID string, now time.Time) (BuyerWork, error) {
	return db.One[BuyerWork](ctx, q, sqlBuyerWork, now.AddDate(0, 0, 30), accountID)
}

// OperatorWork counts what waits for operators.
type OperatorWork struct {
	SellerApplications  int       `db:"seller_applications" json:"sellerApplications"`
	ProductApplications int       `db:"product_applications" json:"productApplications"`
	RealNames           int       `db:"real_names" json:"realNames"`
	TopUps              int       `db:"topups" json:"topUps"`
	FailedCalls         int       `db:"failed_calls" json:"failedCalls"` // within 7 days
	RetryingCalls       int       `db:"retrying_calls" json:"retryingCalls"`
	DeadJobs            int       `db:"dead_jobs" json:"deadJobs"`
	ProbeTasks          int       `db:"probe_tasks" json:"probeTasks"` // decisions about failing products
	Refunds             int       `db:"refunds" json:"refunds"`
	Withdrawals         int       `db:"withdrawals" json:"withdrawals"`
	Receipts            int       `db:"receipts" json:"receipts"` // bank transfers that belong to nobody yet
	Offers              int       `db:"offers" json:"offers"`     // exclusive offers to review
	OldestSeller        time.Time `db:"oldest_seller" json:"-"`
	OldestTopUp         time.Time `db:"oldest_topup" json:"-"`
	Accounts            int       `db:"accounts" json:"accounts"`
	Sellers             int       `db:"sellers" json:"sellers"`
	Products            int       `db:"products" json:"products"`
}

const sqlOperatorWork = `select
(select count(*) from seller_applications where state = 'reviewing') as seller_applications,
(select count(*) from product_applications where state = 'reviewing') as product_applications,
(select count(*) from accounts where real_name_state = 'pending') as real_names,
(select count(*) from topups where state = 'pending') as topups,
(select count(*) from fulfillment_calls where state = 'failed' and purpose not in ('view', 'ask', 'check') and done_at > $1) as failed_calls,
(select count(*) from fulfillment_calls where state in ('waiting', 'calling', 'retrying') and state = 'retrying') as retrying_calls,
(select count(*) from jobs where state = 'dead') as dead_jobs,
(select count(*) from probe_tasks where state in ('open', 'confirmed') and state = 'open') as probe_tasks,
(select count(*) from refunds where state = 'requested' and main_id = '') as refunds,
(select count(*) from withdrawals where state = 'requested') as withdrawals,
(select count(*) from bank_receipts where state = 'unmatched') as receipts,
(select count(*) from discounts where state in ('EFFECTIVE', 'REVIEWING') and state = 'REVIEWING') as offers,
(select min(submitted_at) from seller_applications where state = 'reviewing') as oldest_seller,
(select min(created_at) from topups where state = 'pending') as oldest_topup,
(select count(*) from accounts) as accounts,
(select count(*) from sellers where state = 'active') as sellers,
(select count(*) from products where state in ('on_sale', 'hidden')) as products`

// OperatorHome reads it.
func OperatorHome(ctx context.Context, q db.Querier, now time.Time) (OperatorWork, error) {
	return db.One[OperatorWork](ctx, q, sqlOperatorWork, now.AddDate(0, 0, -7))
}
