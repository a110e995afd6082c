package trade_test

import (
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// bundle is the market of a test, with what only these tests ask of it.
type bundle struct{ *tradetest.Market }

func newBundle(t *testing.T, d *db.DB) *bundle { return &bundle{tradetest.New(t, d)} }

func placing(quoteID string) trade.Placing { return trade.Placing{QuoteID: quoteID, Accepted: true} }
