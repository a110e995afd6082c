package voucher_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/statedoc"
	"jishi/internal/market/voucher"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTablesAreDocumented(t *testing.T) {
	for name, doc := range map[string]struct {
		title, intro string
		moves        []voucher.Move
	}{
		"voucher-campaign": {"States of a voucher campaign", "A campaign begins in DRAFT, where it can be changed or discarded. What accounts hold already outlives it.", voucher.Moves},
		"voucher":          {"States of a voucher", "A voucher that an account holds begins in CLAIMED; at any time face = balance + locked + used.", voucher.HoldingMoves},
	} {
		var moves []statedoc.Move
		for _, m := range doc.moves {
			moves = append(moves, statedoc.Move{From: m.From, Event: m.Event, To: m.To, Actor: m.Actor})
		}
		statedoc.Check(t, name, doc.title, doc.intro, moves)
	}
}

func month(amounts ...money.Amount) (lines []voucher.Line) {
	for _, a := range amounts {
		lines = append(lines, voucher.Line{SellerID: "sel", ProductID: "prd", SpecID: "spc", Mode: voucher.Month, Amount: a})
	}
	return lines
}

var plain = voucher.Terms{Issuer: "sel", SellerID: "sel", Modes: []voucher.Mode{voucher.Month}}
var whole = []voucher.Scope{{ProductID: "prd"}}

func TestE12(t *testing.T) {
	c, err := plain.Fit(whole, month(333_33, 333_33, 133_34), 100_00)
	if err != nil || c.Amount != 100_00 || c.Parts[0] != 41_68 || c.Parts[1] != 41_66 || c.Parts[2] != 16_66 {
		t.Errorf("%v, %v", c, err)
	}
}

// The spare cents of a split find room where a line bears no more than it costs.
func TestASplitCoversNoLineMoreThanItCosts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		amounts := make([]money.Amount, 1+r.IntN(7))
		var sum money.Amount
		for i := range amounts {
			amounts[i] = money.Amount(r.Int64N([]int64{2, 10, 1000, 100_000_00}[r.IntN(4)]))
			sum += amounts[i]
		}
		if sum == 0 {
			continue
		}
		total := 1 + money.Amount(r.Int64N(int64(sum)))
		var back money.Amount
		for i, p := range voucher.Split(total, amounts) {
			if back += p; p < 0 || p > amounts[i] {
				t.Fatalf("%v of %v: %v", total, amounts, voucher.Split(total, amounts))
			}
		}
		if back != total {
			t.Fatalf("%v of %v: %v", total, amounts, voucher.Split(total, amounts))
		}
	}
}

func TestWhatAVoucherFits(t *testing.T) {
	with := func(change func(*voucher.Terms)) voucher.Terms {
		x := plain
		change(&x)
		return x
	}
	line := func(change func(*voucher.Line)) []voucher.Line {
		l := month(100_00, 50_00)
		change(&l[0])
		return l
	}
	for name, c := range map[string]struct {
		terms   voucher.Terms
		scope   []voucher.Scope
		lines   []voucher.Line
		balance money.Amount
		want    money.Amount // of the first and second line
		second  money.Amount
		code    string
	}{
		"up to the amount":           {plain, whole, month(100_00, 50_00), 500_00, 100_00, 50_00, ""},
		"one specification":          {plain, []voucher.Scope{{ProductID: "prd", SpecID: "spc"}}, line(func(l *voucher.Line) { l.SpecID = "other" }), 30_00, 0, 30_00, ""},
		"another product":            {plain, []voucher.Scope{{ProductID: "other"}}, month(100_00), 30_00, 0, 0, "voucher.other_products"},
		"another seller":             {plain, whole, []voucher.Line{{SellerID: "she", ProductID: "prd", Mode: voucher.Month, Amount: 1}}, 30_00, 0, 0, "voucher.other_products"},
		"platform, all products":     {with(func(x *voucher.Terms) { x.Issuer, x.SellerID, x.AllProducts = voucher.Platform, "", true }), nil, month(100_00, 50_00), 15_00, 10_00, 5_00, ""},
		"another way of billing":     {plain, whole, line(func(l *voucher.Line) { l.Mode = voucher.Year }), 30_00, 0, 30_00, ""},
		"a trial":                    {plain, whole, []voucher.Line{{SellerID: "sel", ProductID: "prd", Amount: 1}}, 30_00, 0, 0, "voucher.other_mode"},
		"promoted":                   {with(func(x *voucher.Terms) { x.NoPromotion = true }), whole, line(func(l *voucher.Line) { l.Promoted = true }), 30_00, 0, 30_00, ""},
		"promoted, and nothing else": {with(func(x *voucher.Terms) { x.NoPromotion = true }), whole, line(func(l *voucher.Line) { l.Promoted = true })[:1], 30_00, 0, 0, "voucher.promoted"},
		"a special package":          {with(func(x *voucher.Terms) { x.NoSpecial = true }), whole, line(func(l *voucher.Line) { l.Special = true })[:1], 30_00, 0, 0, "voucher.special"},
		"threshold":                  {with(func(x *voucher.Terms) { x.Threshold = 150_00 }), whole, month(100_00, 50_00), 15_00, 10_00, 5_00, ""},
		"below the threshold":        {with(func(x *voucher.Terms) { x.Threshold = 150_01 }), whole, month(100_00, 50_00), 15_00, 0, 0, "voucher.threshold"},
		"nothing left":               {plain, whole, month(100_00), 0, 0, 0, "voucher.nothing_left"},
		"nothing to pay":             {plain, whole, month(0), 10_00, 0, 0, "voucher.nothing_left"},
	} {
		got, err := c.terms.Fit(c.scope, c.lines, c.balance)
		if c.code != "" {
			if !errs.Is(err, c.code) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || got.Parts[0] != c.want || got.Parts[1] != c.second || got.Amount != c.want+c.second {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
