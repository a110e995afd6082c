package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/base/telemetry"
	"jishi/internal/market/identity"
)

// Listening says where and how a node serves.
type Listening struct {
	Listen        string        `help:"Address and port to serve on (127.0.0.1:8080)." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	TLSCert       string        `name:"tls-cert" help:"Certificate chain in PEM; with --tls-key the node speaks HTTPS itself." placeholder:"FILE"`
	TLSKey        string        `name:"tls-key" help:"Private key of the certificate in PEM." placeholder:"FILE"`
	MetricsListen string        `help:"Serve /metrics, /healthz and /readyz here as well; without it /metrics answers requests from this machine only." placeholder:"HOST:PORT"`
	NodeName      string        `help:"Name of this node, unique among those on one database; empty: a random one." placeholder:"NAME"`
	DrainDelay    time.Duration `help:"How long a node that was asked to stop goes on serving, so that load balancers notice." default:"0s"`
}

// stopWithin is how long open requests may take when the node stops.
const stopWithin = 20 * time.Second

// Address is the node's address for people, when no public one was configured.
func (l Listening) Address(actual net.Addr) string {
	scheme := "http"
	if l.TLSCert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(actual.String())
	if err != nil {
		return scheme + "://" + actual.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// Work runs jobs, the node's heartbeat and the search index until ctx ends, then gives
// back what it has begun.
func (a *App) Work(ctx context.Context, nodeName string) error {
	m := newMember(a.DB, a.Log, nodeName, a.Box.CheckValue())
	if err := m.join(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // asked to stop before it had begun
		}
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { m.beat(ctx) })
	wg.Go(func() { a.Shelf.Run(ctx) })
	wg.Go(func() { a.realms.tend(ctx) })
	wg.Go(func() { (&job.Runner{DB: a.DB, Log: a.Log, Kinds: a.Jobs()}).Run(ctx) })
	wg.Wait()
	return nil
}

// Bind opens the listener. It comes first of all, because the address that links in
// letters begin with may follow from it.
func (l Listening) Bind() (net.Listener, error) {
	if (l.TLSCert == "") != (l.TLSKey == "") {
		return nil, errors.New("--tls-cert and --tls-key belong together")
	}
	listener, err := net.Listen("tcp", l.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", l.Listen, err)
	}
	return listener, nil
}

// Serve answers requests on the listener and works until ctx ends, then stops gracefully:
// the node says that it is not ready, gives jobs back and finishes open requests. ready is
// called once requests are answered. The listener is closed in the end.
func (a *App) Serve(ctx context.Context, listener net.Listener, l Listening, ready func()) error {
	defer listener.Close()
	health := telemetry.NewHealth(a.Log, telemetry.Check{Name: "database", Run: a.DB.Ping})
	handler, err := a.Handler(health)
	if err != nil {
		return err
	}
	server := a.server(handler)
	servers := []*http.Server{server}
	failed := make(chan error, 2)
	if l.MetricsListen != "" {
		inner, err := net.Listen("tcp", l.MetricsListen)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", l.MetricsListen, err)
		}
		private := a.server(a.private(health))
		servers = append(servers, private)
		go func() { failed <- private.Serve(inner) }()
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	worked := make(chan error, 1)
	go func() { worked <- a.Work(work, l.NodeName) }()
	go func() {
		if l.TLSCert != "" {
			failed <- server.ServeTLS(listener, l.TLSCert, l.TLSKey)
		} else {
			failed <- server.Serve(listener)
		}
	}()
	ready()
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
	case cause = <-worked:
		if cause == nil {
			cause = errors.New("the node's work ended by itself")
		}
		worked <- nil
	}
	a.Log.Info("stopping", "error", cause)
	health.Stop()
	if cause == nil && l.DrainDelay > 0 {
		time.Sleep(l.DrainDelay)
	}
	stopWork()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	for _, s := range servers {
		if err := s.Shutdown(grace); err != nil {
			s.Close()
		}
	}
	return errors.Join(cause, <-worked)
}

func (a *App) server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 3 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug)}
}

// private is what the inner listener serves.
func (a *App) private(health *telemetry.Health) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.Metrics.Handler())
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready)
	return mux
}

const sqlLiveSetup = `select count(*) from one_time_links where purpose = $1 and expires_at > $2 and not exists (select 1 from operators)`

// FirstStart tells what a node without any operator says at its start: a one-time address
// under which the first one is created. With several nodes on one database only the first
// makes one, since a new link ends the older; empty when there is nothing to say.
func (a *App) FirstStart(ctx context.Context) (string, error) {
	if a.Config.Postgres() {
		n, err := db.One[int](ctx, a.DB, sqlLiveSetup, identity.LinkSetup, clock.Wall{}.Now())
		if err != nil {
			return "", err
		}
		if n > 0 {
			return "There is no operator yet. Another node has printed the address to create the first one; jishi admin setup-link prints a new one.", nil
		}
	}
	link, none, err := a.SetupLink(ctx)
	if err != nil || !none {
		return "", err
	}
	return "There is no operator yet. Open this address within a day to create the first one; it works once:\n" + link, nil
}

// SetupLink makes the one-time address under which the first operator is created; ok is
// false when there is an operator already.
func (a *App) SetupLink(ctx context.Context) (address string, ok bool, err error) {
	err = a.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		address, err = a.Members.SetupLink(ctx, tx)
		return err
	})
	if errs.Is(err, "operator.exists") {
		return "", false, nil
	}
	return address, err == nil, err
}
