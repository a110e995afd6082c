package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/wire/openapi"
)

// queried is how many different orders the load of order queries asks for.
const queried = 200

// orderQueries asks the open API what orders bought, as a seller's server does after each call:
// every request is signed with AK/SK when it is sent.
func orderQueries(ctx context.Context, s *stage) ([]Figure, error) {
	var ak, sk string
	if err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		k, secretKey, err := s.app.Identity.CreateAccessKey(ctx, tx, s.sellerAccount, s.sellerUser, "bench")
		ak, sk = k.AccessKey, secretKey
		return err
	}); err != nil {
		return nil, err
	}
	orders := make([]string, queried)
	for i := range orders {
		var err error
		if orders[i], err = s.place(ctx, i%maxBuyers, "V2"); err != nil {
			return nil, err
		}
		if err := s.pay(ctx, i%maxBuyers, orders[i]); err != nil {
			return nil, err
		}
	}
	spent := processorTime()
	rate, p50, p99, err := closed(s.Clients, s.duration(), func(c int) (func(int) error, func(), error) {
		conn, err := dial(s.address)
		if err != nil {
			return nil, nil, err
		}
		return func(n int) error {
			status, body, err := conn.do(s.signedQuery(ak, sk, orders[(n*s.Clients+c)%queried]))
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("status %d: %.300s", status, body)
			}
			return err
		}, conn.close, nil
	})
	cpu := processorTime() - spent
	asked := rate * s.duration().Seconds()
	return []Figure{{Name: "order queries, signed with AK/SK", Clients: s.Clients, Rate: rate, Unit: "queries/s", P50: p50, P99: p99,
		CPU: float64(cpu.Microseconds()) / asked, Goal: "≥ 2,000 queries/s", Met: rate >= 2000}}, err
}

func (s *stage) signedQuery(ak, sk, orderID string) []byte {
	query := "orderId=" + orderID
	r := openapi.Request{Method: http.MethodGet, Host: s.address, Path: openapi.PathOrderQuery, RawQuery: query, Header: http.Header{}}
	authorization := r.Authorize(ak, sk, clock.Wall{}.Now())
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s?%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%s: %s\r\n%s: %s\r\n\r\n", r.Path, query, s.address,
		openapi.HeaderDate, r.Header.Get(openapi.HeaderDate), openapi.HeaderAuthorization, authorization)
	return b.Bytes()
}
