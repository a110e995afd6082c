// Package tradetest is a marketplace for tests of trade and of what stands above it: one
// seller's server, one product per generation, buyers with balance. Its realm's clock
// stands, and jobs run only when the test says so.
package tradetest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
	"jishi/internal/base/money"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/edge/koogallery"
	"jishi/internal/edge/testpay"
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
)

// Market is the marketplace.
type Market struct {
	T       testing.TB
	DB      *db.DB
	Clock   *clock.Manual
	Trade   *trade.Trade
	Gateway *testpay.Server // plugged in
	Buyer   trade.Buyer
	Other   trade.Buyer
	Seller  string
	V1Key   string
	V2Key   string
	Address string            // the production address
	Plans   map[string]string // "V1" and "V2" → plan, 100.00 a month

	mu     sync.Mutex
	answer http.Handler
}

func (b *Market) Serve(h http.Handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = h
}

// New fills a fresh database.
func New(t testing.TB, d *db.DB) *Market {
	t.Helper()
	ctx := context.Background()
	b := &Market{T: t, DB: d, Clock: clock.NewManual(clock.Wall{}.Now()), Plans: map[string]string{}}
	d.SetClock(b.Clock)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		h := b.answer
		b.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)

	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	set := &settings.Store{DB: d}
	yes := func(context.Context) (bool, error) { return true, nil }
	sellers := &seller.Store{Box: box, Settings: set, Development: yes}
	client := outbound.New(outbound.Config{})
	t.Cleanup(client.CloseIdle)
	b.Trade = &trade.Trade{DB: d, Log: slog.New(slog.DiscardHandler), Settings: set, Sellers: sellers, Catalog: &catalog.Store{},
		Subscriptions: &subscription.Store{Box: box, Settings: set}, Withdrawals: &payment.Withdrawals{Box: box}, Notices: &notification.Store{DB: d, Box: box, Settings: set},
		Provider: &koogallery.Caller{Client: client, Timeout: 2 * time.Second}, PublicURL: "https://market.example"}

	if b.Gateway, err = testpay.New(testpay.Config{Play: true, DB: d, Box: box, Client: client, Log: b.Trade.Log}); err != nil {
		t.Fatal(err)
	}
	b.Trade.Gateways = gateway.Set{b.Gateway}

	b.Buyer = trade.Buyer{AccountID: b.Account("Buyer One", "verified"), UserID: "usr_buyer"}
	b.Other = trade.Buyer{AccountID: b.Account("Buyer Two", "verified"), UserID: "usr_other"}
	b.user(b.Buyer, "buyer@example.com")
	b.user(b.Other, "other@example.com")
	b.Seller = "sel_1"
	owner := trade.Buyer{AccountID: b.Account("Seller", "verified"), UserID: "usr_seller"}
	b.user(owner, "seller@example.com")
	b.Update(func(tx *db.Tx) error {
		if err := Exec(tx, `insert into sellers (id, account_id, name, form, service_email, created_at, updated_at) values ($1, $2, $3, '{}', 'service@example.com', $4, $4)`,
			b.Seller, owner.AccountID, `{"zh":"商家","en":"Seller"}`, tx.Now); err != nil {
			return err
		}
		b.V1Key = id.UUID()
		sealed, err := box.Seal([]byte(b.V1Key), "access_keys.secret:key_v1")
		if err != nil {
			return err
		}
		if err := Exec(tx, `insert into access_keys (id, seller_id, generation, secret, created_at) values ('key_v1', $1, 'v1', $2, $3)`, b.Seller, sealed, tx.Now); err != nil {
			return err
		}
		v2, err := sellers.CreateKey(ctx, tx, b.Seller, "base")
		if err != nil {
			return err
		}
		if b.V2Key, err = sellers.RevealKey(ctx, tx, b.Seller, v2.ID); err != nil {
			return err
		}
		a, err := sellers.AddAddress(ctx, tx, b.Seller, server.URL)
		if err != nil {
			return err
		}
		b.Address = a.ID
		return sellers.Bind(ctx, tx, seller.BindInput{SellerID: b.Seller, AddressID: a.ID, Category: seller.Base, KeyID: v2.ID, Confirmed: true})
	})
	for _, g := range []string{"V1", "V2"} {
		b.Plans[g] = b.product(g)
	}
	b.TopUp(b.Buyer, 1000_00)
	return b
}

func (b *Market) Account(name, realName string) string {
	acc := id.New("acc")
	b.Update(func(tx *db.Tx) error {
		return Exec(tx, `insert into accounts (id, kind, name, real_name_state, created_at) values ($1, 'company', $2, $3, $4)`, acc, name, realName, tx.Now)
	})
	return acc
}

func (b *Market) user(u trade.Buyer, email string) {
	b.Update(func(tx *db.Tx) error {
		return Exec(tx, `insert into users (id, account_id, email, name, owner, state, created_at) values ($1, $2, $3, 'Purchaser', $4, 'active', $5)`,
			u.UserID, u.AccountID, email, true, tx.Now)
	})
}

func (b *Market) product(generation string) string {
	p, v, s, l := id.New("prd"), id.New("ver"), id.New("spc"), id.New("pln")
	b.Update(func(tx *db.Tx) error {
		if err := Exec(tx, `insert into products (id, seller_id, delivery_type, state, live_version_id, name, address_id, path, generation, agreement_version, created_at, updated_at, released_at)
			values ($1, $2, 'saas', 'on_sale', $3, $4, $5, '/produceAPI', $6, 'site', $7, $7, $7)`,
			p, b.Seller, v, `{"zh":"产品","en":"Product"}`, b.Address, generation, tx.Now); err != nil {
			return err
		}
		if err := Exec(tx, `insert into product_versions (id, product_id, number, state, content, created_at, updated_at) values ($1, $2, 1, 'approved', '{"pictures":["pic"]}', $3, $3)`,
			v, p, tx.Now); err != nil {
			return err
		}
		if err := Exec(tx, `insert into specs (id, product_id, sku_code, name, state, position, created_at, updated_at) values ($1, $2, $3, $4, 'shown', 1, $5, $5)`,
			s, p, id.UUID(), `{"zh":"标准","en":"Standard"}`, tx.Now); err != nil {
			return err
		}
		return Exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at)
			values ($1, $2, $3, $4, 'PERIOD', 'month', '100', 1, 9, $5, $5)`, l, s, p, id.PlanNumber(), tx.Now)
	})
	return l
}

func Exec(tx *db.Tx, text string, args ...any) error {
	_, err := db.Exec(context.Background(), tx, text, args...)
	return err
}

func (b *Market) Update(fn func(tx *db.Tx) error) {
	b.T.Helper()
	if err := b.DB.Update(context.Background(), fn); err != nil {
		b.T.Fatal(err)
	}
}

func (b *Market) TopUp(who trade.Buyer, amount money.Amount) {
	b.T.Helper()
	ctx := context.Background()
	b.Update(func(tx *db.Tx) error {
		t, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: who.AccountID, UserID: who.UserID, Amount: amount, Currency: "CNY", Payer: "Buyer"})
		if err != nil {
			return err
		}
		_, err = payment.ConfirmTopUp(ctx, tx, t.ID, "")
		return err
	})
}

// Place makes an unpaid order for so many months.
func (b *Market) Place(generation string, months int) order.Order {
	b.T.Helper()
	var o order.Order
	b.Update(func(tx *db.Tx) error {
		q, _, err := b.Trade.Quote(context.Background(), tx, b.Buyer, trade.Wish{PlanID: b.Plans[generation], Periods: months})
		if err != nil {
			return err
		}
		o, err = b.Trade.Place(context.Background(), tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
		return err
	})
	return o
}

func (b *Market) Pay(o order.Order) error {
	return b.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := b.Trade.Pay(context.Background(), tx, b.Buyer, o.ID)
		return err
	})
}

// Buy places and pays.
func (b *Market) Buy(generation string) order.Order {
	b.T.Helper()
	o := b.Place(generation, 1)
	if err := b.Pay(o); err != nil {
		b.T.Fatal(err)
	}
	return o
}

// Claim takes the next call's job, whenever it is due, as a worker would.
func (b *Market) Claim() (j job.Job, ok bool) {
	b.T.Helper()
	return b.claim(fulfillment.JobKind)
}

func (b *Market) claim(kind string) (j job.Job, ok bool) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) (err error) {
		j, ok, err = db.Maybe[job.Job](context.Background(), tx, `update jobs set state = 'running', attempt = attempt + 1
			where id = (select id from jobs where kind = $1 and state = 'ready' order by run_at, id limit 1)
			returning id, kind, args, unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at`, kind)
		return err
	})
	return j, ok
}

// Step makes the next attempt of a call; it tells false when none is waiting.
func (b *Market) Step() bool {
	b.T.Helper()
	return b.step(fulfillment.JobKind)
}

// StepNotice makes the next attempt of an order notice.
func (b *Market) StepNotice() bool {
	b.T.Helper()
	return b.step(fulfillment.NotifyJobKind)
}

// Notify sets order notification up, with a key of its own, at the production address.
func (b *Market) Notify(kinds map[string]bool) (key string) {
	b.T.Helper()
	ctx := context.Background()
	b.Update(func(tx *db.Tx) error {
		k, err := b.Trade.Sellers.CreateKey(ctx, tx, b.Seller, "general")
		if err != nil {
			return err
		}
		if key, err = b.Trade.Sellers.RevealKey(ctx, tx, b.Seller, k.ID); err != nil {
			return err
		}
		if err := b.Trade.Sellers.Bind(ctx, tx, seller.BindInput{SellerID: b.Seller, AddressID: b.Address, Category: seller.General, KeyID: k.ID, Confirmed: true}); err != nil {
			return err
		}
		if err := Exec(tx, `update production_addresses set state = 'verified' where id = $1`, b.Address); err != nil {
			return err
		}
		_, err = b.Trade.Sellers.SetOrderNotification(ctx, tx, seller.NotifyInput{SellerID: b.Seller, AddressID: b.Address, Path: "/notices", Kinds: kinds})
		return err
	})
	return key
}

func (b *Market) step(kind string) bool {
	b.T.Helper()
	j, ok := b.claim(kind)
	if !ok {
		return false
	}
	if err := b.Trade.RunCall(context.Background(), j); err != nil {
		b.T.Fatal(err)
	}
	return true
}

// CloseWindow makes the windows of the open calls end now: the next failure is the last.
func (b *Market) CloseWindow() {
	b.T.Helper()
	b.Update(func(tx *db.Tx) error {
		return Exec(tx, `update fulfillment_calls set window_end = window_start where state in ('calling', 'retrying', 'waiting')`)
	})
}

func (b *Market) Order(o order.Order) order.Order {
	b.T.Helper()
	got, err := order.Find(context.Background(), b.DB, order.Everybody, o.ID)
	if err != nil {
		b.T.Fatal(err)
	}
	return got
}

func (b *Market) Instance(o order.Order) subscription.Instance {
	b.T.Helper()
	list, err := b.Trade.Subscriptions.OfOrder(context.Background(), b.DB, o.ID)
	if err != nil || len(list) != 1 {
		b.T.Fatal(len(list), err)
	}
	return list[0]
}

func (b *Market) Calls(o order.Order) []fulfillment.Call {
	b.T.Helper()
	list, err := fulfillment.OfInstance(context.Background(), b.DB, b.Instance(o).ID)
	if err != nil {
		b.T.Fatal(err)
	}
	return list
}

func (b *Market) Balance(a ledger.Account) money.Amount {
	b.T.Helper()
	v, err := ledger.Balance(context.Background(), b.DB, a)
	if err != nil {
		b.T.Fatal(err)
	}
	return v
}

// Sound checks the laws of the book.
func (b *Market) Sound() {
	b.T.Helper()
	if f, err := ledger.Faults(context.Background(), b.DB); err != nil || len(f) > 0 {
		b.T.Errorf("ledger: %v, %v", f, err)
	}
}

func (b *Market) Count(text string, args ...any) int {
	b.T.Helper()
	n, err := db.One[int](context.Background(), b.DB, text, args...)
	if err != nil {
		b.T.Fatal(err)
	}
	return n
}

// Raw answers with fixed bytes, unsigned.
func Raw(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

func WithHeader(name, value string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		next.ServeHTTP(w, r)
	})
}

func InstanceBody(id string) string {
	return fmt.Sprintf(`{"resultCode":"000000","resultMsg":"success.","instanceId":%q,"appInfo":{"frontEndUrl":"https://app.example/"}}`, id)
}
