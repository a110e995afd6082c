package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/ledger"
	"jishi/internal/trade"
)

// AsOf is the instant that a balance is asked for.
type AsOf struct {
	At time.Time `query:"at" required:"false" doc:"As of this instant: entries before it; without it all of them"`
}

type trialBalance struct {
	Rows     []ledger.Trial `json:"rows"`
	Currency string         `json:"currency"`
}

type bookFilter struct {
	console.ListInput
	AsOf
	Purpose string `query:"purpose" required:"false" enum:"buyer,payable,held,bank,revenue,psp,voucher,tax,clearing" doc:"The first part of the account's name"`
	Q       string `query:"q" required:"false" doc:"A part of the party's name, an order's or withdrawal's number, or the account's name"`
	Open    bool   `query:"open" required:"false" doc:"Only accounts with a balance"`
}

// AccountPath names an account of the book.
type AccountPath struct {
	Account string `path:"account" doc:"Name of the account, as in buyer:acc_…:balance"`
}

type bookAccountView struct {
	trade.BookAccount
	Currency string `json:"currency"`
}

type postingView struct {
	ledger.Entry
	CauseKind string `json:"causeKind" enum:"order,topup,withdrawal,online,channel_refund,bank"`
}

type journalBrief struct {
	ledger.Brief
	CauseKind string `json:"causeKind" enum:"order,topup,withdrawal,online,channel_refund,bank"`
}

type journalView struct {
	ledger.Posted
	CauseKind string              `json:"causeKind" enum:"order,topup,withdrawal,online,channel_refund,bank"`
	Accounts  []trade.BookAccount `json:"accounts" doc:"The accounts of the entries with their parties, in the same order; balances are those after the journal's instant"`
}

func registerLedger(c *console.Console, d Deps) {
	op := func(path, id, summary string) console.Op {
		return console.Op{Path: "/operator/ledger" + path, ID: id, Tag: "Operating", Need: access.LedgerRead, Summary: summary}
	}
	console.Read(c, op("", "get-trial-balance", "The trial balance of the book, now or as of an instant"),
		func(ctx context.Context, in *AsOf) (trialBalance, error) { return d.trial(ctx, c.DB, in.At) })
	console.Read(c, op("/accounts", "list-ledger-accounts", "List the accounts of the book with their balances"),
		func(ctx context.Context, in *bookFilter) (out page.Page[trade.BookAccount], err error) {
			f := trade.BookFilter{Prefix: in.Purpose, Text: in.Q, Open: in.Open, At: in.At}
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = trade.BookAccounts(ctx, q, f, in.Page())
				return err
			})
			return out, err
		})
	console.Read(c, op("/accounts/{account}", "get-ledger-account", "Show an account of the book with its balance, now or as of an instant"),
		func(ctx context.Context, in *struct {
			AccountPath
			AsOf
		}) (out bookAccountView, err error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return out, err
			}
			out.Currency = site.Currency
			err = c.DB.View(ctx, func(q db.Querier) error {
				s, err := ledger.FindAccount(ctx, q, ledger.Account(in.Account), in.At)
				if err == nil {
					out.BookAccount, err = trade.Named(ctx, q, s)
				}
				return err
			})
			return out, err
		})
	console.Read(c, op("/accounts/{account}/entries", "list-ledger-entries", "List the entries of an account, newest first"),
		func(ctx context.Context, in *struct {
			AccountPath
			EntryFilter
		}) (out page.Page[postingView], err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				if _, err := ledger.FindAccount(ctx, q, ledger.Account(in.Account), time.Time{}); err != nil {
					return err
				}
				p, err := ledger.Statement(ctx, q, ledger.Account(in.Account), in.filter(), in.Page())
				out = page.Map(p, func(e ledger.Entry) postingView { return postingView{e, causeKind(e.Kind)} })
				return err
			})
			return out, err
		})
	console.Read(c, op("/accounts/{account}/statement", "get-ledger-statement", "Opening balance, movements by kind and closing balance of an account in a month or any span"),
		func(ctx context.Context, in *struct {
			AccountPath
			Span
		}) (out statementView, err error) {
			if _, err := ledger.FindAccount(ctx, c.DB, ledger.Account(in.Account), time.Time{}); err != nil {
				return out, err
			}
			return d.statement(ctx, c.DB, ledger.Account(in.Account), in.Span)
		})
	console.Read(c, op("/journals", "list-ledger-journals", "List the journals of the book, newest first"),
		func(ctx context.Context, in *EntryFilter) (page.Page[journalBrief], error) {
			p, err := ledger.Journals(ctx, c.DB, ledger.JournalFilter{Kind: in.Kind, Cause: in.Cause, From: in.From, To: in.To}, in.Page())
			return page.Map(p, func(b ledger.Brief) journalBrief { return journalBrief{b, causeKind(b.Kind)} }), err
		})
	console.Read(c, op("/journals/{id}", "get-ledger-journal", "Show a journal with its entries"),
		func(ctx context.Context, in *struct {
			ID string `path:"id"`
		}) (out journalView, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = journal(ctx, q, in.ID)
				return err
			})
			return out, err
		})
	d.ledgerFiles(c)
}

func journal(ctx context.Context, q db.Querier, journalID string) (journalView, error) {
	p, err := ledger.FindJournal(ctx, q, journalID)
	v := journalView{Posted: p, CauseKind: causeKind(p.Kind), Accounts: []trade.BookAccount{}}
	for _, e := range p.Entries {
		s := ledger.Standing{Account: e.Account}
		if s.Balance, err = ledger.BalanceAt(ctx, q, e.Account, p.At.Add(time.Microsecond)); err != nil {
			return v, err
		}
		a, err := trade.Named(ctx, q, s)
		if err != nil {
			return v, err
		}
		v.Accounts = append(v.Accounts, a)
	}
	return v, err
}

func (d Deps) trial(ctx context.Context, database *db.DB, at time.Time) (out trialBalance, err error) {
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return out, err
	}
	out.Currency = site.Currency
	err = database.View(ctx, func(q db.Querier) error {
		out.Rows, err = ledger.TrialBalance(ctx, q, at)
		return err
	})
	return out, err
}

// ledgerFiles serves the trial balance, the accounts and an account's statement as CSV.
func (d Deps) ledgerFiles(c *console.Console) {
	serve := func(path string, do func(w http.ResponseWriter, r *http.Request, at time.Time) error) {
		c.Handle("GET /api/v1/operator/ledger"+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err := c.Admit(r, console.Op{Need: access.LedgerRead})
			var at time.Time
			if text := r.URL.Query().Get("at"); err == nil && text != "" {
				if at, err = time.Parse(time.RFC3339, text); err != nil {
					var check errs.Check
					check.Add("at", "date")
					err = check.Err()
				}
			}
			if err == nil {
				err = do(w, r, at)
			}
			if err != nil {
				console.Fail(w, r, err)
			}
		}))
	}
	serve(".csv", func(w http.ResponseWriter, r *http.Request, at time.Time) error {
		t, err := d.trial(r.Context(), c.DB, at)
		if err != nil {
			return err
		}
		file{name: "trial-balance.csv", title: "statement.column.", columns: []string{"purpose", "debit", "credit", "balance", "currency"}, next: func(context.Context) (rows [][]string, err error) {
			for _, x := range t.Rows {
				rows = append(rows, []string{x.Purpose, x.Debit.String(), x.Credit.String(), x.Balance.String(), t.Currency})
			}
			t.Rows = nil
			return rows, nil
		}}.serve(w, r)
		return nil
	})
	serve("/accounts.csv", func(w http.ResponseWriter, r *http.Request, at time.Time) error {
		q, over := r.URL.Query(), false
		f := trade.BookFilter{Prefix: q.Get("purpose"), Text: q.Get("q"), Open: q.Get("open") == "true", At: at}
		p := page.Query{Limit: page.MaxLimit}
		file{name: "accounts.csv", title: "statement.column.", columns: []string{"account", "purpose", "party", "balance"}, next: func(ctx context.Context) (rows [][]string, err error) {
			if over {
				return nil, nil
			}
			list, err := trade.BookAccounts(ctx, c.DB, f, p)
			for _, a := range list.Items {
				party := ""
				if a.Party != nil {
					party = a.Party.Name
				}
				rows = append(rows, []string{string(a.Account), a.Purpose, party, a.Balance.String()})
			}
			p.Cursor, over = list.Next, list.Next == ""
			return rows, err
		}}.serve(w, r)
		return nil
	})
	serve("/accounts/{account}/statement.csv", func(w http.ResponseWriter, r *http.Request, _ time.Time) error {
		a := ledger.Account(r.PathValue("account"))
		if _, err := ledger.FindAccount(r.Context(), c.DB, a, time.Time{}); err != nil {
			return err
		}
		return d.exportStatement(w, r, c.DB, a)
	})
}
