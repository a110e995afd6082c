package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/base/telemetry"
	"jishi/internal/edge/console/orders"
	"jishi/internal/edge/koogallery"
	"jishi/internal/edge/testpay"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/shelf"
	"jishi/internal/market/discount"
	"jishi/internal/market/export"
	"jishi/internal/market/identity"
	"jishi/internal/market/integration"
	"jishi/internal/market/media"
	"jishi/internal/market/notification"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/membership"
)

// App is one marketplace: every part with what it needs. Its fields are set by Open and
// never change.
type App struct {
	Config Config
	Log    *slog.Logger
	DB     *db.DB
	Box    *secret.Box
	Blob   blob.Store

	Metrics  *telemetry.Metrics
	Client   *outbound.Client
	Settings *settings.Store

	Identity      *identity.Store
	Access        *access.Store
	Authenticator *access.Authenticator
	Notices       *notification.Store
	Members       *membership.Desk
	Media         *media.Store
	Sellers       *seller.Store
	Integration   *integration.Store
	Catalog       *catalog.Store
	Discounts     *discount.Store
	Shelf         *shelf.Shelf
	Subscriptions *subscription.Store
	Trade         *trade.Trade
	TestPay       *testpay.Server // demos and sandboxes only
	Exports       *export.Store

	proxies telemetry.Proxies
	realms  *realms // the sellers' sandboxes; nil in a sandbox
	inside  *inside // what makes this App a sandbox; nil in the installation's own marketplace
}

// Open opens the database, brings an SQLite file to the program's schema (a PostgreSQL
// server's must be there already: see Migrate), checks the master key and builds the
// parts. Nothing runs yet. Close it in the end.
func Open(ctx context.Context, c Config, log *slog.Logger) (_ *App, err error) {
	a := &App{Config: c, Log: log}
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if a.Config.PublicURL, err = c.origin(); err != nil {
		return nil, err
	}
	if a.proxies, err = telemetry.ParseProxies(c.TrustedProxies); err != nil {
		return nil, err
	}
	if !c.KeepSchema {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return nil, err
		}
	}
	key, err := c.Key(c.Storage, !c.KeepSchema)
	if err != nil {
		return nil, err
	}
	if a.Box, err = secret.NewBox(key); err != nil {
		return nil, err
	}
	if a.Blob, err = c.OpenStore(c.Storage); err != nil {
		return nil, err
	}
	if a.DB, err = OpenDatabase(ctx, c.Storage, log, false); err != nil {
		return nil, err
	}
	if !c.Postgres() && !c.KeepSchema {
		if _, _, err := Migrate(ctx, a.DB); err != nil {
			return nil, err
		}
	}
	if err := CheckSchema(ctx, a.DB); err != nil {
		return nil, err
	}
	a.build()
	return a, checkKey(ctx, a.DB, a.Box)
}

// build makes the parts, each from those above it. A sandbox has been given the client and
// the figures of the marketplace that it belongs to.
func (a *App) build() {
	a.Settings = &settings.Store{DB: a.DB}
	if a.inside == nil {
		a.Metrics = telemetry.NewMetrics(VersionText())
		a.Client = outbound.New(outbound.Config{UserAgent: "Jishi/" + VersionText(), DevelopmentNetworks: a.developmentNetworks})
		a.realms = newRealms(a)
	}

	a.Identity = &identity.Store{Box: a.Box}
	a.Access = &access.Store{Identity: a.Identity}
	a.Authenticator = &access.Authenticator{DB: a.DB, Identity: a.Identity}
	a.Notices = &notification.Store{DB: a.DB, Box: a.Box, Settings: a.Settings, Silent: a.inside != nil}
	a.Members = &membership.Desk{Identity: a.Identity, Access: a.Access, Notices: a.Notices, PublicURL: a.Config.PublicURL}
	a.Media = &media.Store{Blob: a.Blob}
	a.Sellers = &seller.Store{Box: a.Box, Settings: a.Settings, Development: a.development, Uses: a.addressUses, Notify: a.notifySeller}
	a.Integration = &integration.Store{DB: a.DB, Sellers: a.Sellers, Settings: a.Settings, Caller: &koogallery.Debugger{Client: a.Client}}
	a.Shelf = shelf.New(a.DB, a.Settings, filepath.Join(a.Config.Data, "search"), a.Log) // a sandbox's is not run: the database is searched
	a.Catalog = &catalog.Store{Sellers: a.Sellers, Integration: a.Integration, Settings: a.Settings, Notices: a.Notices, Changed: a.Shelf.Changed}
	a.Discounts = &discount.Store{Catalog: a.Catalog, Notices: a.Notices, PublicURL: a.Config.PublicURL}
	a.Subscriptions = &subscription.Store{Box: a.Box, Settings: a.Settings}
	a.Trade = &trade.Trade{DB: a.DB, Log: a.Log, Settings: a.Settings, Sellers: a.Sellers, Catalog: a.Catalog,
		Subscriptions: a.Subscriptions, Withdrawals: &payment.Withdrawals{Box: a.Box}, Notices: a.Notices, Provider: &koogallery.Caller{Client: a.Client},
		RunCases: trade.SavedCases(a.DB, a.Catalog, a.Integration), PublicURL: a.Config.PublicURL}
	a.Exports = &export.Store{DB: a.DB, Blob: a.Blob, Sources: orders.ExportSources(a.Settings)}
	a.plugGateways()
}

// plugGateways plugs in the payment gateways of this installation. The one for play refuses to
// be where real money moves.
func (a *App) plugGateways() {
	c := testpay.Config{Play: a.Config.Demo || a.inside != nil, DB: a.DB, Box: a.Box, Client: a.Client, Log: a.Log, Origin: a.Config.PublicURL}
	if a.inside != nil {
		c.Post = a.inside.post
	}
	play, err := testpay.New(c)
	if err == nil {
		a.TestPay, a.Trade.Gateways = play, gateway.Set{play}
	}
}

// addressUses asks the catalogue, which stands above package seller.
func (a *App) addressUses(ctx context.Context, q db.Querier, addressID string) (int, error) {
	return a.Catalog.AddressUses(ctx, q, addressID)
}

// Close closes what Open opened. The node must have stopped.
func (a *App) Close() error {
	var problems []error
	if a.realms != nil {
		a.realms.close()
	}
	if a.Client != nil {
		a.Client.CloseIdle()
	}
	if a.DB != nil {
		problems = append(problems, a.DB.Close())
	}
	if c, ok := a.Blob.(io.Closer); ok {
		problems = append(problems, c.Close())
	}
	return errors.Join(problems...)
}

// development tells whether the operator admits development addresses at all.
func (a *App) development(ctx context.Context) (bool, error) {
	site, err := a.Settings.Site(ctx)
	return len(site.DevelopmentAddresses) > 0, err
}

// developmentNetworks are the networks that a development address may lie in.
func (a *App) developmentNetworks() []netip.Prefix {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	site, err := a.Settings.Site(ctx)
	if err != nil {
		a.Log.Warn("development addresses", "error", err)
		return nil
	}
	var out []netip.Prefix
	for _, text := range site.DevelopmentAddresses {
		if p, err := netip.ParsePrefix(text); err == nil { // the settings were checked when they were saved
			out = append(out, p.Masked())
		}
	}
	return out
}
