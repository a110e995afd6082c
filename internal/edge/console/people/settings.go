package people

import (
	"context"
	"net/http"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/media"
)

// siteSettings is the site without its secret.
type siteSettings struct {
	Site            settings.Site `json:"site"`
	Version         int64         `json:"version"`
	LogoURL         string        `json:"logoUrl"`
	MailPasswordSet bool          `json:"mailPasswordSet"`
}

type settingsInput struct {
	Body struct {
		Site    settings.Site `json:"site"`
		Version int64         `json:"version" doc:"As read; somebody else's change in between is a conflict"`
	}
}

func (a api) settings() {
	console.Read(a.c, console.Op{Path: "/operator/settings", ID: "get-settings", Tag: tagSystem, Need: access.SettingsWrite, Summary: "The site's settings"},
		func(ctx context.Context, _ *struct{}) (siteSettings, error) {
			site, version, err := a.Settings.SiteVersion(ctx)
			return present(site, version), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/operator/settings", ID: "save-settings", Tag: tagSystem, Need: access.SettingsWrite, Recent: true,
		Summary: "Change the site's settings; an empty mail password keeps the stored one"},
		func(ctx context.Context, tx *db.Tx, in *settingsInput) (siteSettings, error) {
			before, _, err := a.Settings.SiteVersion(ctx)
			if err != nil {
				return siteSettings{}, err
			}
			site := in.Body.Site
			if err := a.checkLogo(ctx, tx, site.LogoKey); err != nil {
				return siteSettings{}, err
			}
			if site.Currency != before.Currency {
				if err := currencyOpen(ctx, tx); err != nil {
					return siteSettings{}, err
				}
			}
			if site.Security.OperatorsNeedFactor && !before.Security.OperatorsNeedFactor && !console.CallerFrom(ctx).HasFactor {
				return siteSettings{}, errs.Conflictf("second_factor.first") // whoever wants it of others has it
			}
			if site.Mail, err = a.Notices.SealMailPassword(site.Mail, before.Mail); err != nil {
				return siteSettings{}, err
			}
			if err := a.Settings.SaveSite(ctx, tx, in.Body.Version, site); err != nil {
				return siteSettings{}, err
			}
			return present(site, in.Body.Version+1), audit.Record(ctx, tx, audit.Entry{Action: "settings.save", Object: "settings", ObjectID: "site",
				Detail: map[string]any{"before": masked(before), "after": masked(site)}})
		})
}

const sqlTraded = `select 1 from (select 1 from orders union all select 1 from topups) as traded limit 1`

// currencyOpen refuses another currency once money was announced or an order placed:
// balances are numbers, and would be spent as the new currency's.
func currencyOpen(ctx context.Context, q db.Querier) error {
	_, traded, err := db.Maybe[int](ctx, q, sqlTraded)
	if err != nil {
		return err
	}
	var c errs.Check
	if traded {
		c.Add("currency", "settings.currency_fixed")
	}
	return c.Err()
}

// checkLogo wants a public picture that was uploaded here, or none.
func (a api) checkLogo(ctx context.Context, q db.Querier, key string) error {
	if key == "" {
		return nil
	}
	f, err := media.Get(ctx, q, key)
	if err != nil && !errs.Is(err, "media.not_found") {
		return err
	}
	var c errs.Check
	if err != nil || f.Private || !strings.HasPrefix(f.ContentType, "image/") {
		c.Add("logoKey", "unknown")
	}
	return c.Err()
}

func present(s settings.Site, version int64) siteSettings {
	return siteSettings{Site: masked(s), Version: version, LogoURL: media.URL(s.LogoKey), MailPasswordSet: s.Mail.Password != ""}
}

func masked(s settings.Site) settings.Site {
	s.Mail.Password = ""
	return s
}

type legalInput struct {
	Text string `path:"text" doc:"terms, privacy or purchase"`
}

type legalPage struct {
	HTML    string `json:"html" doc:"Sanitised"`
	Version string `json:"version"`
	Date    string `json:"date"`
}

// legal are the texts that everybody may read before agreeing.
func (a api) legal() {
	console.Read(a.c, console.Op{Path: "/legal/{text}", ID: "get-legal-text", Tag: "Storefront", Summary: "A legal text of the site in the reader's language"},
		func(ctx context.Context, in *legalInput) (legalPage, error) {
			site, err := a.Settings.Site(ctx)
			if err != nil {
				return legalPage{}, err
			}
			t, ok := map[string]settings.LegalText{"terms": site.Legal.Terms, "privacy": site.Legal.Privacy, "purchase": site.Legal.Purchase}[in.Text]
			if !ok {
				return legalPage{}, errNoFile
			}
			return legalPage{HTML: catalog.RenderMarkdown(t.Text.In(console.LangFrom(ctx))), Version: t.Version, Date: t.Date}, nil
		})
}
