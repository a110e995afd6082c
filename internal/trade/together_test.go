package trade_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/edge/testpay"
	"jishi/internal/market/discount"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/voucher"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// What renewals of a batch are quoted can be ordered: a promotion with one place left lowers one
// of them.
func TestABatchTakesThePlacesThatThereAre(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.TopUp(b.Buyer, 1000_00)
		ids := []string{b.Instance(b.live("V2", s)).ID, b.Instance(b.live("V2", s)).ID}
		if _, err := b.rule(discount.Draft{Name: "One renewal", Renewal: true, Lines: []discount.Line{b.on(b.Plans["V2"], pricing.Ratio, "0.8")}, AccountLimit: 1}); err != nil {
			t.Fatal(err)
		}
		var quotes []string
		b.Update(func(tx *db.Tx) error {
			list, total, err := b.Trade.QuoteRenewals(context.Background(), tx, b.Buyer, trade.Batch{Instances: ids, Months: 1})
			if total != 180_00 {
				t.Error("they cost", total)
			}
			quotes = nil
			for _, q := range list {
				quotes = append(quotes, q.Quote.ID)
			}
			return err
		})
		var placed []order.Order
		err := b.try(func(ctx context.Context, tx *db.Tx) (err error) {
			placed, err = b.Trade.PlaceRenewals(ctx, tx, b.Buyer, quotes, trade.Placing{Accepted: true})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if m, err := b.payAll(placed...); err != nil || !m.Paid {
			t.Fatal(m, err)
		}
		b.healthy()
	})
}

// Days up to a unified end take no reduction: it is of a renewal by whole periods.
func TestAReductionNeedsAPeriod(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		in := b.Instance(b.live("V2", s)) // to 2024-04-30
		if _, err := b.rule(discount.Draft{Name: "40 off", Renewal: true, Lines: []discount.Line{b.on(b.Plans["V2"], pricing.Reduction, "40")}}); err != nil {
			t.Fatal(err)
		}
		o, offer, err := b.unify(in, 0, 1)
		if err != nil || offer.Line.ListAmount == 0 || o.DueAmount != offer.Line.ListAmount || len(offer.Options) != 0 {
			t.Errorf("a day costs %s of %s: %v", o.DueAmount, offer.Line.ListAmount, err)
		}
		b.Update(func(tx *db.Tx) error { _, err := b.Trade.Cancel(context.Background(), tx, b.Buyer, o.ID); return err })
		if o, offer, err = b.unify(in, 1, 1); err != nil || o.DueAmount != offer.Line.ListAmount-40_00 {
			t.Errorf("with a period: %s of %s: %v", o.DueAmount, offer.Line.ListAmount, err)
		}
	})
}

// A price that an operator has set is no special package; a voucher that is not for those pays.
func TestAVoucherPaysAnAdjustedPrice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := adjusting(t, d)
		b := &bundle{m.Market}
		h := b.given(30_00, func(in *voucher.Input) { in.NoSpecial = true })
		o := b.Place("V1", 2)
		if err := m.adjust(o, total(150_00)); err != nil {
			t.Fatal(err)
		}
		if err := m.answer(b.Buyer, o, true); err != nil {
			t.Fatal(err)
		}
		if err := b.choose(o, h); err != nil || b.Order(o).DueAmount != 120_00 {
			t.Fatal(b.Order(o).DueAmount, err)
		}
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		b.healthy()
	})
}

// A renewal with a change that a voucher paid a part of tells what was really paid, as renewals do.
func TestARenewalWithAChangeTellsWhatWasPaid(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V2", nil, nil)
		b.TopUp(b.Buyer, 1000_00)
		b.at("2024-04-01 10:00:00")
		o := b.live("V2", s)
		in := b.Instance(o)
		b.at("2024-04-20 10:00:00")
		c := b.mustChange(trade.ChangeWish{InstanceID: in.ID, Target: sku["pro"], Renewal: true, Periods: 1})
		if err := b.choose(c, b.given(30_00)); err != nil {
			t.Fatal(err)
		}
		if err := b.Pay(c); err != nil {
			t.Fatal(err)
		}
		b.at("2024-05-02 00:00:00")
		b.applyChanges()
		calls := b.Calls(o)
		if x := calls[len(calls)-1]; x.Purpose != "renew_change" || x.Parameters["orderAmount"] != "120.00" {
			t.Error("told", x.Purpose, x.Parameters)
		}
		b.healthy()
	})
}

func (b *bundle) choose(o order.Order, h voucher.Held) error {
	return b.try(func(ctx context.Context, tx *db.Tx) error {
		_, err := b.Trade.ChooseVoucher(ctx, tx, b.Buyer, o.ID, trade.VoucherChoice{ID: h.ID})
		return err
	})
}

func (b *bundle) applyChanges() {
	b.T.Helper()
	if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := b.Trade.ApplyChanges(ctx, tx); return err }); err != nil {
		b.T.Fatal(err)
	}
}

// Random histories in which promotions, vouchers, adjusted prices, changes, renewals, online
// payments and refunds meet: nothing is refused but by a rule, and doctor finds every amount.
func TestEverythingMeets(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := adjusting(t, d)
		b := &bundle{m.Market}
		b.service()
		sku := b.Changeable("V2", perUser("2"), nil)
		b.TopUp(b.Buyer, 50_000_00)
		policy := []string{"five_day", "prorata"}
		seed := uint64(time.Now().UnixNano())
		r := rand.New(rand.NewPCG(seed, 3))
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update products set refund_policy = $1`, policy[seed%2])
		})
		end := b.Clock.Now().AddDate(0, 3, 0)
		for i, l := range []discount.Line{b.on(b.Plans["V2"], pricing.Ratio, "0.8"), b.on(b.Plans["V2"], pricing.Ratio, "0.7777"), b.on(b.Plans["V2"], pricing.Reduction, "33.33")} {
			if _, err := b.rule(discount.Draft{Name: fmt.Sprint("rule ", i), EndsAt: end, New: true, Renewal: true, Change: true, AccountLimit: 2 + i, Lines: []discount.Line{l}}); err != nil {
				t.Fatal(err)
			}
		}
		var held []voucher.Held
		for range 4 {
			held = append(held, b.given(money.Amount(1+r.Int64N(200_00)), func(in *voucher.Input) { in.UseDays = 90; in.SellerShare = share(t, "0.37") }))
		}
		pick := func(text string) (id string) {
			ids, err := db.List[string](context.Background(), d, text)
			if err != nil {
				t.Fatal(err)
			}
			if len(ids) > 0 {
				id = ids[r.IntN(len(ids))]
			}
			return id
		}
		unpaid := `select id from orders where state = 'PENDING_PAYMENT' order by id`
		live := `select id from instances where state = 'ACTIVE' order by id`
		attempts := 0
		for step := range 80 {
			h := held[r.IntN(len(held))]
			var err error
			what := r.IntN(11)
			switch what {
			case 0, 1:
				_, err = b.with("V2", 1+r.IntN(2), h)
			case 2:
				if id := pick(unpaid); id != "" {
					price := money.Amount(r.Int64N(90_00))
					err = m.adjust(order.Order{ID: id}, total(price))
				}
			case 3:
				if id := pick(`select id from orders where state = 'PENDING_CONFIRM' order by id`); id != "" {
					err = m.answer(b.Buyer, order.Order{ID: id}, r.IntN(4) > 0)
				}
			case 4:
				if id := pick(unpaid); id != "" {
					err = b.choose(order.Order{ID: id}, h)
				}
			case 5, 6:
				if id := pick(unpaid); id != "" {
					err = b.Pay(order.Order{ID: id})
				}
			case 7:
				id := pick(`select id from orders where state = 'PENDING_PAYMENT' and due_amount > 0 order by id`)
				if id == "" {
					break
				}
				attempts++
				a, begun := m.Trade.PayOnline(context.Background(), m.Buyer, trade.Online{Gateway: testpay.Name, RequestKey: fmt.Sprint("meets", attempts), Orders: []string{id}})
				if err = begun; err != nil {
					break // it turned out to have expired
				}
				switch r.IntN(3) { // the price moves while the buyer is at the gateway
				case 0:
					err = b.choose(order.Order{ID: id}, h)
				case 1:
					err = m.adjust(order.Order{ID: id}, total(money.Amount(r.Int64N(50_00))))
				}
				m.paid(a)
			case 8:
				if id := pick(live); id != "" {
					w := trade.ChangeWish{InstanceID: id, Target: []string{sku["pro"], sku["max"], ""}[r.IntN(3)], Renewal: r.IntN(2) == 0, Periods: 0}
					if w.Target == "" {
						w.Quantity = 20 + 10*r.Int64N(3)
					}
					if w.Renewal {
						w.Periods = 1
					}
					_, err = b.change(w)
				}
			case 9:
				if id := pick(live); id != "" {
					err = b.try(func(ctx context.Context, tx *db.Tx) error {
						q, offer, err := b.Trade.QuoteRenewal(ctx, tx, b.Buyer, trade.Renewal{InstanceID: id, Periods: r.IntN(2), UnifiedDay: 15 * r.IntN(2)})
						if err == nil {
							err = offer.Blocker
						}
						if err == nil {
							_, err = b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
						}
						return err
					})
				}
			case 10:
				if id := pick(live); id != "" {
					err = b.giveBack(id, r)
				}
			}
			if kind := errs.KindOf(err); err != nil && kind != errs.Conflict && kind != errs.Invalid {
				t.Fatal(seed, step, what, err)
			}
			b.steps()
			b.Clock.Advance(time.Duration(r.IntN(30)) * time.Hour)
			b.applyChanges()
		}
		b.healthy()
		b.Sound()
		if b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)) < 0 {
			t.Error("the balance is negative")
		}
		if t.Failed() {
			t.Log("seed", seed)
		}
	})
}

// giveBack refunds a part by an operator, a renewed period, or the whole service.
func (b *bundle) giveBack(id string, r *rand.Rand) error {
	return b.try(func(ctx context.Context, tx *db.Tx) error {
		switch r.IntN(3) {
		case 0:
			_, err := b.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: id, Amount: 1 + money.Amount(r.Int64N(40_00)), Reason: "agreed", EndsService: r.IntN(4) == 0})
			return err
		case 1:
			a, err := b.Trade.AssessRenewalRefund(ctx, tx, b.Buyer.AccountID, id)
			if err == nil {
				_, err = b.Trade.RequestRenewalRefund(ctx, tx, b.Buyer, trade.RefundRequest{InstanceID: id, Amount: a.Amount})
			}
			return err
		}
		a, err := b.Trade.AssessRefund(ctx, tx, b.Buyer.AccountID, id)
		if err == nil {
			_, err = b.Trade.RequestRefund(ctx, tx, b.Buyer, trade.RefundRequest{InstanceID: id, Amount: a.Amount})
		}
		return err
	})
}
