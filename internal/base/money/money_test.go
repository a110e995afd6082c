package money_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/base/money"
)

func price(t *testing.T, s string) money.Price {
	t.Helper()
	p, err := money.ParsePrice(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func amount(t *testing.T, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestParseRefusesWhatWouldBeRounded(t *testing.T) {
	for _, s := range []string{"", "-", ".5", "1.", "1.234", "1e3", "+1", "1,000.00", "０", "99999999999999", "1.0.0", " 1"} {
		if a, err := money.Parse(s); err == nil {
			t.Errorf("%q became %s", s, a)
		}
	}
	for s, want := range map[string]string{"0": "0.00", "12.3": "12.30", "-0.05": "-0.05", "9999999999999.99": "9999999999999.99"} {
		if a := amount(t, s); a.String() != want {
			t.Errorf("%q became %s", s, a)
		}
	}
	if _, err := money.ParsePrice("0.12345678901"); err == nil {
		t.Error("a unit price has at most 10 decimals")
	}
}

// Buyer charges are cut: 512.12456789 → 512.12 (trade.md §1).
func TestRoundingByPurpose(t *testing.T) {
	if a := money.Cut(price(t, "512.12456789")); a.String() != "512.12" {
		t.Error(a)
	}
	if a := money.Cut(price(t, "-0.019")); a.String() != "-0.01" {
		t.Error(a)
	}
	if a := money.HalfUp(price(t, "0.005")); a.String() != "0.01" {
		t.Error(a)
	}
	if a := money.HalfUp(price(t, "-0.005")); a.String() != "-0.01" {
		t.Error(a)
	}
}

// E-3: 30 users × 12.50 per user and month × 12 months.
func TestE3(t *testing.T) {
	if a := money.Cut(price(t, "12.50").Times(30).Times(12)); a.String() != "4500.00" {
		t.Error(a)
	}
}

// E-11: 69.31 over three orders, the spare cent to the last.
func TestE11(t *testing.T) {
	check(t, money.SplitEven(amount(t, "69.31"), 3, money.ToLast), "23.10", "23.10", "23.11")
}

// E-12: a voucher of 100.00 over lines, the remainder to the first.
func TestE12(t *testing.T) {
	lines := []money.Amount{amount(t, "333.33"), amount(t, "333.33"), amount(t, "133.34")}
	check(t, money.SplitByWeight(amount(t, "100.00"), lines, money.ToFirst), "41.68", "41.66", "16.66")
}

func TestLargestRemainder(t *testing.T) {
	check(t, money.SplitByWeight(amount(t, "1.00"), []money.Amount{1, 1, 1}, money.ToLargest), "0.34", "0.33", "0.33")
	check(t, money.SplitByWeight(amount(t, "-1.00"), []money.Amount{1, 2}, money.ToLargest), "-0.33", "-0.67")
	check(t, money.SplitByWeight(amount(t, "0.05"), []money.Amount{0, 0}, money.ToFirst), "0.03", "0.02")
}

func check(t *testing.T, got []money.Amount, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range got {
		if got[i].String() != want[i] {
			t.Errorf("part %d is %s, want %s", i, got[i], want[i])
		}
	}
}

func TestSplitsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := money.Amount(rapid.Int64Range(-1e12, 1e12).Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 1e10), func(n int64) money.Amount { return money.Amount(n) }), 1, 40).Draw(t, "weights")
		spare := rapid.SampledFrom([]money.Remainder{money.ToFirst, money.ToLast, money.ToLargest}).Draw(t, "spare")
		var sum money.Amount
		for _, p := range money.SplitByWeight(total, weights, spare) {
			sum += p
		}
		if sum != total {
			t.Fatalf("parts add up to %s of %s", sum, total)
		}
	})
}

func TestAmountsAreTextsInJSON(t *testing.T) {
	b, err := json.Marshal(struct{ A money.Amount }{-5})
	if err != nil || string(b) != `{"A":"-0.05"}` {
		t.Errorf("%s %v", b, err)
	}
	var v struct{ A money.Amount }
	if err := json.Unmarshal([]byte(`{"A":"1.50"}`), &v); err != nil || v.A != 150 {
		t.Error(v, err)
	}
	if err := json.Unmarshal([]byte(`{"A":1.5}`), &v); err == nil {
		t.Error("a number was taken for an amount")
	}
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(rapid.Int64Range(-1e14, 1e14).Draw(t, "a"))
		if again, err := money.Parse(a.String()); err != nil || again != a {
			t.Fatal(a, again, err)
		}
	})
}
