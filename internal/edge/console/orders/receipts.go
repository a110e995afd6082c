package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/payment"
)

type receivingView struct {
	Bank settings.Bank `json:"bank" doc:"Where to transfer money to"`
	Code string        `json:"code" doc:"The account's own code: on the transfer it names whose money it is"`
}

// ReceiptView is an incoming transfer, for finance.
type ReceiptView struct {
	ID            string               `json:"id"`
	StatementID   string               `json:"statementId" doc:"Empty: entered by hand"`
	Line          int                  `json:"line" doc:"Of the statement's file"`
	BankReference string               `json:"bankReference"`
	BookedOn      string               `json:"bookedOn" doc:"Day, as the bank says"`
	Amount        money.Amount         `json:"amount"`
	Currency      string               `json:"currency"`
	Payer         string               `json:"payer"`
	Remark        string               `json:"remark"`
	State         payment.ReceiptState `json:"state" enum:"unmatched,credited,returned,linked"`
	AccountID     string               `json:"accountId"`
	AccountName   string               `json:"accountName"`
	TopUpID       string               `json:"topUpId"`
	TopUpNumber   string               `json:"topUpNumber"`
	Rule          string               `json:"rule" doc:"code, number, payer or hand"`
	ThirdParty    bool                 `json:"thirdParty" doc:"The payer is not the account"`
	Reason        string               `json:"reason"`
	CreatedAt     time.Time            `json:"createdAt"`
	DecidedAt     *time.Time           `json:"decidedAt,omitempty"`
}

func receiptOf(r payment.ReceiptRow) ReceiptView {
	return ReceiptView{ID: r.ID, StatementID: r.StatementID, Line: r.Line, BankReference: r.BankReference, BookedOn: r.BookedOn, Amount: r.Amount, Currency: r.Currency,
		Payer: r.Payer, Remark: r.Remark, State: r.State, AccountID: r.AccountID, AccountName: r.AccountName, TopUpID: r.TopUpID, TopUpNumber: r.TopUpNumber,
		Rule: r.Rule, ThirdParty: r.ThirdParty, Reason: r.Reason, CreatedAt: r.CreatedAt, DecidedAt: at(r.DecidedAt)}
}

type candidateView struct {
	AccountID   string `json:"accountId"`
	AccountName string `json:"accountName"`
	TopUpID     string `json:"topUpId" doc:"The announcement that it fulfils"`
	TopUpNumber string `json:"topUpNumber"`
	Rule        string `json:"rule" doc:"code, number, payer, name; already: it looks like this top-up, which was confirmed by hand"`
	ThirdParty  bool   `json:"thirdParty" doc:"The payer is somebody else, and no agreement is known"`
}

type receiptDetail struct {
	ReceiptView
	Candidates []candidateView `json:"candidates" doc:"The surest first; of an unmatched receipt"`
	Exact      bool            `json:"exact" doc:"The first one is certain"`
}

type importFault struct {
	Line    int    `json:"line" doc:"Of the file, from 1"`
	Message string `json:"message"`
}

type importView struct {
	StatementID string        `json:"statementId"`
	Taken       int           `json:"taken"`
	Credited    int           `json:"credited" doc:"Of those taken, by themselves"`
	Known       int           `json:"known" doc:"Imported before"`
	Outgoing    int           `json:"outgoing" doc:"Left out: no incoming money"`
	Faults      []importFault `json:"faults"`
}

func faultsOf(l i18n.Lang, list []payment.Fault) []importFault {
	out := []importFault{}
	for _, f := range list {
		text := i18n.Message(l, f.Code, f.Args)
		if name := "payment.field." + f.Field; f.Field != "" && i18n.Has(name) {
			text = i18n.Message(l, name, nil) + ": " + text
		}
		out = append(out, importFault{f.Line, text})
	}
	return out
}

type receiptID struct {
	ID string `path:"id" doc:"Receipt"`
}

func registerReceipts(c *console.Console, d Deps) {
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/balance/receiving", ID: "get-receiving-details", Tag: "Balance", Need: access.BalanceTopUp,
		Summary: "Where to transfer money to, with the account's own receiving code, which is drawn when it is first asked for"},
		func(ctx context.Context, _ *struct{}) (v receivingView, err error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return v, err
			}
			v.Bank = site.TopUpBank
			err = c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
				v.Code, err = payment.ReceivingCode(ctx, tx, console.CallerFrom(ctx).AccountID)
				return err
			})
			return v, err
		})
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: "/operator/receipts" + path, ID: id, Tag: "Operating", Need: access.TopUpConfirm, Summary: summary}
	}
	console.Read(c, op("", "", "list-receipts", "List incoming bank transfers"),
		func(ctx context.Context, in *struct {
			console.ListInput
			State       string `query:"state" required:"false"`
			StatementID string `query:"statementId" required:"false"`
			Q           string `query:"q" required:"false" doc:"Bank reference, top-up number, or a part of payer, remark or account"`
		}) (page.Page[ReceiptView], error) {
			p, err := payment.Receipts(ctx, c.DB, payment.ReceiptFilter{State: in.State, StatementID: in.StatementID, Text: in.Q}, in.Page())
			return page.Map(p, receiptOf), err
		})
	console.Read(c, op("", "/{id}", "get-receipt", "Show an incoming transfer with the accounts to which it may belong"),
		func(ctx context.Context, in *receiptID) (out receiptDetail, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = receipt(ctx, q, c.DB.Now(), in.ID)
				return err
			})
			return out, err
		})
	console.Act(c, op(http.MethodPost, "/import", "import-statement", "Take the incoming transfers of a bank's statement; lines that were imported before are passed over, faulty ones reported by number"),
		func(ctx context.Context, in *struct {
			Body struct {
				Name    string `json:"name" doc:"Of the file"`
				Text    string `json:"text" doc:"CSV"`
				Columns struct {
					Date      string `json:"date"`
					Amount    string `json:"amount" doc:"Of incoming money"`
					Payer     string `json:"payer"`
					Reference string `json:"reference" doc:"The bank's own number of the transfer"`
					Remark    string `json:"remark" required:"false"`
				} `json:"columns" doc:"Heads of the columns"`
			}
		}) (importView, error) {
			b := in.Body
			m, err := d.Trade.ImportStatement(ctx, b.Name, b.Text, payment.Columns(b.Columns))
			return importView{m.StatementID, m.Taken, m.Credited, m.Known, m.Outgoing, faultsOf(console.LangFrom(ctx), m.Faults)}, err
		})
	enter := op(http.MethodPost, "", "enter-receipt", "Enter an incoming transfer by hand")
	enter.Money, enter.Status = true, 201
	console.Write(c, enter, func(ctx context.Context, tx *db.Tx, in *struct {
		Body struct {
			BankReference string       `json:"bankReference"`
			BookedOn      string       `json:"bookedOn" doc:"2006-01-02"`
			Amount        money.Amount `json:"amount"`
			Payer         string       `json:"payer"`
			Remark        string       `json:"remark" required:"false"`
		}
	}) (receiptDetail, error) {
		b := in.Body
		r, fresh, err := d.Trade.TakeReceipt(ctx, tx, payment.Incoming{BankReference: b.BankReference, BookedOn: b.BookedOn, Amount: b.Amount, Payer: b.Payer, Remark: b.Remark})
		if err == nil && !fresh {
			err = errs.Conflictf("payment.receipt_known", "reference", r.BankReference)
		}
		if err != nil {
			return receiptDetail{}, err
		}
		return receipt(ctx, tx, tx.Now, r.ID)
	})
	credit := op(http.MethodPost, "/{id}/credit", "credit-receipt", "Credit a transfer to an account's balance, with a reason; a payer who is not the account needs an agreement; above the site's limit the person must have been proven lately")
	credit.Money = true
	console.Write(c, credit, func(ctx context.Context, tx *db.Tx, in *struct {
		ID   string `path:"id"`
		Body struct {
			AccountID string `json:"accountId"`
			TopUpID   string `json:"topUpId" required:"false" doc:"The announcement that it fulfils"`
			Reason    string `json:"reason"`
			Agreement bool   `json:"agreement" required:"false" doc:"The agreement with the paying third party was seen"`
		}
	}) (receiptDetail, error) {
		site, err := d.Settings.Site(ctx)
		if err != nil {
			return receiptDetail{}, err
		}
		r, err := payment.FindReceipt(ctx, tx, in.ID)
		if err == nil {
			err = console.RequireRecentAbove(ctx, r.Amount, site.Security.AmountLimit)
		}
		if err == nil {
			_, err = d.Trade.CreditReceipt(ctx, tx, in.ID, payment.Assignment{AccountID: in.Body.AccountID, TopUpID: in.Body.TopUpID, Rule: payment.RuleHand,
				Reason: in.Body.Reason, Agreement: in.Body.Agreement})
		}
		if err != nil {
			return receiptDetail{}, err
		}
		return receipt(ctx, tx, tx.Now, in.ID)
	})
	back := op(http.MethodPost, "/{id}/return", "return-receipt", "Note that money which belongs to nobody here was sent back")
	back.Money = true
	console.Write(c, back, func(ctx context.Context, tx *db.Tx, in *struct {
		ID   string `path:"id"`
		Body struct {
			Reference string `json:"reference" doc:"The bank's number of the return"`
			Reason    string `json:"reason"`
		}
	}) (receiptDetail, error) {
		if _, err := payment.ReturnReceipt(ctx, tx, in.ID, in.Body.Reference, in.Body.Reason); err != nil {
			return receiptDetail{}, err
		}
		return receipt(ctx, tx, tx.Now, in.ID)
	})
	link := op(http.MethodPost, "/{id}/link", "link-receipt", "Tie a transfer to the top-up that was confirmed by hand before; nothing is credited again")
	link.Money = true
	console.Write(c, link, func(ctx context.Context, tx *db.Tx, in *struct {
		ID   string `path:"id"`
		Body struct {
			TopUpID string `json:"topUpId"`
			Reason  string `json:"reason"`
		}
	}) (receiptDetail, error) {
		if _, err := payment.LinkReceipt(ctx, tx, in.ID, in.Body.TopUpID, in.Body.Reason); err != nil {
			return receiptDetail{}, err
		}
		return receipt(ctx, tx, tx.Now, in.ID)
	})
}

func receipt(ctx context.Context, q db.Querier, now time.Time, id string) (receiptDetail, error) {
	p, err := payment.Receipts(ctx, q, payment.ReceiptFilter{ID: id}, page.Query{Limit: 1})
	if err == nil && len(p.Items) == 0 {
		err = errs.NotFoundf("payment.receipt_not_found")
	}
	if err != nil {
		return receiptDetail{}, err
	}
	out := receiptDetail{ReceiptView: receiptOf(p.Items[0]), Candidates: []candidateView{}}
	if out.State != payment.Unmatched {
		return out, nil
	}
	list, exact, err := payment.Candidates(ctx, q, p.Items[0].Receipt, now)
	for _, x := range list {
		out.Candidates = append(out.Candidates, candidateView(x))
	}
	out.Exact = exact
	return out, err
}
