package settings_test

import (
	"context"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/settings"
)

func TestSiteIsKeptAndGuarded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := &settings.Store{DB: d}
		site, version, err := s.SiteVersion(ctx)
		if err != nil || version != 0 || site.Currency != "CNY" || site.PlatformFee != "0.05" || site.Check() != nil {
			t.Fatalf("default site %+v, version %d, %v", site, version, err)
		}
		save := func(version int64, change func(*settings.Site)) error {
			next := site
			change(&next)
			return d.Update(ctx, func(tx *db.Tx) error { return s.SaveSite(ctx, tx, version, next) })
		}
		if err := save(0, func(x *settings.Site) { x.Name.EN = "Market" }); err != nil {
			t.Fatal(err)
		}
		got, version, err := s.SiteVersion(ctx)
		if err != nil || version != 1 || got.Name.EN != "Market" || got.Name.ZH != "集市" {
			t.Fatalf("saved site %+v, version %d, %v", got, version, err)
		}
		if err := save(0, func(x *settings.Site) { x.Name.EN = "Other" }); !errs.Is(err, "settings.changed") {
			t.Errorf("a second editor wrote over the first: %v", err)
		}
		other := &settings.Store{DB: d} // another node reads the row, not its default
		if got, err := other.Site(ctx); err != nil || got.Name.EN != "Market" || got.Zone().String() != "Asia/Shanghai" {
			t.Errorf("other node: %+v, %v", got, err)
		}
	})
}

func TestSiteFaultsAreToldPerField(t *testing.T) {
	for field, change := range map[string]func(*settings.Site){
		"name":               func(s *settings.Site) { s.Name.ZH, s.Name.EN = "", " " },
		"timeZone":           func(s *settings.Site) { s.TimeZone = "Mars/North" },
		"currency":           func(s *settings.Site) { s.Currency = "yuan" },
		"legal.terms.date":   func(s *settings.Site) { s.Legal.Terms.Date = "2026-02-30" },
		"legal.privacy.text": func(s *settings.Site) { s.Legal.Privacy.Text.ZH, s.Legal.Privacy.Text.EN = "", "" },
		"mail.mode":          func(s *settings.Site) { s.Mail.Mode = "pigeon" },
		"mail.host": func(s *settings.Site) {
			s.Mail = settings.Mail{Mode: "smtp", Port: 25, TLS: "none", FromAddress: "a@b.example"}
		},
		"mail.port": func(s *settings.Site) {
			s.Mail = settings.Mail{Mode: "smtp", Host: "mx.example", TLS: "none", FromAddress: "a@b.example"}
		},
		"mail.fromAddress": func(s *settings.Site) {
			s.Mail = settings.Mail{Mode: "smtp", Host: "mx.example", Port: 25, TLS: "none", FromAddress: "nobody"}
		},
		"developmentAddresses[1]": func(s *settings.Site) { s.DevelopmentAddresses = []string{"127.0.0.0/8", "localhost"} },
		"priceTaxMode":            func(s *settings.Site) { s.PriceTaxMode = "" },
		"orderDeadlineHours":      func(s *settings.Site) { s.OrderDeadlineHours = 0 },
		"probing.days":            func(s *settings.Site) { s.Probing.Days = 0 },
		"platformFee":             func(s *settings.Site) { s.PlatformFee = "1.5" },
		"taxes":                   func(s *settings.Site) { s.Taxes = nil },
		"taxes[0].service":        func(s *settings.Site) { s.Taxes[0].Service = "6" },
		"taxes[0].from":           func(s *settings.Site) { s.Taxes[0].From = "2026-02-30" },
		"taxes[1].from":           func(s *settings.Site) { s.Taxes = append(s.Taxes, s.Taxes[0]) },
	} {
		site := settings.Default()
		change(&site)
		e, ok := errs.As(site.Check())
		if !ok || len(e.Fields) != 1 || e.Fields[0].Path != field {
			t.Errorf("%s: %v", field, site.Check())
		}
	}
}

// A day begins in the site's zone; the first row holds before its day, too.
func TestTaxesOfADay(t *testing.T) {
	s := settings.Default()
	s.Taxes = append(s.Taxes, settings.TaxRates{From: "2027-03-01", Hardware: "0.12", Software: "0.12", Service: "0.05"})
	if s.Check() != nil {
		t.Fatal(s.Check())
	}
	for at, want := range map[string]string{"2020-01-01T00:00:00Z": "0.06", "2027-02-28T15:59:59Z": "0.06", "2027-02-28T16:00:00Z": "0.05", "2030-01-01T00:00:00Z": "0.05"} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.TaxesAt(instant).Service; got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}
