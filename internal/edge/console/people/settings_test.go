package people_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/market/payment"
)

// Balances have no currency of their own: another one would spend them as its own.
func TestTheCurrencyIsFixedOnceMoneyWasAnnounced(t *testing.T) {
	run(t, func(s *site) {
		ops := s.operator()
		save := func(currency string, status int) answer {
			s.Helper()
			now := ops.call("GET", "/operator/settings", nil, 200)
			site := now["site"].(map[string]any)
			site["currency"] = currency
			return ops.call("PUT", "/operator/settings", map[string]any{"site": site, "version": now["version"]}, status)
		}
		save("USD", 200)
		s.owner("lin@example.com")
		if err := s.d.Update(s.ctx, func(tx *db.Tx) error {
			account, err := db.One[string](s.ctx, tx, `select account_id from users where email = 'lin@example.com'`)
			if err != nil {
				return err
			}
			_, err = payment.RequestTopUp(context.Background(), tx, payment.TopUpRequest{AccountID: account, Amount: 100_00, Currency: "USD", Payer: "Bamboo Works"})
			return err
		}); err != nil {
			s.Fatal(err)
		}
		refused := save("CNY", 422)
		if f, _ := refused["fields"].([]any); len(f) != 1 || f[0].(map[string]any)["field"] != "currency" {
			s.Error(refused)
		}
		save("USD", 200)
	})
}
