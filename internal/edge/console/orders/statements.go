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
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/ledger"
)

type entryView struct {
	ID        string        `json:"id"`
	At        time.Time     `json:"at"`
	Kind      string        `json:"kind" doc:"topup, payment, refund …"`
	Cause     string        `json:"cause" doc:"Order, top-up or withdrawal number"`
	CauseKind string        `json:"causeKind" enum:"order,topup,withdrawal,online,channel_refund,bank" doc:"What cause names"`
	Amount    money.Amount  `json:"amount" doc:"Positive: into the account"`
	Balance   *money.Amount `json:"balance,omitempty" doc:"After this entry; only without filters on kind and cause"`
}

func entryOf(e ledger.Entry) entryView {
	return entryView{ID: e.ID, At: e.At, Kind: e.Kind, Cause: e.Cause, CauseKind: causeKind(e.Kind), Amount: e.Amount, Balance: e.Balance}
}

// causeKind tells what a journal's cause is the number of.
func causeKind(kind string) string {
	switch kind {
	case "topup":
		return "topup"
	case "withdrawal", "withdrawal_back", "payout":
		return "withdrawal"
	case "topup_online", "payment_surplus":
		return "online"
	case "channel_refund", "channel_refund_back", "channel_refund_paid":
		return "channel_refund"
	case "bank_receipt", "bank_return", "bank_linked":
		return "bank"
	}
	return "order"
}

// EntryFilter narrows a list of entries or journals.
type EntryFilter struct {
	console.ListInput
	Kind  string    `query:"kind" required:"false"`
	Cause string    `query:"cause" required:"false" doc:"Order, top-up or withdrawal number"`
	From  time.Time `query:"from" required:"false"`
	To    time.Time `query:"to" required:"false" doc:"Before this instant"`
}

func (f EntryFilter) filter() ledger.StatementFilter {
	return ledger.StatementFilter{Kind: f.Kind, Cause: f.Cause, From: f.From, To: f.To}
}

// Span is what a statement is about: a month of the site's calendar, or from one instant to
// another. Nothing at all is the present month.
type Span struct {
	Month string    `query:"month" required:"false" doc:"2026-03, in the site's time zone"`
	From  time.Time `query:"from" required:"false"`
	To    time.Time `query:"to" required:"false" doc:"Before this instant; without it up to now"`
}

// bounds are the first instant of the span and the first after it. Field errors "month", "to".
func (s Span) bounds(now time.Time, zone *time.Location) (from, to time.Time, err error) {
	var c errs.Check
	if s.Month != "" || s.From.IsZero() {
		local := now.In(zone)
		from = time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, zone)
		if s.Month != "" {
			if from, err = time.ParseInLocation("2006-01", s.Month, zone); err != nil {
				c.Add("month", "date")
			}
		}
		return from.UTC(), from.AddDate(0, 1, 0).UTC(), c.Err()
	}
	from, to = s.From, s.To
	if to.IsZero() {
		to = now
	}
	if to.Before(from) {
		c.Add("to", "date")
	}
	return from, to, c.Err()
}

type statementView struct {
	ledger.Summary
	Currency string `json:"currency"`
}

// account is a ledger account of the caller; nobody names one of somebody else.
type accountOf func(ctx context.Context) ledger.Account

func registerStatements(c *console.Console, d Deps) {
	mine := func(ctx context.Context) ledger.Account {
		return ledger.BuyerBalance(console.CallerFrom(ctx).AccountID)
	}
	d.statements(c, "/balance", "transactions", "Balance", "the balance", access.BalanceRead, mine)
	payable := func(ctx context.Context) ledger.Account {
		return ledger.PayableSeller(console.CallerFrom(ctx).SellerID)
	}
	d.statements(c, "/seller/payable", "payable-transactions", "Selling", "what the marketplace owes me", access.SettlementRead, payable)
}

func (d Deps) statements(c *console.Console, path, id, tag, what string, need access.Permission, of accountOf) {
	console.Read(c, console.Op{Path: path + "/transactions", ID: "list-" + id, Tag: tag, Need: need, Summary: "List the movements of " + what},
		func(ctx context.Context, in *EntryFilter) (out page.Page[entryView], err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				p, err := ledger.Statement(ctx, q, of(ctx), in.filter(), in.Page())
				out = page.Map(p, entryOf)
				return err
			})
			return out, err
		})
	console.Read(c, console.Op{Path: path + "/statement", ID: "get-" + id + "-statement", Tag: tag, Need: need,
		Summary: "Opening balance, movements by kind and closing balance of " + what + " in a month or any span"},
		func(ctx context.Context, in *Span) (statementView, error) {
			return d.statement(ctx, c.DB, of(ctx), *in)
		})
	c.Handle("GET /api/v1"+path+"/statement.csv", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := c.Admit(r, console.Op{Need: need})
		if err == nil {
			err = d.exportStatement(w, r, c.DB, of(r.Context()))
		}
		if err != nil {
			console.Fail(w, r, err)
		}
	}))
}

func (d Deps) statement(ctx context.Context, database *db.DB, a ledger.Account, in Span) (out statementView, err error) {
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return out, err
	}
	out.Currency = site.Currency
	from, to, err := in.bounds(database.Now(), site.Zone())
	if err != nil {
		return out, err
	}
	err = database.View(ctx, func(q db.Querier) error {
		out.Summary, err = ledger.Summarize(ctx, q, a, from, to)
		return err
	})
	return out, err
}

// spanAsked reads the span of a file.
func spanAsked(r *http.Request) (Span, error) {
	q := r.URL.Query()
	s := Span{Month: q.Get("month")}
	var check errs.Check
	for name, into := range map[string]*time.Time{"from": &s.From, "to": &s.To} {
		if text := q.Get(name); text != "" {
			var err error
			if *into, err = time.Parse(time.RFC3339, text); err != nil {
				check.Add(name, "date")
			}
		}
	}
	return s, check.Err()
}

var statementColumns = []string{"at", "kind", "cause", "in", "out", "balance", "currency", "journal"}

// exportStatement serves a statement as CSV in the order of time: the opening balance, each
// movement with the balance after it, and the closing balance. Its end is fixed before the
// first row is read, and times are those of the site's zone.
func (d Deps) exportStatement(w http.ResponseWriter, r *http.Request, database *db.DB, a ledger.Account) error {
	ctx := r.Context()
	in, err := spanAsked(r)
	if err != nil {
		return err
	}
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return err
	}
	from, to, err := in.bounds(database.Now(), site.Zone())
	if err != nil {
		return err
	}
	balance, err := ledger.BalanceAt(ctx, database, a, from)
	if err != nil {
		return err
	}
	l, zone := console.LangFrom(ctx), site.Zone()
	edge := func(key string, at time.Time) []string {
		return []string{at.In(zone).Format(time.RFC3339), i18n.Message(l, key, nil), "", "", "", balance.String(), site.Currency, ""}
	}
	var after ledger.Entry
	started, over := false, false
	file{name: "statement.csv", title: "statement.column.", columns: statementColumns, next: func(ctx context.Context) (rows [][]string, err error) {
		if over {
			return nil, nil
		}
		if !started {
			started = true
			rows = append(rows, edge("statement.opening", from))
		}
		list, err := ledger.Forward(ctx, database, a, from, to, after, exportBatch)
		for _, e := range list {
			balance += e.Amount
			after = e
			rows = append(rows, entryCells(l, e, balance, zone))
		}
		if over = len(list) < exportBatch; over {
			rows = append(rows, edge("statement.closing", to))
		}
		return rows, err
	}}.serve(w, r)
	return nil
}

func entryCells(l i18n.Lang, e ledger.Entry, balance money.Amount, zone *time.Location) []string {
	in, out := e.Amount.String(), ""
	if e.Amount < 0 {
		in, out = "", (-e.Amount).String()
	}
	return []string{e.At.In(zone).Format(time.RFC3339), kindText(l, e.Kind), e.Cause, in, out, balance.String(), e.Currency, e.Journal}
}

// kindText is what a kind of journal is called.
func kindText(l i18n.Lang, kind string) string {
	if code := "statement.kind." + kind; i18n.Has(code) {
		return i18n.Message(l, code, nil)
	}
	return kind
}
