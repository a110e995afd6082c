package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/trade"
)

type measure struct {
	name string
	run  func(ctx context.Context, s *stage) ([]Figure, error)
}

var measures = []measure{
	{"storefront list", list},
	{"product detail", detail},
	{"orders by API", ordersByAPI},
	{"orders", orders},
	{"deliveries", deliveries},
	{"deliveries at a steady rate", steadyDeliveries},
	{"order queries", orderQueries},
	{"start and memory", startAndMemory},
	{"search", search},
	{"hot account", hotAccount},
	{"existing", among},
	{"due renewals", dueRenewals},
	{"due expiries", dueExpiries},
}

// repeated is how many different pages the loads of list and detail ask for.
const repeated = 512

// get loads a path per step; every answer must be 200. The paths of the first so many
// steps are prepared, and come again after them.
func (s *stage) get(clients, prepared int, path func(n int) string) (rate, p50, p99 float64, err error) {
	requests := make([][]byte, prepared)
	for i := range requests {
		requests[i] = request("GET", path(i), "", "", nil)
	}
	return closed(clients, s.duration(), func(c int) (func(int) error, func(), error) {
		conn, err := dial(s.address)
		if err != nil {
			return nil, nil, err
		}
		return func(n int) error {
			status, body, err := conn.do(requests[(n*clients+c)%prepared])
			if err == nil && status != 200 {
				err = fmt.Errorf("status %d: %.200s", status, body)
			}
			return err
		}, conn.close, nil
	})
}

func list(_ context.Context, s *stage) ([]Figure, error) {
	// The shop's front and its categories, as people leaf through them.
	rate, p50, p99, err := s.get(s.Clients, repeated, func(n int) string {
		if n%2 == 0 {
			return "/api/v1/storefront/products?limit=20"
		}
		return "/api/v1/storefront/products?limit=20&category=" + s.content.leaves[n%len(s.content.leaves)]
	})
	return []Figure{{Name: fmt.Sprintf("storefront list, 20 of %d", len(s.products)), Clients: s.Clients, Rate: rate, Unit: "req/s", P50: p50, P99: p99,
		Goal: "≥ 5,000 req/s, p99 < 20 ms", Met: rate >= 5000 && p99 < 20}}, err
}

func detail(_ context.Context, s *stage) ([]Figure, error) {
	rate, p50, p99, err := s.get(s.Clients, repeated, func(n int) string { return "/api/v1/storefront/products/" + s.products[n%len(s.products)] })
	return []Figure{{Name: "product detail", Clients: s.Clients, Rate: rate, Unit: "req/s", P50: p50, P99: p99, Goal: "≥ 8,000 req/s", Met: rate >= 8000}}, err
}

func search(ctx context.Context, s *stage) ([]Figure, error) {
	if err := s.release(ctx, s.Searched); err != nil {
		return nil, err
	}
	var until int
	if err := waitFor(ctx, 2*time.Minute, func() (bool, error) {
		c, err := dial(s.address)
		if err != nil {
			return false, err
		}
		defer c.close()
		_, body, err := c.do(request("GET", "/api/v1/storefront/products?limit=1", "", "", nil))
		if err != nil {
			return false, err
		}
		var p struct{ Total int }
		err = json.Unmarshal(body, &p)
		until = p.Total
		return p.Total >= s.Searched, err
	}); err != nil {
		return nil, fmt.Errorf("%d products are searchable: %w", until, err)
	}
	// Answers are kept for a moment, so no query may come twice: terms, languages, orders and
	// page sizes make enough of them.
	sorts := []string{"", "newest"}
	queries := len(tones) * len(things) * 2 * len(sorts) * 9
	rate, p50, p99, err := s.get(s.Clients, queries, func(n int) string {
		a, b := tones[n%len(tones)], things[n/len(tones)%len(things)]
		n /= len(tones) * len(things)
		text := a[n%2] + " " + b[n%2]
		n /= 2
		return fmt.Sprintf("/api/v1/storefront/products?limit=%d&sort=%s&q=%s", 16+n/len(sorts)%9, sorts[n%len(sorts)], url.QueryEscape(text))
	})
	return []Figure{{Name: fmt.Sprintf("search, two terms in %d", s.Searched), Clients: s.Clients, Rate: rate, Unit: "q/s", P50: p50, P99: p99,
		Goal: "≥ 1,000 q/s, p99 < 10 ms", Met: rate >= 1000 && p99 < 10}}, err
}

// ordersByAPI is quote → place → pay over HTTP with idempotency keys.
func ordersByAPI(_ context.Context, s *stage) ([]Figure, error) {
	var out []Figure
	for _, clients := range []int{1, 16, 64} {
		rate, p50, p99, err := closed(clients, s.duration(), func(c int) (func(int) error, func(), error) {
			conn, err := dial(s.address)
			if err != nil {
				return nil, nil, err
			}
			post := func(path string, in any, out any) error {
				body, err := json.Marshal(in)
				if err != nil {
					return err
				}
				status, answer, err := conn.do(request("POST", "/api/v1"+path, s.tokens[c], id.New("key"), body))
				if err != nil {
					return err
				}
				if status/100 != 2 {
					return fmt.Errorf("%s: status %d: %.300s", path, status, answer)
				}
				return json.Unmarshal(answer, out)
			}
			return func(int) error {
				var quote, order struct{ ID, State string }
				if err := post("/quotes", map[string]any{"planId": s.plans["V1"], "periods": 1}, &quote); err != nil {
					return err
				}
				if err := post("/orders", map[string]any{"quoteId": quote.ID, "agreementAccepted": true}, &order); err != nil {
					return err
				}
				if err := post("/orders/"+order.ID+"/pay", map[string]any{}, &order); err != nil {
					return err
				}
				if order.State != "PROCESSING" {
					return fmt.Errorf("order %s is %s", order.ID, order.State)
				}
				return nil
			}, conn.close, nil
		})
		if err != nil {
			return nil, err
		}
		out = append(out, Figure{Name: "orders by API: quote, place, pay", Clients: clients, Rate: rate, Unit: "orders/s", P50: p50, P99: p99,
			Goal: "≥ 1,000 orders/s", Met: rate >= 1000})
	}
	return out, nil
}

// orders is the same without HTTP: two transactions per order.
func orders(ctx context.Context, s *stage) ([]Figure, error) {
	var out []Figure
	for _, clients := range []int{1, 16, 64} {
		rate, p50, p99, err := closed(clients, s.duration(), func(c int) (func(int) error, func(), error) {
			return func(int) error { return s.buy(ctx, c, "V1") }, func() {}, nil
		})
		if err != nil {
			return nil, err
		}
		out = append(out, Figure{Name: "orders: place, pay, call queued", Clients: clients, Rate: rate, Unit: "orders/s", P50: p50, P99: p99,
			Goal: "≥ 1,000 orders/s", Met: rate >= 1000})
	}
	return out, nil
}

func (s *stage) buy(ctx context.Context, client int, generation string) error {
	orderID, err := s.place(ctx, client, generation)
	if err != nil {
		return err
	}
	return s.pay(ctx, client, orderID)
}

func (s *stage) buyer(client int) trade.Buyer {
	return trade.Buyer{AccountID: s.buyers[client].account, UserID: s.buyers[client].user}
}

func (s *stage) place(ctx context.Context, client int, generation string) (orderID string, err error) {
	b := s.buyer(client)
	err = s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		q, _, err := s.app.Trade.Quote(ctx, tx, b, trade.Wish{PlanID: s.plans[generation], Periods: 1})
		if err != nil {
			return err
		}
		o, err := s.app.Trade.Place(ctx, tx, b, trade.Placing{QuoteID: q.ID, Accepted: true})
		orderID = o.ID
		return err
	})
	return orderID, err
}

func (s *stage) pay(ctx context.Context, client int, orderID string) error {
	return s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.app.Trade.Pay(ctx, tx, s.buyer(client), orderID)
		return err
	})
}

// waitFor asks now and then; a benchmark has no signal from another process.
func waitFor(ctx context.Context, limit time.Duration, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("it took too long")
		case <-tick.C:
		}
	}
}
