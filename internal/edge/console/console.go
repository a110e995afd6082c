// Package console is the typed HTTP API under /api/v1: what the browser UI uses and what
// a script can use as well.
//
// It holds the frame: who is calling, permissions, one transaction per writing call,
// idempotency keys, localised problems (RFC 9457) and limits. Each subject registers its
// operations from a package of its own below this one. An operation parses, calls one
// function and renders; it holds no rule.
package console

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jishi/internal/base/db"
	"jishi/internal/base/telemetry"
	"jishi/internal/base/throttle"
	"jishi/internal/market/access"
)

// Session is what authentication knows of a browser session besides the caller.
type Session struct {
	CSRF            string
	AuthenticatedAt time.Time // when the password was last entered
	HasFactor       bool      // a second factor is set up, and is asked for instead of the password
	ProvenAt        time.Time // when it was last proven
	ProofLife       time.Duration
	FactorDue       bool // one is required and not set up
}

// Config is what the frame needs.
type Config struct {
	DB        *db.DB
	Log       *slog.Logger
	Version   string
	SessionOf func(ctx context.Context, token, address string) (access.Caller, Session, error)
	TokenOf   func(ctx context.Context, bearer, address string) (access.Caller, error)
	Proxies   telemetry.Proxies
	NoLimits  bool // benchmarks only
}

// Console is the API being put together.
type Console struct {
	Config
	API huma.API

	mux         *http.ServeMux
	limits      throttle.Buckets
	registering string // the operation whose types are being named
}

// New makes an API without operations.
func New(c Config) *Console {
	problemsOnce.Do(localiseProblems)
	mux := http.NewServeMux()
	hc := huma.DefaultConfig("Jishi marketplace API", c.Version)
	hc.OpenAPIPath, hc.DocsPath, hc.SchemasPath = "", "", ""
	hc.CreateHooks = nil // no $schema links in bodies
	hc.Info.Description = "Everything the marketplace's pages do. Browser sessions send X-CSRF-Token with writing calls; scripts send a bearer token. Amounts are texts with two decimals, times are RFC 3339 in UTC, lists are paged by cursor."
	hc.Servers = []*huma.Server{{URL: "/api/v1"}}
	console := &Console{Config: c, mux: mux}
	hc.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", console.schemaName)
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: SessionCookie},
		"token":   {Type: "http", Scheme: "bearer", Description: "API token, jst_…"},
	}
	console.API = humago.NewWithPrefix(mux, "/api/v1", hc)
	return console
}

// Handle adds a plain handler to the API's mux, for bodies that are no JSON.
func (c *Console) Handle(pattern string, h http.Handler) { c.mux.Handle(pattern, h) }

// OpenAPI is the document of all registered operations, in OpenAPI 3.1.
func (c *Console) OpenAPI() ([]byte, error) { return c.API.OpenAPI().MarshalJSON() }

// Handler serves the API. Unknown paths below it are 404 problems.
func (c *Console) Handler() http.Handler {
	c.mux.HandleFunc("/api/v1/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, errNoOperation)
	})
	return c.frame(telemetry.Routes(c.mux))
}

var problemsOnce sync.Once
