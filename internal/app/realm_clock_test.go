package app

import (
	"context"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

func TestLater(t *testing.T) {
	zone := time.FixedZone("UTC+8", 8*3600)
	at := time.Date(2027, 1, 31, 10, 0, 0, 0, zone)
	for by, want := range map[string]string{
		"P1M": "2027-02-28 10:00:00", "P13M": "2028-02-29 10:00:00", "P1Y": "2028-01-31 10:00:00", "P1D": "2027-02-01 10:00:00", "P2W": "2027-02-14 10:00:00",
		"PT90M": "2027-01-31 11:30:00", "P1M1DT1H1M1S": "2027-03-01 11:01:01",
		"": "", "P": "", "PT": "", "1M": "", "P1": "", "P-1D": "", "P1.5D": "", "P1D ": "",
	} {
		got, ok := later(at, by, zone)
		if ok != (want != "") || ok && got.In(zone).Format(time.DateTime) != want {
			t.Errorf("%q: %v %v, want %q", by, got.In(zone), ok, want)
		}
	}
}

// Every query of dues is understood by both engines, and its table is one of a realm.
func TestDuesAreUnderstood(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, due := range dues {
			if at, err := db.One[time.Time](context.Background(), d, due.query, d.Now()); err != nil || !at.IsZero() {
				t.Errorf("%s: %v, %v", due.what, at, err)
			}
		}
		if err := d.Prepare(context.Background(), sqlHappened); err != nil {
			t.Error(err)
		}
	})
}

// A due instant that is passed is not the next one, and unknown kinds of jobs follow the clock.
func TestWhatFollowsTheClock(t *testing.T) {
	a := &App{Log: quiet}
	a.build()
	follow := map[string]bool{}
	for _, k := range a.followers() {
		follow[k.Name] = true
	}
	for _, name := range []string{"order.expire", "subscription.auto_renew", "subscription.change", "subscription.end_terms", "subscription.remind", "catalog.lift", "voucher.end", "discount.turn"} {
		if !follow[name] {
			t.Errorf("%s does not follow the realm's clock", name)
		}
	}
	known := map[string]bool{}
	for _, k := range a.Jobs() {
		known[k.Name] = true
	}
	for name := range machinery {
		if follow[name] || !known[name] {
			t.Errorf("%s is no machinery", name)
		}
	}
	for _, k := range a.realmJobs() {
		if k.Every > 0 || k.Name == "mail.send" {
			t.Errorf("%s runs in a sandbox by itself", k.Name)
		}
	}
}
