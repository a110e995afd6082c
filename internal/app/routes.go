package app

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"jishi/internal/base/clock"
	"jishi/internal/base/i18n"
	"jishi/internal/base/telemetry"
	"jishi/internal/base/throttle"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/catalogue"
	"jishi/internal/edge/console/discounts"
	"jishi/internal/edge/console/integration"
	"jishi/internal/edge/console/orders"
	"jishi/internal/edge/console/people"
	"jishi/internal/edge/console/probing"
	"jishi/internal/edge/console/sandboxes"
	"jishi/internal/edge/console/sellers"
	"jishi/internal/edge/console/vouchers"
	"jishi/internal/edge/koogallery"
	"jishi/internal/edge/testpay"
	"jishi/internal/edge/web"
)

// Console is the table of the API's subjects.
func (a *App) Console() *console.Console {
	c := console.New(console.Config{DB: a.DB, Log: a.Log, Version: apiVersion, Proxies: a.proxies,
		SessionOf: people.SessionOf(a.Authenticator, a.Settings), TokenOf: a.Authenticator.FromToken, NoLimits: a.Config.NoLimits})
	people.Register(c, people.Deps{Identity: a.Identity, Access: a.Access, Notices: a.Notices, Members: a.Members, Settings: a.Settings,
		Media: a.Media, Secure: strings.HasPrefix(a.Config.PublicURL, "https:"), Demo: a.Config.Demo, DemoAccounts: a.Config.DemoAccounts})
	sandboxes.Register(c, sandboxes.Deps{Realms: a.realms})
	a.subjects(c)
	return c
}

// subjects are those that a sandbox has as well.
func (a *App) subjects(c *console.Console) {
	orders.Register(c, orders.Deps{Trade: a.Trade, Subscriptions: a.Subscriptions, Settings: a.Settings, Identity: a.Identity, Exports: a.Exports})
	discounts.Register(c, discounts.Deps{Discounts: a.Discounts, Settings: a.Settings})
	vouchers.Register(c, vouchers.Deps{Trade: a.Trade, Settings: a.Settings})
	catalogue.Register(c, catalogue.Deps{Catalog: a.Catalog, Shelf: a.Shelf, Media: a.Media})
	sellers.Register(c, sellers.Deps{Sellers: a.Sellers, Identity: a.Identity, Media: a.Media, Client: a.Client})
	probing.Register(c, probing.Deps{Trade: a.Trade, Sellers: a.Sellers, Settings: a.Settings})
	integration.Register(c, integration.Deps{Integration: a.Integration, Sellers: a.Sellers, Catalog: a.Catalog})
}

// Handler is everything that the main listener serves.
func (a *App) Handler(health *telemetry.Health) (http.Handler, error) {
	api := a.Console()
	ui, err := web.New(web.Config{Origin: a.Config.PublicURL, Site: a.siteName, Head: a.head, Log: a.Log})
	if err != nil {
		return nil, err
	}
	reference, err := web.NewReference(api.OpenAPI)
	if err != nil {
		return nil, err
	}
	a.realms.ui = ui
	files, pages, sandboxes := a.Media.Handler(a.DB), http.Handler(ui), http.Handler(a.realms)
	if !a.Config.NoLimits {
		buckets := &throttle.Buckets{}
		files, pages, sandboxes = limited(buckets, a.proxies, files), limited(buckets, a.proxies, pages), limited(buckets, a.proxies, sandboxes)
	}
	mux := http.NewServeMux()
	mux.Handle("/api/v1/", api.Handler())
	mux.Handle("/files/", files)
	mux.Handle(realmPrefix, sandboxes)
	mux.Handle(koogallery.OpenAPIPrefix, a.openAPIServer(a.proxies))
	mux.HandleFunc("GET /openapi.json", reference.Document)
	mux.HandleFunc("GET /docs/api", reference.Page)
	mux.HandleFunc("GET /docs/api/style.css", reference.Style)
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready)
	mux.Handle("GET /metrics", fromHere(a.Metrics.Handler()))
	if a.TestPay != nil {
		mux.Handle(testpay.Path, a.TestPay.Handler())
	}
	mux.Handle("/", pages)

	outer := telemetry.HTTP{Log: a.Log, Metrics: a.Metrics, Proxies: a.proxies, Clock: clock.Wall{}}
	return outer.Wrap(web.Headers(a.proxies.Secure, mux)), nil
}

// openAPIServer is the open API that sellers' programs call; it is not part of the console's document.
func (a *App) openAPIServer(proxies telemetry.Proxies) *koogallery.Server {
	c := koogallery.ServerConfig{DB: a.DB, Log: a.Log, Identity: a.Identity, Subscriptions: a.Subscriptions,
		Settings: a.Settings, Proxies: proxies, TokenOf: a.Authenticator.FromToken, NoLimits: a.Config.NoLimits}
	if a.realms != nil {
		c.Beside = a.realms.askBeside
	}
	return koogallery.NewServer(c)
}

// apiVersion is the version of the API, not of the program.
const apiVersion = "1"

// OpenAPI is the API's document with the demo's operations; it needs no database.
func OpenAPI() ([]byte, error) {
	a := &App{Config: Config{Demo: true}, Log: slog.New(slog.DiscardHandler)}
	a.build()
	compact, err := a.Console().OpenAPI()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, compact, "", " ")
	b.WriteByte('\n')
	return b.Bytes(), err
}

func (a *App) siteName(ctx context.Context) (i18n.Text, error) {
	site, err := a.Settings.Site(ctx)
	return site.Name, err
}

// head gives the facts of the storefront's pages.
func (a *App) head(ctx context.Context, path string, lang i18n.Lang) (web.Page, error) {
	h, ok, err := a.Shelf.Head(ctx, path, lang)
	if err != nil || !ok {
		return web.Page{}, err
	}
	p := web.Page{Title: h.Title, Description: h.Description, Image: h.Image, Heading: h.Title, Missing: h.Missing}
	if strings.HasPrefix(path, "/products/") {
		p.Kind = "product"
	}
	for _, f := range h.Facts {
		p.Facts = append(p.Facts, web.Fact(f))
	}
	return p, nil
}

// fromHere admits requests from this machine that no proxy has passed on: numbers tell
// much about an installation. Others read them at --metrics-listen.
func fromHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		peer, err := netip.ParseAddr(host)
		passedOn := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-Proto") != ""
		if err != nil || !peer.Unmap().IsLoopback() || passedOn {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
