package subscription_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market/subscription"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
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
		if got := subscription.AddMonths(day(c.start), c.n); !got.Equal(day(c.want)) {
			t.Errorf("%s + %d months = %s, want %s", c.start, c.n, got.Format("2006-01-02"), c.want)
		}
	}
}

// A year from 2023-07-08 15:50:04 ends 2024-07-08 23:59:59 in the site's zone (trade.md §1).
func TestPeriodEnd(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2023, 7, 8, 15, 50, 4, 0, zone)
	want := time.Date(2024, 7, 8, 23, 59, 59, 0, zone)
	if got := subscription.Expiry(start.UTC(), "year", 1, zone); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
	// 17:00 UTC is the next day in Shanghai: the term follows the site's calendar.
	late := time.Date(2024, 1, 30, 17, 0, 0, 0, time.UTC)
	if got := subscription.Expiry(late, "month", 1, zone); !got.Equal(time.Date(2024, 2, 29, 23, 59, 59, 0, zone)) {
		t.Error(got)
	}
	if got := subscription.Expiry(start, "", 1, zone); !got.IsZero() {
		t.Error("a one-time purchase has no end:", got)
	}
}

// Adding n months from the anchor never skips a month and never passes its day.
func TestMonthLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "start"), 0).UTC()
		n := rapid.IntRange(0, 240).Draw(t, "months")
		got := subscription.AddMonths(start, n)
		months := (got.Year()-start.Year())*12 + int(got.Month()) - int(start.Month())
		if months != n || got.Day() > start.Day() {
			t.Fatalf("%v + %d months = %v", start, n, got)
		}
		if got.Day() < start.Day() && got.AddDate(0, 0, 1).Day() != 1 {
			t.Fatalf("%v + %d months = %v is neither the anchor nor the last day", start, n, got)
		}
	})
}
