package bench

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"jishi/internal/app"
	"jishi/internal/base/secret"
	"jishi/internal/base/telemetry"
)

// stage is a running marketplace with data, and what the measures need to reach it.
type stage struct {
	Options
	data, url string
	app       *app.App
	address   string // of the HTTP server
	server    *http.Server
	work      context.CancelFunc
	working   sync.WaitGroup

	sellerID, sellerAccount, sellerUser, addressID string
	v1Key, v2Key                                   string
	content                                        contentMaker
	products                                       []string
	plans                                          map[string]string // generation → plan of the product whose orders are measured
	tokens                                         []string
	buyers                                         []buyer
	receiver                                       *receiver
	existing                                       int // orders that fillOrders made
}

func open(ctx context.Context, o Options, data, url string) (*stage, error) {
	s := &stage{Options: o, data: data, url: url, plans: map[string]string{}}
	c := config(data, url)
	if _, _, err := secret.LoadOrCreateFile(c.MasterKeyFile); err != nil {
		return nil, err
	}
	if url != "" {
		d, err := app.OpenDatabase(ctx, c.Storage, quiet(), false)
		if err != nil {
			return nil, err
		}
		_, _, err = app.Migrate(ctx, d)
		d.Close()
		if err != nil {
			return nil, err
		}
	}
	a, err := app.Open(ctx, c, quiet())
	if err != nil {
		return nil, err
	}
	s.app = a
	if s.receiver, err = newReceiver(); err != nil {
		a.Close()
		return nil, err
	}
	if err := s.fill(ctx); err != nil {
		s.close()
		return nil, err
	}
	if err := s.serve(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// serve answers HTTP and follows the catalogue; jobs run only in the measure of
// deliveries, so that they do not disturb the others.
func (s *stage) serve(ctx context.Context) error {
	handler, err := s.app.Handler(telemetry.NewHealth(quiet()))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.address = listener.Addr().String()
	s.server = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go s.server.Serve(listener)
	work, stop := context.WithCancel(ctx)
	s.work = stop
	s.working.Go(func() { s.app.Shelf.Run(work) })
	ready, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if !s.app.Shelf.WaitReady(ready) {
		return context.DeadlineExceeded
	}
	return nil
}

func (s *stage) close() {
	if s.work != nil {
		s.work()
		s.working.Wait()
	}
	if s.server != nil {
		s.server.Close()
	}
	if s.receiver != nil {
		s.receiver.server.Close()
	}
	s.app.Close()
}

func (s *stage) duration() time.Duration { return time.Duration(s.Seconds) * time.Second }
