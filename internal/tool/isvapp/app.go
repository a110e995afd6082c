package isvapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// App is one running application on one folder. Two Apps must not share a folder.
type App struct {
	config    Config
	db        *sql.DB
	keys      keys
	publicURL atomic.Pointer[string]
	faulted   atomic.Int64 // calls that FailFirst has failed
	guard     guard
	handler   http.Handler
}

// New opens the folder, creating what is missing, and builds the application. Close it when Run is not used.
func New(c Config) (*App, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("isvapp: %w", err)
	}
	keys, err := loadKeys(c.Data)
	if err != nil {
		return nil, fmt.Errorf("isvapp: %w", err)
	}
	db, err := openStore(c.Data)
	if err != nil {
		return nil, fmt.Errorf("isvapp: %w", err)
	}
	a := &App{config: c, db: db, keys: keys, guard: newGuard(c.Now)}
	a.setPublicURL(c.PublicURL)
	a.handler = a.routes()
	return a, nil
}

// Handler returns the whole application: the production interface and the pages.
func (a *App) Handler() http.Handler { return a.handler }

// Close closes the database.
func (a *App) Close() error { return a.db.Close() }

// AdminPassword returns the password of /admin.
func (a *App) AdminPassword() string {
	if a.config.AdminPassword != "" {
		return a.config.AdminPassword
	}
	return a.keys.AdminPassword
}

// URL returns the public address, ProductionURL that of the production interface.
func (a *App) URL() string { return *a.publicURL.Load() }

// ProductionURL returns the address to register at the marketplace.
func (a *App) ProductionURL() string { return a.URL() + ProductionPath }

func (a *App) setPublicURL(url string) {
	url = strings.TrimRight(url, "/")
	a.publicURL.Store(&url)
}

// Run serves until the context ends, then lets running calls finish and closes the database.
func (a *App) Run(ctx context.Context) error {
	defer a.db.Close()
	listener := a.config.Listener
	if listener == nil {
		var err error
		if listener, err = net.Listen("tcp", a.config.Listen); err != nil {
			return fmt.Errorf("isvapp: %w", err)
		}
	}
	if a.URL() == "" {
		a.setPublicURL("http://" + listener.Addr().String())
	}
	server := &http.Server{
		Handler:           a.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err := server.Shutdown(grace)
		if err != nil {
			err = server.Close()
		}
		stopped <- err
	})
	a.config.Logger.Info("seller's application is ready", "name", a.config.Name, "url", a.URL(), "production", a.ProductionURL())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return fmt.Errorf("isvapp: %w", err)
	}
	return <-stopped
}

func (a *App) routes() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/board", http.StatusSeeOther) })
	pages.HandleFunc("GET /style.css", a.styleSheet)
	pages.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	pages.HandleFunc("GET /login", a.loginPage)
	pages.HandleFunc("POST /login", a.login)
	pages.HandleFunc("POST /logout", a.logout)
	pages.HandleFunc("GET /board", a.tenant(a.boardPage))
	pages.HandleFunc("POST /board", a.tenant(a.addNote))
	pages.HandleFunc("POST /board/{id}/done", a.tenant(a.toggleNote))
	pages.HandleFunc("POST /board/{id}/delete", a.tenant(a.deleteNote))
	pages.HandleFunc("GET /manage", a.tenant(a.managePage))
	pages.HandleFunc("GET /admin", a.adminPage)
	pages.HandleFunc("GET /admin/login", a.adminLoginPage)
	pages.HandleFunc("POST /admin/login", a.adminLogin)
	pages.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })

	root := http.NewServeMux()
	root.Handle(ProductionPath, a.production())
	root.Handle("/", secured(http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(pages, 64<<10))))
	return root
}

// secured sets the headers that keep the pages to themselves: no foreign assets, no script at all, no frames.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
