package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"runtime/debug"
	"time"

	"jishi/internal/app"
	"jishi/internal/base/secret"
	"jishi/internal/edge/console/people"
)

const readHeaderTimeout = 10 * time.Second

// servers is how many sample sellers' servers run.
const servers = 2

// Options are the flags of `jishi demo`.
type Options struct {
	app.Storage   `embed:""`
	app.Listening `embed:""`
	PublicURL     string `help:"Address under which people reach the demo, when it is not the one of --listen." placeholder:"URL"`
	Public        bool   `help:"Allow a --listen address that other machines can reach. The demo page shows every password."`
	Reset         bool   `help:"Delete the demo's data and begin anew. Folders that are not a demo's are refused." env:"-"`
}

// check refuses what would show the demo's passwords to others by accident.
func (o Options) check() error {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	ip, err := netip.ParseAddr(host)
	local := host == "localhost" || err == nil && ip.Unmap().IsLoopback()
	if !local && !o.Public {
		return fmt.Errorf("--listen %s can be reached from other machines and the demo shows its passwords to every visitor: add --public if that is wanted", o.Listen)
	}
	return nil
}

// Run serves the demo until ctx ends.
func Run(ctx context.Context, o Options, log *slog.Logger, out io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	listener, err := o.Bind()
	if err != nil {
		return err
	}
	defer listener.Close()
	s, found, err := prepare(o.Data, o.Reset, o.Postgres())
	if err != nil {
		return err
	}
	s.URL = o.PublicURL
	if s.URL == "" {
		s.URL = o.Address(listener.Addr())
	}
	origins, err := openOrigins(listener, &s)
	if err != nil {
		return err
	}
	defer closeOrigins(ctx, origins)
	a, err := openApp(ctx, o, s, log)
	if err != nil {
		return err
	}
	defer a.Close()
	if found {
		err = startServers(ctx, a, origins)
	} else {
		fmt.Fprintln(out, "Filling the demo. This happens once and takes some seconds.")
		s.Accounts, err = fill(ctx, a, origins, func(text string) { fmt.Fprintln(out, "  "+text) })
	}
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // the pictures are drawn
	s.Filled = true
	for i, o := range origins {
		s.Servers[i].URL, s.Servers[i].Password = o.publicURL(s.URL), o.app.Load().AdminPassword()
	}
	if err := s.write(o.Data); err != nil {
		return err
	}
	return a.Serve(ctx, listener, o.Listening, func() { s.print(out, filepath.Join(o.Data, stateName)) })
}

// openOrigins opens the sample servers on the ports chosen at the first start, on the
// marketplace's own interface.
func openOrigins(listener net.Listener, s *state) ([]*origin, error) {
	host, _, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	if ip, err := netip.ParseAddr(host); err == nil && !ip.IsLoopback() {
		host = "" // the marketplace calls 127.0.0.1, browsers another address
	} else {
		host = "127.0.0.1"
	}
	var out []*origin
	for i := range servers {
		if len(s.Servers) <= i {
			s.Servers = append(s.Servers, serverState{Name: originName(i)})
		}
		o, err := open(host, s.Servers[i].Port)
		if err != nil {
			closeOrigins(context.Background(), out)
			return nil, err
		}
		s.Servers[i].Port = o.port()
		out = append(out, o)
	}
	return out, nil
}

func closeOrigins(ctx context.Context, list []*origin) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, o := range list {
		_ = o.close(ctx) // the process ends; its data is on the disk already
	}
}

func openApp(ctx context.Context, o Options, s state, log *slog.Logger) (*app.App, error) {
	c := app.Config{Storage: o.Storage, PublicURL: s.URL, Demo: true}
	c.Blobs, c.SharedFiles = "dir", true // one node
	key, _, err := secret.LoadOrCreateFile(filepath.Join(o.Data, "master.key"))
	if err != nil {
		return nil, err
	}
	c.MasterKey = key.Encode()
	data := o.Data
	c.DemoAccounts = func(context.Context) ([]people.DemoAccount, error) {
		now, _, err := readState(data)
		return now.Accounts, err
	}
	if o.Postgres() {
		d, err := app.OpenDatabase(ctx, o.Storage, log, false)
		if err != nil {
			return nil, err
		}
		_, _, err = app.Migrate(ctx, d)
		if err = errors.Join(err, d.Close()); err != nil {
			return nil, err
		}
	}
	return app.Open(ctx, c, log)
}

// fill makes the data beside a working job runner, which delivers.
func fill(ctx context.Context, a *app.App, origins []*origin, tell func(string)) ([]people.DemoAccount, error) {
	m, err := loadMarket()
	if err != nil {
		return nil, err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	worked := make(chan error, 1)
	go func() { worked <- a.Work(work, "demo-fill") }()
	f := &filler{App: a, market: m, origins: origins, tell: tell}
	err = f.run(ctx)
	stop()
	return f.accounts, errors.Join(err, <-worked)
}

// print tells where everything is and who may sign in.
func (s state) print(out io.Writer, file string) {
	fmt.Fprintf(out, "\nJishi demo %s: %s\n\n", app.VersionText(), s.URL)
	fmt.Fprintf(out, "  %-9s %-30s %-22s %s\n", "Role", "E-mail", "Password", "Who")
	for _, a := range s.Accounts {
		who := a.Name
		if a.Account != "" {
			who += ", " + a.Account
		}
		fmt.Fprintf(out, "  %-9s %-30s %-22s %s\n", a.Role, a.Email, a.Password, who)
	}
	fmt.Fprintln(out)
	for _, x := range s.Servers {
		fmt.Fprintf(out, "  %s, a sample seller's server: %s/admin, password %s\n", x.Name, x.URL, x.Password)
	}
	fmt.Fprintf(out, "\n  Operators sign in at %s/operator. All this stands in %s as well. Stop with Ctrl-C.\n\n", s.URL, file)
}
