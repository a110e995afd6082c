package term_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/base/money"
	"jishi/internal/market/term"
)

func price(s string) money.Price {
	p, err := money.ParsePrice(s)
	if err != nil {
		panic(err)
	}
	return p
}

func amount(t *testing.T, got money.Amount, want string) {
	t.Helper()
	if got.String() != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func eight(t *testing.T, got money.Price, want string) {
	t.Helper()
	diff := got.Sub(price(want))
	if limit := price("0.000000006"); diff.Cmp(limit) > 0 || price("-0.000000006").Cmp(diff) > 0 {
		t.Errorf("%s, want about %s", got, want)
	}
}

// E-20: 12 days in April and 8 in May.
func TestE20(t *testing.T) {
	left := term.Remaining(at("2025-04-19 00:00:00"), end("2025-05-08"), shanghai)
	eight(t, left, "0.65806452")
	amount(t, money.Cut(price("400").Mul(left).Sub(price("200").Mul(left))), "131.61")
}

// E-21: changed at 13:40, counted from 14:00.
func TestE21(t *testing.T) {
	from := term.ChangeStart(at("2026-05-25 13:40:00"), at("2026-01-02 08:00:00"), shanghai)
	same(t, "start", from, at("2026-05-25 14:00:00"))
	left := term.Remaining(from, end("2026-06-30"), shanghai)
	eight(t, left, "1.20698925")
	amount(t, money.Cut(price("39").Mul(left)), "47.07")
}

// E-22: the months of a yearly term.
func TestE22(t *testing.T) {
	from := term.ChangeStart(at("2025-07-04 10:20:00"), at("2025-01-01 09:00:00"), shanghai)
	left := term.Remaining(from, end("2026-01-01"), shanghai)
	eight(t, left, "5.92069892")
	fee := price("150").Mul(left).Sub(price("1200").Div(price("12")).Mul(left))
	amount(t, money.Cut(fee), "296.03")
	amount(t, money.Cut(fee.Mul(price("0.9"))), "266.43")
}

// E-19: the extra days of a unified expiry date.
func TestE19(t *testing.T) {
	natural := term.Next(end("2024-05-17"), 17, months(1), shanghai)
	same(t, "natural", natural, end("2024-06-17"))
	target := term.Unified(natural, 1, shanghai)
	same(t, "target", target, end("2024-07-01"))
	extra := term.Remaining(natural.Add(time.Second), target, shanghai)
	eight(t, extra, "0.46559140")
	amount(t, money.Cut(price("300").Add(price("300").Mul(extra))), "439.67")
}

func TestChangeOnTheDayOfPurchaseCountsFromMidnight(t *testing.T) {
	same(t, "same day", term.ChangeStart(at("2026-05-25 13:40:00"), at("2026-05-25 08:00:00"), shanghai), at("2026-05-26 00:00:00"))
	same(t, "exact hour", term.ChangeStart(at("2026-05-25 13:00:00"), at("2026-05-24 08:00:00"), shanghai), at("2026-05-25 13:00:00"))
}

// E-24: the hours of a refund.
func TestE24Hours(t *testing.T) {
	used, total := term.Hours(at("2024-01-01 10:30:00"), at("2024-01-15 18:40:00"), end("2024-02-01"), shanghai)
	if used != 344 || total != 758 {
		t.Errorf("%d of %d hours, want 344 of 758", used, total)
	}
}

// What is left of whole months is their number; it never grows with time and is never negative.
func TestRemainingLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0)
		expiry := term.Expiry(from, months(rapid.IntRange(1, 36).Draw(t, "months")), shanghai)
		later := from.Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "wait")) * time.Second)
		a, b := term.Remaining(from, expiry, shanghai), term.Remaining(later, expiry, shanghai)
		if a.Sign() < 0 || b.Sign() < 0 || b.Cmp(a) > 0 {
			t.Fatalf("%v to %v: %s, later %s", from, expiry, a, b)
		}
	})
	begin := at("2025-01-01 00:00:00")
	if got := term.Remaining(begin, end("2025-12-31"), shanghai); got.String() != "12" {
		t.Errorf("a calendar year has %s months", got)
	}
}
