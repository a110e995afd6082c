package term_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market/term"
)

var shanghai = time.FixedZone("UTC+8", 8*3600)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func end(s string) time.Time { return at(s + " 23:59:59") }

func months(n int) term.Length { return term.Length{Type: term.Month, Number: n} }

func same(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s, want %s", what, got.In(shanghai), want)
	}
}

// E-1: the anchor day, or the month's last day where it is shorter, then back to the anchor.
func TestE1(t *testing.T) {
	for _, c := range []struct {
		start string
		n     int
		want  string
	}{
		{"2024-03-31", 1, "2024-04-30"}, {"2024-03-31", 2, "2024-05-31"},
		{"2024-01-31", 1, "2024-02-29"}, {"2024-01-31", 2, "2024-03-31"},
		{"2024-02-29", 12, "2025-02-28"},
	} {
		same(t, c.start, term.Expiry(at(c.start+" 09:30:00"), months(c.n), shanghai), end(c.want))
	}
}

// A year from 2023-07-08 15:50:04 ends 2024-07-08 23:59:59 in the site's zone (trade.md §1).
func TestPeriodEnd(t *testing.T) {
	same(t, "a year", term.Expiry(at("2023-07-08 15:50:04").UTC(), term.Length{Type: term.Year, Number: 1}, shanghai), end("2024-07-08"))
	// 17:00 UTC is the next day in Shanghai: the term follows the site's calendar.
	late := time.Date(2024, 1, 30, 17, 0, 0, 0, time.UTC)
	same(t, "the site's day", term.Expiry(late, months(1), shanghai), end("2024-02-29"))
	same(t, "days", term.Expiry(at("2024-02-27 00:00:00"), term.Length{Type: term.Day, Number: 3}, shanghai), end("2024-03-01"))
	if got := term.Expiry(late, term.Length{}, shanghai); !got.IsZero() {
		t.Error("a one-time purchase has no end:", got)
	}
}

// E-9: a term runs from what opens it, the acceptance on 2020-03-01, and not from the payment two months before.
func TestE9(t *testing.T) {
	same(t, "accepted", term.Expiry(at("2020-03-01 00:00:00"), term.Length{Type: term.Year, Number: 1}, shanghai), end("2021-03-01"))
}

// E-17: renewed in retention, the new period begins at the old expiry and returns to the anchor.
func TestE17(t *testing.T) {
	expiry := term.Expiry(at("2024-03-31 10:00:00"), months(1), shanghai)
	same(t, "bought", expiry, end("2024-04-30"))
	renewed := term.Next(expiry, 31, months(1), shanghai)
	same(t, "renewed", renewed, end("2024-05-31"))
	now := at("2024-05-10 00:00:00")
	if days := int(renewed.Sub(now).Hours() / 24); days != 21 {
		t.Errorf("%d days are left, want 21", days)
	}
}

// E-18: grace and retention by customer level.
func TestE18(t *testing.T) {
	expiry := end("2024-04-30")
	for _, c := range []struct {
		level            string
		grace, retention int
		until, gone      string
	}{
		{"V0", 1, 1, "2024-05-01", "2024-05-02"}, {"V1, V2", 1, 7, "2024-05-01", "2024-05-08"}, {"V3", 7, 7, "2024-05-07", "2024-05-14"},
		{"V4, V5", 7, 15, "2024-05-07", "2024-05-22"}, {"international", 15, 15, "2024-05-15", "2024-05-30"},
	} {
		same(t, c.level+" grace", term.After(expiry, c.grace, shanghai), end(c.until))
		same(t, c.level+" retention", term.After(expiry, c.grace+c.retention, shanghai), end(c.gone))
	}
	same(t, "no grace", term.After(expiry, 0, shanghai), expiry)
}

func TestUnifiedDay(t *testing.T) {
	same(t, "the first", term.Unified(end("2024-06-17"), 1, shanghai), end("2024-07-01"))
	same(t, "already there", term.Unified(end("2024-07-01"), 1, shanghai), end("2024-07-01"))
	same(t, "the last", term.Unified(end("2024-02-03"), term.LastDay, shanghai), end("2024-02-29"))
	same(t, "the last of a month that is over", term.Unified(end("2024-02-29"), term.LastDay, shanghai), end("2024-02-29"))
}

// Renewing n times one month ends where n months at once would, whatever the anchor.
func TestRenewingMonthByMonthIsTheAnchorRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "start"), 0)
		n := rapid.IntRange(1, 60).Draw(t, "months")
		anchor := term.Anchor(start, shanghai)
		got := start
		for range n {
			got = term.Next(got, anchor, months(1), shanghai)
		}
		if want := term.Expiry(start, months(n), shanghai); !got.Equal(want) {
			t.Fatalf("%v: %d renewals end %v, at once %v", start, n, got, want)
		}
	})
}
