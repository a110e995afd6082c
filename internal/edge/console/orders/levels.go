package orders

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

// accountLevel is the customer level of an account.
type accountLevel struct {
	Given   string                 `json:"given" doc:"Given by an operator; empty: the site's default holds"`
	Level   settings.Level         `json:"level" doc:"That holds, with its days of grace and retention"`
	Default string                 `json:"default"`
	Levels  []settings.Level       `json:"levels" doc:"The site's table"`
	History []identity.LevelChange `json:"history" doc:"The newest first"`
}

func (d Deps) level(ctx context.Context, q db.Querier, accountID string) (accountLevel, error) {
	var out accountLevel
	var err error
	if out.Given, err = d.Identity.Level(ctx, q, accountID); err != nil {
		return out, err
	}
	if out.Level, err = d.Trade.Level(ctx, q, accountID); err != nil {
		return out, err
	}
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return out, err
	}
	out.Default, out.Levels = site.Levels.Default, site.Levels.Table
	out.History, err = d.Identity.LevelChanges(ctx, q, accountID)
	return out, err
}

func registerLevels(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/operator/accounts/{id}/level", ID: "get-account-level", Tag: "Operating", Need: access.AccountOversee,
		Summary: "The customer level of an account"},
		func(ctx context.Context, in *struct {
			ID string `path:"id"`
		}) (out accountLevel, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = d.level(ctx, q, in.ID)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/operator/accounts/{id}/level", ID: "set-account-level", Tag: "Operating", Need: access.AccountLevel,
		Summary: "Give an account a customer level; longer days hold at once for what has expired, shorter ones for later ends"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Level  string `json:"level" required:"false" doc:"Empty: the site's default"`
				Reason string `json:"reason" required:"false"`
			}
		}) (accountLevel, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return accountLevel{}, err
			}
			if err := d.Identity.SetLevel(ctx, tx, site, in.ID, in.Body.Level, in.Body.Reason); err != nil {
				return accountLevel{}, err
			}
			if err := d.Trade.LevelChanged(ctx, tx, in.ID); err != nil {
				return accountLevel{}, err
			}
			return d.level(ctx, tx, in.ID)
		})
}
