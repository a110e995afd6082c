package trade

import (
	"context"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
)

// PayNamedJob pays the order that the remark of a transfer names.
const PayNamedJob = "payment.pay_named"

// TakeReceipt keeps an incoming transfer and, where the site wants it and the match is exact,
// credits it at once. One that is known already comes back with fresh false.
func (t *Trade) TakeReceipt(ctx context.Context, tx *db.Tx, in payment.Incoming) (r payment.Receipt, fresh bool, err error) {
	site, _, err := t.site(ctx)
	if err != nil {
		return r, false, err
	}
	if in.Currency == "" {
		in.Currency = site.Currency
	}
	if r, fresh, err = payment.KeepReceipt(ctx, tx, in); err != nil || !fresh || !site.Payments.AutoCredit {
		return r, fresh, err
	}
	found, exact, err := payment.Candidates(ctx, tx, r, tx.Now)
	if err != nil || !exact {
		return r, fresh, err
	}
	r, err = t.CreditReceipt(ctx, tx, r.ID, payment.Assignment{AccountID: found[0].AccountID, TopUpID: found[0].TopUpID, Rule: found[0].Rule})
	return r, fresh, err
}

// CreditReceipt is payment.CreditReceipt with what follows: the buyer is told, and where the site
// wants it the order that the remark names is paid next. Errors as there.
func (t *Trade) CreditReceipt(ctx context.Context, tx *db.Tx, receiptID string, a payment.Assignment) (payment.Receipt, error) {
	r, err := payment.CreditReceipt(ctx, tx, receiptID, a)
	if err != nil {
		return r, err
	}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: r.AccountID, Permission: access.BalanceRead, Class: notification.ClassOrder,
		Code: "receipt_credited", Link: "/buyer/topups", Args: notification.Args{"amount": r.Amount.String(), "currency": r.Currency, "payer": r.Payer}}); err != nil {
		return r, err
	}
	site, _, err := t.site(ctx)
	if err != nil || !site.Payments.PayNamedOrder {
		return r, err
	}
	if number := payment.OrderIn(r.Remark); number != "" {
		_, err = job.Enqueue(ctx, tx, job.New{Kind: PayNamedJob, Args: named{r.AccountID, number}, Ref: number, Key: PayNamedJob + ":" + r.ID})
	}
	return r, err
}

type named struct {
	AccountID string `json:"account"`
	OrderID   string `json:"order"`
}

// PayNamed pays an order of the account from its balance, when it is unpaid and the balance
// covers it; otherwise the money stays where it is.
func (t *Trade) PayNamed(ctx context.Context, j job.Job) error {
	var n named
	if err := j.Decode(&n); err != nil {
		return err
	}
	ctx = audit.WithActor(ctx, audit.Actor{Kind: "system"})
	err := t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := order.Find(ctx, tx, order.Scope{AccountID: n.AccountID}, n.OrderID)
		if err != nil {
			return err
		}
		_, err = t.Pay(ctx, tx, Buyer{AccountID: o.AccountID, UserID: o.UserID}, o.ID)
		return err
	})
	if e, ok := errs.As(err); ok && (e.Kind == errs.Conflict || e.Kind == errs.NotFound || e.Kind == errs.Forbidden) {
		t.Log.Info("the order of a transfer was not paid", "order", n.OrderID, "why", e.Code)
		return nil
	}
	return err
}

// Imported is what came of a statement.
type Imported struct {
	StatementID string
	Taken       int // new receipts
	Credited    int // of these
	Known       int // lines that were imported before
	Outgoing    int
	Faults      []payment.Fault
}

// importBatch bounds one transaction of an import.
const importBatch = 50

// ImportStatement takes the lines of a bank's statement, batch by batch: what was imported before
// is passed over, so that a file can be imported again, whole or after a break. Field errors as
// ParseStatement and "name".
func (t *Trade) ImportStatement(ctx context.Context, name, text string, cols payment.Columns) (Imported, error) {
	site, _, err := t.site(ctx)
	if err != nil {
		return Imported{}, err
	}
	s, err := payment.ParseStatement(text, cols, site.Currency)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Outgoing: s.Outgoing, Faults: s.Faults}
	err = t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		out.StatementID, err = payment.KeepStatement(ctx, tx, name)
		return err
	})
	for begin := 0; begin < len(s.Lines) && err == nil; begin += importBatch {
		lines := s.Lines[begin:min(begin+importBatch, len(s.Lines))]
		var part Imported
		err = t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			part, err = t.takeLines(ctx, tx, out.StatementID, lines)
			return err
		})
		out.Taken, out.Credited, out.Known, out.Faults = out.Taken+part.Taken, out.Credited+part.Credited, out.Known+part.Known, append(out.Faults, part.Faults...)
	}
	return out, err
}

func (t *Trade) takeLines(ctx context.Context, tx *db.Tx, statementID string, lines []payment.Incoming) (Imported, error) {
	var out Imported
	for _, in := range lines {
		in.StatementID = statementID
		r, fresh, err := t.TakeReceipt(ctx, tx, in)
		switch e, ok := errs.As(err); {
		case errs.Is(err, "payment.receipt_differs"):
			out.Faults = append(out.Faults, payment.Fault{Line: in.Line, Code: e.Code, Args: e.Args, Field: "bankReference"})
		case err != nil && ok && e.Kind == errs.Invalid:
			out.Faults = append(out.Faults, payment.Fault{Line: in.Line, Code: e.Fields[0].Code, Args: e.Fields[0].Args, Field: e.Fields[0].Path})
		case err != nil:
			return out, err
		case !fresh:
			out.Known++
		default:
			out.Taken++
			if r.State == payment.Credited {
				out.Credited++
			}
		}
	}
	return out, nil
}
