// Package orders is the console API of buying and delivering: quotes, orders, balance,
// top-ups, instances and the calls to sellers' servers, for buyers, sellers and operators.
package orders

import (
	"time"

	"jishi/internal/base/i18n"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/export"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/identity"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
)

// Deps are the modules that the operations call.
type Deps struct {
	Trade         *trade.Trade
	Subscriptions *subscription.Store
	Settings      *settings.Store
	Identity      *identity.Store
	Exports       *export.Store
}

// Register adds the operations.
func Register(c *console.Console, d Deps) {
	registerBuying(c, d)
	registerCart(c, d)
	registerOffers(c, d)
	registerApprovals(c, d)
	registerOrders(c, d)
	registerInstances(c, d)
	registerOversight(c, d)
	registerBalance(c, d)
	registerStatements(c, d)
	registerLedger(c, d)
	registerCalls(c, d)
	registerOrderNotification(c, d)
	registerTopUps(c, d)
	registerOnline(c, d)
	registerPayments(c, d)
	registerReceipts(c, d)
	registerAdjustments(c, d)
	registerWithdrawals(c, d)
	registerRefunds(c, d)
	registerRenewals(c, d)
	registerBatchRenewals(c, d)
	registerLevels(c, d)
	registerChanges(c, d)
	registerExports(c, d)
	registerHomes(c, d)
}

// at leaves a time out of the answer when it is not set.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// problemView is a fault of a call in the reader's language.
type problemView struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func problemOf(l i18n.Lang, code string, args map[string]any) *problemView {
	if code == "" {
		return nil
	}
	if key, ok := args["meaning"].(string); ok {
		args["msg"] = i18n.Message(l, key, nil) + " " + text(args["msg"])
	}
	return &problemView{Code: code, Message: i18n.Message(l, code, args)}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func warningsOf(l i18n.Lang, list []fulfillment.Problem) []problemView {
	out := []problemView{}
	for _, w := range list {
		out = append(out, *problemOf(l, w.Code, w.Args))
	}
	return out
}
