package trade_test

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
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
)

// bundle is a marketplace with one seller's server, one product per generation and one
// buyer. Its realm's clock stands; jobs run only when the test says so.
type bundle struct {
	t      *testing.T
	d      *db.DB
	clock  *clock.Manual
	trade  *trade.Trade
	buyer  trade.Buyer
	other  trade.Buyer
	seller string
	v1Key  string
	v2Key  string
	plans  map[string]string // "V1" and "V2" → plan, 100.00 a month

	mu      sync.Mutex
	answer  http.Handler
	address string
}

func (b *bundle) serve(h http.Handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = h
}

func newBundle(t *testing.T, d *db.DB) *bundle {
	t.Helper()
	ctx := context.Background()
	b := &bundle{t: t, d: d, clock: clock.NewManual(clock.Wall{}.Now()), plans: map[string]string{}}
	d.SetClock(b.clock)
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
	b.trade = &trade.Trade{DB: d, Log: slog.New(slog.DiscardHandler), Settings: set, Sellers: sellers, Catalog: &catalog.Store{},
		Subscriptions: &subscription.Store{Box: box}, Notices: &notification.Store{DB: d, Box: box, Settings: set},
		Provider: &koogallery.Caller{Client: client, Timeout: 2 * time.Second}, PublicURL: "https://market.example"}

	b.buyer = trade.Buyer{AccountID: b.account("Buyer One", "verified"), UserID: "usr_buyer"}
	b.other = trade.Buyer{AccountID: b.account("Buyer Two", "verified"), UserID: "usr_other"}
	b.user(b.buyer, "buyer@example.com")
	b.user(b.other, "other@example.com")
	b.seller = "sel_1"
	owner := trade.Buyer{AccountID: b.account("Seller", "verified"), UserID: "usr_seller"}
	b.user(owner, "seller@example.com")
	b.update(func(tx *db.Tx) error {
		if err := exec(tx, `insert into sellers (id, account_id, name, form, service_email, created_at, updated_at) values ($1, $2, $3, '{}', 'service@example.com', $4, $4)`,
			b.seller, owner.AccountID, `{"zh":"商家","en":"Seller"}`, tx.Now); err != nil {
			return err
		}
		b.v1Key = id.UUID()
		sealed, err := box.Seal([]byte(b.v1Key), "access_keys.secret:key_v1")
		if err != nil {
			return err
		}
		if err := exec(tx, `insert into access_keys (id, seller_id, generation, secret, created_at) values ('key_v1', $1, 'v1', $2, $3)`, b.seller, sealed, tx.Now); err != nil {
			return err
		}
		v2, err := sellers.CreateKey(ctx, tx, b.seller, "base")
		if err != nil {
			return err
		}
		if b.v2Key, err = sellers.RevealKey(ctx, tx, b.seller, v2.ID); err != nil {
			return err
		}
		a, err := sellers.AddAddress(ctx, tx, b.seller, server.URL)
		if err != nil {
			return err
		}
		b.address = a.ID
		return sellers.Bind(ctx, tx, seller.BindInput{SellerID: b.seller, AddressID: a.ID, Category: seller.Base, KeyID: v2.ID, Confirmed: true})
	})
	for _, g := range []string{"V1", "V2"} {
		b.plans[g] = b.product(g)
	}
	b.topUp(b.buyer, 1000_00)
	return b
}

func (b *bundle) account(name, realName string) string {
	acc := id.New("acc")
	b.update(func(tx *db.Tx) error {
		return exec(tx, `insert into accounts (id, kind, name, real_name_state, created_at) values ($1, 'company', $2, $3, $4)`, acc, name, realName, tx.Now)
	})
	return acc
}

func (b *bundle) user(u trade.Buyer, email string) {
	b.update(func(tx *db.Tx) error {
		return exec(tx, `insert into users (id, account_id, email, name, owner, state, created_at) values ($1, $2, $3, 'Purchaser', $4, 'active', $5)`,
			u.UserID, u.AccountID, email, true, tx.Now)
	})
}

func (b *bundle) product(generation string) string {
	p, s, l := id.New("prd"), id.New("spc"), id.New("pln")
	b.update(func(tx *db.Tx) error {
		if err := exec(tx, `insert into products (id, seller_id, delivery_type, state, live_version_id, name, address_id, path, generation, agreement_version, created_at, updated_at)
			values ($1, $2, 'saas', 'on_sale', 'ver_1', $3, $4, '/produceAPI', $5, 'site', $6, $6)`,
			p, b.seller, `{"zh":"产品","en":"Product"}`, b.address, generation, tx.Now); err != nil {
			return err
		}
		if err := exec(tx, `insert into specs (id, product_id, sku_code, name, state, position, created_at, updated_at) values ($1, $2, $3, $4, 'shown', 1, $5, $5)`,
			s, p, id.UUID(), `{"zh":"标准","en":"Standard"}`, tx.Now); err != nil {
			return err
		}
		return exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at)
			values ($1, $2, $3, $4, 'PERIOD', 'month', '100', 1, 9, $5, $5)`, l, s, p, id.PlanNumber(), tx.Now)
	})
	return l
}

func exec(tx *db.Tx, text string, args ...any) error {
	_, err := db.Exec(context.Background(), tx, text, args...)
	return err
}

func (b *bundle) update(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.d.Update(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) topUp(who trade.Buyer, amount money.Amount) {
	b.t.Helper()
	ctx := context.Background()
	b.update(func(tx *db.Tx) error {
		t, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: who.AccountID, UserID: who.UserID, Amount: amount, Currency: "CNY", Payer: "Buyer"})
		if err != nil {
			return err
		}
		_, err = payment.ConfirmTopUp(ctx, tx, t.ID, "")
		return err
	})
}

// place makes an unpaid order for so many months.
func (b *bundle) place(generation string, months int) order.Order {
	b.t.Helper()
	var o order.Order
	b.update(func(tx *db.Tx) error {
		q, _, err := b.trade.Quote(context.Background(), tx, b.buyer, b.plans[generation], months)
		if err != nil {
			return err
		}
		o, err = b.trade.Place(context.Background(), tx, b.buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
		return err
	})
	return o
}

func (b *bundle) pay(o order.Order) error {
	return b.d.Update(context.Background(), func(tx *db.Tx) error {
		_, err := b.trade.Pay(context.Background(), tx, b.buyer, o.ID)
		return err
	})
}

// buy places and pays.
func (b *bundle) buy(generation string) order.Order {
	b.t.Helper()
	o := b.place(generation, 1)
	if err := b.pay(o); err != nil {
		b.t.Fatal(err)
	}
	return o
}

// claim takes the next call's job, whenever it is due, as a worker would.
func (b *bundle) claim() (j job.Job, ok bool) {
	b.t.Helper()
	b.update(func(tx *db.Tx) (err error) {
		j, ok, err = db.Maybe[job.Job](context.Background(), tx, `update jobs set state = 'running', attempt = attempt + 1
			where id = (select id from jobs where kind = $1 and state = 'ready' order by run_at, id limit 1)
			returning id, kind, args, unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at`, fulfillment.JobKind)
		return err
	})
	return j, ok
}

// step makes the next attempt of a call; it tells false when none is waiting.
func (b *bundle) step() bool {
	b.t.Helper()
	j, ok := b.claim()
	if !ok {
		return false
	}
	if err := b.trade.RunCall(context.Background(), j); err != nil {
		b.t.Fatal(err)
	}
	return true
}

// closeWindow makes the windows of the open calls end now: the next failure is the last.
func (b *bundle) closeWindow() {
	b.t.Helper()
	b.update(func(tx *db.Tx) error {
		return exec(tx, `update fulfillment_calls set window_end = window_start where state in ('calling', 'retrying', 'waiting')`)
	})
}

func (b *bundle) order(o order.Order) order.Order {
	b.t.Helper()
	got, err := order.Find(context.Background(), b.d, order.Everybody, o.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

func (b *bundle) instance(o order.Order) subscription.Instance {
	b.t.Helper()
	list, err := b.trade.Subscriptions.OfOrder(context.Background(), b.d, o.ID)
	if err != nil || len(list) != 1 {
		b.t.Fatal(len(list), err)
	}
	return list[0]
}

func (b *bundle) calls(o order.Order) []fulfillment.Call {
	b.t.Helper()
	list, err := fulfillment.OfInstance(context.Background(), b.d, b.instance(o).ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

func (b *bundle) balance(a ledger.Account) money.Amount {
	b.t.Helper()
	v, err := ledger.Balance(context.Background(), b.d, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// sound checks the laws of the book.
func (b *bundle) sound() {
	b.t.Helper()
	if f, err := ledger.Faults(context.Background(), b.d); err != nil || len(f) > 0 {
		b.t.Errorf("ledger: %v, %v", f, err)
	}
}

func (b *bundle) count(text string, args ...any) int {
	b.t.Helper()
	n, err := db.One[int](context.Background(), b.d, text, args...)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// raw answers with fixed bytes, unsigned.
func raw(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

func header(name, value string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		next.ServeHTTP(w, r)
	})
}

func instanceBody(id string) string {
	return fmt.Sprintf(`{"resultCode":"000000","resultMsg":"success.","instanceId":%q,"appInfo":{"frontEndUrl":"https://app.example/"}}`, id)
}
