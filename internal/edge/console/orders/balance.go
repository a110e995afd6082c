package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/ledger"
	"jishi/internal/market/payment"
)

type balanceView struct {
	Balance  money.Amount  `json:"balance"`
	Pending  money.Amount  `json:"pending" doc:"Announced transfers that are not confirmed yet"`
	Currency string        `json:"currency"`
	Bank     settings.Bank `json:"bank" doc:"Where to transfer money to"`
}

const sqlPendingSum = `select coalesce(sum(amount), 0) from topups where account_id = $1 and state = 'pending'`

func registerBalance(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/balance", ID: "get-balance", Tag: "Balance", Need: access.BalanceRead, Summary: "Show the account's balance"},
		func(ctx context.Context, _ *struct{}) (balanceView, error) {
			account := console.CallerFrom(ctx).AccountID
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return balanceView{}, err
			}
			v := balanceView{Currency: site.Currency, Bank: site.TopUpBank}
			if v.Balance, err = ledger.Balance(ctx, c.DB, ledger.BuyerBalance(account)); err != nil {
				return v, err
			}
			v.Pending, err = db.One[money.Amount](ctx, c.DB, sqlPendingSum, account)
			return v, err
		})
}

type topUpView struct {
	ID          string             `json:"id"`
	Number      string             `json:"number" doc:"To be written on the transfer"`
	AccountID   string             `json:"accountId"`
	AccountName string             `json:"accountName"`
	Amount      money.Amount       `json:"amount"`
	Currency    string             `json:"currency"`
	State       payment.TopUpState `json:"state"`
	Payer       string             `json:"payer"`
	Reference   string             `json:"reference"`
	Note        string             `json:"note"`
	Reason      string             `json:"reason" doc:"Of a rejection; the bank's reference of a confirmation"`
	CreatedAt   time.Time          `json:"createdAt"`
	DecidedAt   *time.Time         `json:"decidedAt,omitempty"`
}

func topUpOf(r payment.TopUpRow) topUpView {
	return topUpView{ID: r.ID, Number: r.Number, AccountID: r.AccountID, AccountName: r.AccountName, Amount: r.Amount, Currency: r.Currency,
		State: r.State, Payer: r.Payer, Reference: r.Reference, Note: r.Note, Reason: r.Reason, CreatedAt: r.CreatedAt, DecidedAt: at(r.DecidedAt)}
}

type topUpFilter struct {
	console.ListInput
	State string `query:"state" required:"false"`
	Q     string `query:"q" required:"false" doc:"Number, reference, or a part of the payer's or account's name"`
}

type topUpID struct {
	ID string `path:"id"`
}

func registerTopUps(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/topups", ID: "list-topups", Tag: "Balance", Need: access.BalanceRead, Summary: "List my top-ups"},
		func(ctx context.Context, in *topUpFilter) (page.Page[topUpView], error) {
			p, err := payment.TopUps(ctx, c.DB, payment.Scope{AccountID: console.CallerFrom(ctx).AccountID}, payment.TopUpState(in.State), in.Q, in.Page())
			return page.Map(p, topUpOf), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/topups", ID: "request-topup", Tag: "Balance", Need: access.BalanceTopUp, Money: true, Status: 201,
		Summary: "Announce a bank transfer"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Amount    money.Amount `json:"amount" doc:"Text with at most two decimals"`
				Payer     string       `json:"payer" doc:"Name of the paying bank account"`
				Reference string       `json:"reference" required:"false"`
				Note      string       `json:"note" required:"false"`
			}
		}) (topUpView, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return topUpView{}, err
			}
			b := buyerOf(ctx)
			t, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: b.AccountID, UserID: b.UserID, Currency: site.Currency,
				Amount: in.Body.Amount, Payer: in.Body.Payer, Reference: in.Body.Reference, Note: in.Body.Note})
			return topUpOf(payment.TopUpRow{TopUp: t}), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/topups/{id}/cancel", ID: "cancel-topup", Tag: "Balance", Need: access.BalanceTopUp, Summary: "Withdraw an announcement"},
		func(ctx context.Context, tx *db.Tx, in *topUpID) (topUpView, error) {
			t, err := payment.CancelTopUp(ctx, tx, in.ID, console.CallerFrom(ctx).AccountID)
			return topUpOf(payment.TopUpRow{TopUp: t}), err
		})
	console.Read(c, console.Op{Path: "/operator/topups", ID: "list-operator-topups", Tag: "Operating", Need: access.TopUpConfirm, Summary: "List top-ups"},
		func(ctx context.Context, in *topUpFilter) (page.Page[topUpView], error) {
			p, err := payment.TopUps(ctx, c.DB, payment.Everybody, payment.TopUpState(in.State), in.Q, in.Page())
			return page.Map(p, topUpOf), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/topups/{id}/confirm", ID: "confirm-topup", Tag: "Operating", Need: access.TopUpConfirm, Money: true,
		Summary: "The money has arrived: credit the balance; above the site's limit the person must have been proven lately"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Reference string `json:"reference" required:"false" doc:"The bank's number of the transfer"`
			}
		}) (topUpView, error) {
			if err := d.mayConfirm(ctx, tx, in.ID); err != nil {
				return topUpView{}, err
			}
			t, err := payment.ConfirmTopUp(ctx, tx, in.ID, in.Body.Reference)
			return topUpOf(payment.TopUpRow{TopUp: t}), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/topups/{id}/reject", ID: "reject-topup", Tag: "Operating", Need: access.TopUpConfirm,
		Summary: "The money has not arrived"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Reason string `json:"reason"`
			}
		}) (topUpView, error) {
			t, err := payment.RejectTopUp(ctx, tx, in.ID, in.Body.Reason)
			return topUpOf(payment.TopUpRow{TopUp: t}), err
		})
}

// mayConfirm wants the operator proven again for an amount above the site's limit.
func (d Deps) mayConfirm(ctx context.Context, q db.Querier, topUpID string) error {
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return err
	}
	t, err := payment.FindTopUp(ctx, q, topUpID, "")
	if err != nil {
		return err
	}
	return console.RequireRecentAbove(ctx, t.Amount, site.Security.AmountLimit)
}
