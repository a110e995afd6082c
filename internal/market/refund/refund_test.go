package refund_test

import (
	"flag"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/statedoc"
	"jishi/internal/market/order"
	"jishi/internal/market/refund"
	"jishi/internal/market/subscription"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTableIsDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range refund.Moves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: m.Event, To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "refund", "States of a refund", "A refund of a delivered order begins as requested; one that needs no approval is paid in the same transaction.", moves)
}

var zone = time.FixedZone("UTC+8", 8*3600)

func at(s string) time.Time {
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, zone)
	if err != nil {
		panic(err)
	}
	return v
}

func price(s string) money.Price {
	p, err := money.ParsePrice(s)
	if err != nil {
		panic(err)
	}
	return p
}

var rules = refund.Rules{PerYear: 10, ApprovalAbove: 50_000_00, FeeRate: price("0")}

func bought(policy string, paid money.Amount, start, expiry, now string) refund.Case {
	return refund.Case{Order: order.Order{State: order.Completed}, Line: order.Line{Amount: paid, RefundPolicy: policy},
		Instance: subscription.Instance{State: subscription.Active, StartedAt: at(start), ExpiresAt: at(expiry)}, Now: at(now), Zone: zone}
}

// E-24: by the hour, what was consumed cut to cents; with and without a handling fee.
func TestE24(t *testing.T) {
	c := bought("prorata", 300_00, "2024-01-01 10:30:00", "2024-02-01 23:59:59", "2024-01-15 18:40:00")
	a := refund.Assess(c, rules)
	if a.Blocker != nil || a.Amount.String() != "163.86" || a.Explanation.Consumed.String() != "136.14" {
		t.Errorf("%+v", a)
	}
	r := rules
	r.FeeRate = price("0.1")
	if a := refund.Assess(c, r); a.Amount.String() != "133.86" || a.Explanation.Fee.String() != "30.00" {
		t.Errorf("with a fee: %+v", a)
	}
}

// Five times 24 hours from the activation, to the second (trade.md §14.3).
func TestTheFiveDayWindow(t *testing.T) {
	for now, want := range map[string]string{"2022-11-24 14:30:30": "", "2022-11-29 14:30:30": "", "2022-11-29 14:30:31": "refund.window_over"} {
		c := bought("five_day", 100_00, "2022-11-24 14:30:30", "2023-11-24 23:59:59", now)
		a := refund.Assess(c, rules)
		if want == "" && (a.Blocker != nil || a.Amount != 100_00) || want != "" && !errs.Is(a.Blocker, want) {
			t.Errorf("%s: %+v", now, a)
		}
	}
}

func TestWhatStandsAgainstARefund(t *testing.T) {
	for want, change := range map[string]func(*refund.Case){
		"refund.open":          func(c *refund.Case) { c.Open = true },
		"refund.not_delivered": func(c *refund.Case) { c.Instance.State = subscription.Pending },
		"refund.ended":         func(c *refund.Case) { c.Instance.State = subscription.Unsubscribed },
		"refund.not_active":    func(c *refund.Case) { c.Instance.State = subscription.Grace },
		"refund.none":          func(c *refund.Case) { c.Line.RefundPolicy = "none" },
		"refund.quota":         func(c *refund.Case) { c.Used = 10 },
		"refund.renewed":       func(c *refund.Case) { c.Renewed = true },
		"refund.nothing_left":  func(c *refund.Case) { c.Before = 100_00 },
	} {
		c := bought("five_day", 100_00, "2024-01-01 10:00:00", "2024-02-01 23:59:59", "2024-01-02 10:00:00")
		change(&c)
		if a := refund.Assess(c, rules); !errs.Is(a.Blocker, want) {
			t.Errorf("%s: %v", want, a.Blocker)
		}
	}
	c := bought("five_day", 50_000_01, "2024-01-01 10:00:00", "2024-02-01 23:59:59", "2024-01-02 10:00:00")
	if a := refund.Assess(c, rules); !a.Approval {
		t.Error("a large refund needs no approval")
	}
}

// Never more than was paid, never less than nothing, and never more later.
func TestProRataLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(1e9, 2e9).Draw(t, "start"), 0)
		expiry := start.Add(time.Duration(rapid.Int64Range(1, 800*24).Draw(t, "hours")) * time.Hour)
		early := start.Add(time.Duration(rapid.Int64Range(0, 900*24*3600).Draw(t, "early")) * time.Second)
		late := early.Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "more")) * time.Second)
		r := rules
		r.FeeRate = price(rapid.SampledFrom([]string{"0", "0.1", "0.15"}).Draw(t, "fee"))
		paid := money.Amount(rapid.Int64Range(1, 1e9).Draw(t, "paid"))
		amount := func(now time.Time) money.Amount {
			return refund.Assess(refund.Case{Order: order.Order{State: order.Completed},
				Line:     order.Line{Amount: paid, RefundPolicy: "prorata"},
				Instance: subscription.Instance{State: subscription.Active, StartedAt: start, ExpiresAt: expiry}, Now: now, Zone: zone}, r).Amount
		}
		a, b := amount(early), amount(late)
		if a < 0 || b < 0 || a > paid || b > a {
			t.Fatalf("early %s, late %s of %s", a, b, paid)
		}
	})
}

// The purchase and its changes: nobody has more back than was paid, of the whole and of each;
// and the later, the less. An operator's amount is spread whole, the newest first.
func TestAnUpgradedServiceNeverGivesMoreThanWasPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		paid := func(label string) money.Amount {
			return money.Amount(rapid.Int64Range(0, 5_000_00).Draw(t, label))
		}
		c := bought("prorata", paid("purchase"), "2024-01-01 10:30:00", "2024-12-31 23:59:59", "2024-06-01 00:00:00")
		c.Line.ID = "L0"
		sum := c.Line.Amount
		for i := range rapid.IntRange(0, 3).Draw(t, "changes") {
			from := at("2024-01-02 00:00:00").Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "from")) * time.Hour)
			l := order.Line{ID: string(rune('a' + i)), Amount: paid("change"), StartsAt: from, EndsAt: c.Instance.ExpiresAt}
			c.Changes = append(c.Changes, refund.Bought{Line: l})
			sum += l.Amount
		}
		before := sum
		for _, hours := range []int{0, rapid.IntRange(0, 4000).Draw(t, "first"), 5000} {
			c.Now = at("2024-01-02 00:00:00").Add(time.Duration(hours) * time.Hour)
			a := refund.Assess(c, rules)
			total := a.Base.Amount
			for i, p := range a.Parts {
				if p.Amount < 0 || p.Amount > c.Changes[i].Line.Amount {
					t.Fatalf("%s of %s", p.Amount, c.Changes[i].Line.Amount)
				}
				total += p.Amount
			}
			if total != a.Amount || a.Amount > before {
				t.Fatalf("%s and before %s", a.Amount, before)
			}
			before = a.Amount
		}
		amount := money.Amount(rapid.Int64Range(1, max(int64(sum), 1)).Draw(t, "operator"))
		if sum == 0 {
			return
		}
		main, parts := c.Spread(amount, refund.Assess(c, rules), rapid.Bool().Draw(t, "ends"))
		total := main.Amount
		for _, p := range parts {
			total += p.Amount
		}
		if total != amount {
			t.Fatalf("%s spread as %s", amount, total)
		}
	})
}
