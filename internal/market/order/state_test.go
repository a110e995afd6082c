package order_test

import (
	"context"
	"flag"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/statedoc"
	"jishi/internal/market/order"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTableIsDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range order.Moves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: string(m.Event), To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "order", "States of an order", "An order begins in PENDING_PAYMENT, or in PENDING_REVIEW when a superior in the buyer's company approves it; a refund order (UNSUB) is COMPLETED when it is made.", moves)
}

var events = []order.Event{order.Cancel, order.Deadline, order.OffSale, order.Pay, order.Deliver, order.FailSupply, order.PayBack, order.AskRefund, order.DenyRefund, order.Approve, order.Reject}

func TestEveryOtherPairIsAConflict(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		want := map[order.State]map[order.Event]order.State{}
		for _, m := range order.Moves {
			if want[m.From] == nil {
				want[m.From] = map[order.Event]order.State{}
			}
			want[m.From][m.Event] = m.To
		}
		err := d.Update(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `insert into accounts (id, kind, name, created_at) values ('acc', 'company', 'A', $1)`, tx.Now)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range order.States {
			for _, e := range events {
				id := "CS-" + string(from) + "-" + string(e)
				err := d.Update(ctx, func(tx *db.Tx) error {
					o := order.Order{ID: id, Kind: order.New, State: from, AccountID: "acc", Currency: "CNY", CreatedAt: tx.Now, Deadline: tx.Now.Add(time.Hour), Version: 1}
					if err := db.Insert(ctx, tx, "orders", o); err != nil {
						return err
					}
					stale := o
					err := order.Apply(ctx, tx, &o, e, "", nil)
					to, ok := want[from][e]
					if !ok {
						if !errs.Is(err, "order.bad_transition") {
							t.Errorf("%s in %s: %v", e, from, err)
						} else if x, _ := errs.As(err); x.State != string(from) {
							t.Errorf("%s in %s names the state %q", e, from, x.State)
						}
						return nil
					}
					if err != nil || o.State != to {
						t.Errorf("%s in %s: %s, %v, want %s", e, from, o.State, err, to)
					}
					// A second one who read the same version comes too late.
					if err := order.Apply(ctx, tx, &stale, e, "", nil); !errs.Is(err, "order.bad_transition") {
						t.Errorf("%s in %s twice: %v", e, from, err)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestASellerSeesFourStates(t *testing.T) {
	for _, s := range order.States {
		if s == order.PendingReview || s == order.PendingConfirm {
			continue // the queries keep it from sellers
		}
		shown, _ := order.Order{State: s}.ForSeller()
		switch shown {
		case order.PendingPayment, order.Processing, order.Completed, order.Canceled:
		default:
			t.Errorf("%s is shown as %s", s, shown)
		}
	}
}

func TestTheZeroScopeSeesNothing(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	if _, err := order.Find(context.Background(), d, order.Scope{}, "x"); !errs.Is(err, "order.not_found") {
		t.Error(err)
	}
}
