// Package integrationtest is a seller with a verified production address, both keys and a server that does everything
// right until a test changes it, for tests of application access and of what stands above it.
package integrationtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/edge/koogallery"
	"jishi/internal/market/integration"
	"jishi/internal/market/seller"
	"jishi/isv"
	"jishi/wire/saas"
)

// Path is where the server's interface stands.
const Path = "/produceAPI"

// Market is one seller with a server.
type Market struct {
	T       testing.TB
	DB      *db.DB
	Store   *integration.Store
	Sellers *seller.Store
	Clock   *clock.Manual // of the calls; it stands
	Seller  string
	Account string
	Address string
	V1Key   string
	V2Key   string
	V2KeyID string

	mu     sync.Mutex
	answer http.Handler
	server *httptest.Server
}

// New fills a fresh database; the switch "debug cases required" is on.
func New(t testing.TB, d *db.DB) *Market {
	t.Helper()
	m := &Market{T: t, DB: d, Clock: clock.NewManual(clock.Wall{}.Now()), Seller: "sel_1", Account: "acc_1"}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	m.server = server
	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	set := &settings.Store{DB: d}
	m.Sellers = &seller.Store{Box: box, Settings: set, Development: func(context.Context) (bool, error) { return true, nil }}
	client := outbound.New(outbound.Config{})
	t.Cleanup(client.CloseIdle)
	m.Store = &integration.Store{DB: d, Sellers: m.Sellers, Settings: set, Caller: &koogallery.Debugger{Client: client}, Clock: m.Clock}
	m.Require(true)
	m.AddSeller(m.Seller, m.Account)
	m.Update(func(ctx context.Context, tx *db.Tx) error {
		k, err := m.Sellers.V1Key(ctx, tx, m.Seller)
		if err != nil {
			return err
		}
		if m.V1Key, err = m.Sellers.RevealKey(ctx, tx, m.Seller, k.ID); err != nil {
			return err
		}
		a, err := m.Sellers.AddAddress(ctx, tx, m.Seller, server.URL)
		if err != nil {
			return err
		}
		m.Address = a.ID
		_, err = m.Sellers.ConfirmAddress(ctx, tx, a.ID, "opr_1", "test")
		return err
	})
	m.V2KeyID, m.V2Key = m.NewKey("base")
	m.Update(func(ctx context.Context, tx *db.Tx) error {
		return m.Sellers.Bind(ctx, tx, seller.BindInput{SellerID: m.Seller, AddressID: m.Address, Category: seller.Base, KeyID: m.V2KeyID, Confirmed: true})
	})
	m.Serve(m.NewServer(m.V1Key, m.V2Key))
	return m
}

// AddSeller writes a seller with its V1 Key, as admission leaves it.
func (m *Market) AddSeller(sellerID, accountID string) {
	m.T.Helper()
	m.Update(func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `insert into accounts (id, kind, name, real_name_state, created_at) values ($1, 'company', 'Seller', 'verified', $2)`, accountID, tx.Now); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `insert into sellers (id, account_id, name, form, service_email, created_at, updated_at) values ($1, $2, $3, '{}', 'service@example.com', $4, $4)`,
			sellerID, accountID, `{"zh":"商家","en":"Seller"}`, tx.Now); err != nil {
			return err
		}
		sealed, err := m.Sellers.Box.Seal([]byte(id.UUID()), "access_keys.secret:key_"+sellerID)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `insert into access_keys (id, seller_id, generation, secret, created_at) values ($1, $2, 'v1', $3, $4)`, "key_"+sellerID, sellerID, sealed, tx.Now)
		return err
	})
}

// NewKey makes a V2 key.
func (m *Market) NewKey(name string) (keyID, key string) {
	m.T.Helper()
	m.Update(func(ctx context.Context, tx *db.Tx) error {
		k, err := m.Sellers.CreateKey(ctx, tx, m.Seller, name)
		if err != nil {
			return err
		}
		keyID = k.ID
		key, err = m.Sellers.RevealKey(ctx, tx, m.Seller, k.ID)
		return err
	})
	return keyID, key
}

// Origin is where the server listens.
func (m *Market) Origin() string { return m.server.URL }

// Require sets the site's switch "debug cases required".
func (m *Market) Require(on bool) {
	m.T.Helper()
	site, version, err := m.Store.Settings.SiteVersion(context.Background())
	if err != nil {
		m.T.Fatal(err)
	}
	site.DebugCasesRequired = on
	m.Update(func(ctx context.Context, tx *db.Tx) error { return m.Store.Settings.SaveSite(ctx, tx, version, site) })
}

// Serve sets what answers at the address.
func (m *Market) Serve(h http.Handler) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = h
}

func (m *Market) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	h := m.answer
	m.mu.Unlock()
	h.ServeHTTP(w, r)
}

// Update runs fn in a transaction.
func (m *Market) Update(fn func(ctx context.Context, tx *db.Tx) error) {
	m.T.Helper()
	if err := m.DB.UpdateCtx(context.Background(), fn); err != nil {
		m.T.Fatal(err)
	}
}

// Target is the seller's address with Path.
func (m *Market) Target(g saas.Generation) integration.Target {
	return integration.Target{SellerID: m.Seller, AddressID: m.Address, Path: Path, Generation: g}
}

// Preset is a scenario's input as its form begins.
func (m *Market) Preset(t integration.Target, scenario string) integration.RunInput {
	m.T.Helper()
	form, err := m.Store.FormOf(context.Background(), m.DB, t, scenario)
	if err != nil {
		m.T.Fatal(err)
	}
	return integration.RunInput{Target: t, Scenario: scenario, Parameters: form.Values(), Save: true}
}

// Debug runs a scenario as its form begins and saves it.
func (m *Market) Debug(t integration.Target, scenario string) integration.Run {
	m.T.Helper()
	r, err := m.Store.Debug(context.Background(), m.Preset(t, scenario))
	if err != nil {
		m.T.Fatal(scenario, err)
	}
	return r
}

// DebugAll saves every scenario of a target, in their order.
func (m *Market) DebugAll(t integration.Target) {
	m.T.Helper()
	for _, sc := range saas.Scenarios(t.Generation) {
		if r := m.Debug(t, sc.Key); !r.Passed || !r.Saved {
			m.T.Fatalf("%s: %+v %s", sc.Key, r.Problem(), r.ResponseBody)
		}
	}
}

// Server is a seller's server in memory.
type Server struct {
	isv.Handler
	mu  sync.Mutex
	ids map[string]string
}

// NewServer does everything right with these keys; its clock is that of the calls.
func (m *Market) NewServer(v1, v2 string) *Server {
	s := &Server{ids: map[string]string{}}
	access := &saas.AppInfo{FrontEndURL: "https://app.example/", UserName: "admin", Password: "secret-password"}
	s.Handler = isv.Handler{V1Key: v1, V2Key: v2, Now: m.Clock.Now, Logger: slog.New(slog.DiscardHandler),
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			return isv.Instance{ID: s.InstanceOf(c.Key()), Access: access}, nil
		},
		Query: func(_ context.Context, q isv.Query) (isv.Instance, error) {
			return isv.Instance{ID: q.InstanceID, Access: access}, nil
		},
		Renew:       func(context.Context, isv.Renewal) error { return nil },
		Freeze:      func(context.Context, isv.Freeze) error { return nil },
		Release:     func(context.Context, isv.Release) error { return nil },
		Upgrade:     func(context.Context, isv.Upgrade) error { return nil },
		CheckChange: func(context.Context, isv.Change) error { return nil },
	}
	return s
}

// InstanceOf is the instance of what was bought.
func (s *Server) InstanceOf(bought string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[bought] == "" {
		s.ids[bought] = fmt.Sprintf("inst-%d", len(s.ids)+1)
	}
	return s.ids[bought]
}

// Activity reads what a request is about and leaves its body in place.
func Activity(r *http.Request) saas.Activity {
	if r.Method == http.MethodGet {
		return saas.Activity(r.URL.Query().Get("activity"))
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	p, _ := saas.ParseBody(body)
	return saas.Activity(p["activity"])
}

// Rewrite changes an answer after it was made and signed.
func Rewrite(next http.Handler, change func(status int, h http.Header, body []byte) (int, []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		status, body := change(rec.Code, rec.Header(), rec.Body.Bytes())
		rec.Header().Del("Content-Length")
		for name, v := range rec.Header() {
			w.Header()[name] = v
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}
