package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"jishi/internal/market/seller"
	"jishi/internal/tool/isvapp"
)

// failingPath is the production address of the product that shows a failed delivery: it works
// while the product is debugged and released, and answers every call with a server error from
// then on.
const failingPath = "/broken" + isvapp.ProductionPath

// origin is one sample seller's server. It proves its ownership to the marketplace, and
// delivers as soon as its keys are known.
type origin struct {
	listener net.Listener
	server   *http.Server
	proofs   proofs
	app      atomic.Pointer[isvapp.App]
	whole    atomic.Bool // failingPath works
}

// proofs are the lines of the verification file, one per seller.
type proofs struct {
	mu    sync.Mutex
	lines []string
}

func (p *proofs) add(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
}

func (p *proofs) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n") + "\n"
}

// open listens on the host's port; port 0 takes a free one.
func open(host string, port int) (*origin, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("sample seller's server (is this demo running already?): %w", err)
	}
	o := &origin{listener: l}
	o.server = &http.Server{Handler: http.HandlerFunc(o.serve), ReadHeaderTimeout: readHeaderTimeout, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	go func() { _ = o.server.Serve(l) }() // ends with close
	return o, nil
}

func (o *origin) port() int { return o.listener.Addr().(*net.TCPAddr).Port }

// address is where the marketplace reaches the server.
func (o *origin) address() string { return "http://127.0.0.1:" + strconv.Itoa(o.port()) }

func (o *origin) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == seller.VerificationPath:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(o.proofs.text()))
	case r.URL.Path == failingPath && o.whole.Load() && o.app.Load() != nil:
		r.URL.Path = isvapp.ProductionPath
		o.app.Load().Handler().ServeHTTP(w, r)
	case r.URL.Path == failingPath:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("<html><body><h1>500 Internal Server Error</h1><p>demo: this server never works</p></body></html>"))
	case o.app.Load() == nil:
		http.Error(w, "starting", http.StatusServiceUnavailable)
	default:
		o.app.Load().Handler().ServeHTTP(w, r)
	}
}

// deliver starts the application behind the address.
func (o *origin) deliver(c isvapp.Config) error {
	a, err := isvapp.New(c)
	if err != nil {
		return err
	}
	o.app.Store(a)
	return nil
}

func (o *origin) close(ctx context.Context) error {
	err := o.server.Shutdown(ctx)
	if a := o.app.Load(); a != nil {
		err = errors.Join(err, a.Close())
	}
	return err
}

// serverFolder is where a sample server keeps its instances.
func serverFolder(data string, i int) string {
	return filepath.Join(data, "servers", strconv.Itoa(i+1))
}
