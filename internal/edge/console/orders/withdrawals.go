package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/payment"
)

type withdrawalView struct {
	ID          string                  `json:"id"`
	Number      string                  `json:"number"`
	AccountID   string                  `json:"accountId"`
	AccountName string                  `json:"accountName"`
	Amount      money.Amount            `json:"amount"`
	Currency    string                  `json:"currency"`
	State       payment.WithdrawalState `json:"state" enum:"requested,paid,rejected,canceled"`
	Payer       string                  `json:"payer" doc:"Holder of the bank account: a payer of confirmed top-ups"`
	Bank        string                  `json:"bank"`
	BankTail    string                  `json:"bankTail" doc:"Last four characters of the bank account's number"`
	Note        string                  `json:"note"`
	Reference   string                  `json:"reference" doc:"The bank's number of the transfer made"`
	Reason      string                  `json:"reason" doc:"Of a rejection"`
	CreatedAt   time.Time               `json:"createdAt"`
	DecidedAt   *time.Time              `json:"decidedAt,omitempty"`
}

func withdrawalOf(r payment.WithdrawalRow) withdrawalView {
	return withdrawalView{ID: r.ID, Number: r.Number, AccountID: r.AccountID, AccountName: r.AccountName, Amount: r.Amount, Currency: r.Currency,
		State: r.State, Payer: r.Payer, Bank: r.Bank, BankTail: r.BankTail, Note: r.Note, Reference: r.Reference, Reason: r.Reason,
		CreatedAt: r.CreatedAt, DecidedAt: at(r.DecidedAt)}
}

func bareWithdrawal(w payment.Withdrawal) withdrawalView {
	return withdrawalOf(payment.WithdrawalRow{Withdrawal: w})
}

type payerView struct {
	Name string       `json:"name"`
	Left money.Amount `json:"left" doc:"What this payer paid in and has not got back"`
}

type payersView struct {
	Payers []payerView `json:"payers"`
}

type bankNumberView struct {
	BankAccount string `json:"bankAccount"`
}

type withdrawalFilter struct {
	console.ListInput
	State string `query:"state" required:"false"`
	Q     string `query:"q" required:"false" doc:"Number, the bank's reference, or a part of the payer's or account's name"`
}

type withdrawalID struct {
	ID string `path:"id"`
}

func registerWithdrawals(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/withdrawals", ID: "list-withdrawals", Tag: "Balance", Need: access.BalanceRead, Summary: "List my withdrawals"},
		func(ctx context.Context, in *withdrawalFilter) (page.Page[withdrawalView], error) {
			p, err := d.Trade.Withdrawals.OfAccount(ctx, c.DB, console.CallerFrom(ctx).AccountID, payment.WithdrawalState(in.State), in.Q, in.Page())
			return page.Map(p, withdrawalOf), err
		})
	console.Read(c, console.Op{Path: "/withdrawals/payers", ID: "list-withdrawal-payers", Tag: "Balance", Need: access.BalanceWithdraw, Summary: "To whom balance may go back"},
		func(ctx context.Context, _ *struct{}) (payersView, error) {
			rows, err := payment.Payers(ctx, c.DB, console.CallerFrom(ctx).AccountID)
			out := payersView{Payers: []payerView{}}
			for _, r := range rows {
				out.Payers = append(out.Payers, payerView{Name: r.Name, Left: r.Left()})
			}
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/withdrawals", ID: "request-withdrawal", Tag: "Balance", Need: access.BalanceWithdraw, Money: true, Recent: true, Status: 201,
		Summary: "Ask for balance to be paid out to a payer's bank account"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Amount      money.Amount `json:"amount" doc:"Text with at most two decimals"`
				Payer       string       `json:"payer" doc:"One of the payers"`
				Bank        string       `json:"bank"`
				BankAccount string       `json:"bankAccount"`
				Note        string       `json:"note" required:"false"`
			}
		}) (withdrawalView, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return withdrawalView{}, err
			}
			b := buyerOf(ctx)
			w, err := d.Trade.Withdrawals.Request(ctx, tx, payment.WithdrawalRequest{AccountID: b.AccountID, UserID: b.UserID, Currency: site.Currency,
				Amount: in.Body.Amount, Payer: in.Body.Payer, Bank: in.Body.Bank, BankNo: in.Body.BankAccount, Note: in.Body.Note})
			return bareWithdrawal(w), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/withdrawals/{id}/cancel", ID: "cancel-withdrawal", Tag: "Balance", Need: access.BalanceWithdraw, Money: true,
		Summary: "Take a request back; the amount returns to the balance"},
		func(ctx context.Context, tx *db.Tx, in *withdrawalID) (withdrawalView, error) {
			w, err := d.Trade.Withdrawals.Cancel(ctx, tx, in.ID, console.CallerFrom(ctx).AccountID)
			return bareWithdrawal(w), err
		})
	console.Read(c, console.Op{Path: "/operator/withdrawals", ID: "list-operator-withdrawals", Tag: "Operating", Need: access.WithdrawalPay, Summary: "List withdrawals"},
		func(ctx context.Context, in *withdrawalFilter) (page.Page[withdrawalView], error) {
			p, err := d.Trade.Withdrawals.All(ctx, c.DB, payment.WithdrawalState(in.State), in.Q, in.Page())
			return page.Map(p, withdrawalOf), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/withdrawals/{id}/reveal", ID: "reveal-withdrawal-account", Tag: "Operating", Need: access.WithdrawalPay, Secret: true,
		Summary: "Show the whole number of the bank account; the look is audited"},
		func(ctx context.Context, tx *db.Tx, in *withdrawalID) (bankNumberView, error) {
			_, number, err := d.Trade.Withdrawals.BankNumber(ctx, tx, in.ID)
			return bankNumberView{number}, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/withdrawals/{id}/pay-out", ID: "pay-out-withdrawal", Tag: "Operating", Need: access.WithdrawalPay, Money: true, Recent: true,
		Summary: "The money has been transferred"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Reference string `json:"reference" doc:"The bank's number of the transfer"`
			}
		}) (withdrawalView, error) {
			w, err := d.Trade.PayOutWithdrawal(ctx, tx, in.ID, in.Body.Reference)
			return bareWithdrawal(w), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/withdrawals/{id}/reject", ID: "reject-withdrawal", Tag: "Operating", Need: access.WithdrawalPay, Money: true,
		Summary: "Give the amount back to the balance"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Reason string `json:"reason" doc:"Shown to the buyer"`
			}
		}) (withdrawalView, error) {
			w, err := d.Trade.RejectWithdrawal(ctx, tx, in.ID, in.Body.Reason)
			return bareWithdrawal(w), err
		})
}
