package koogallery

import (
	"jishi/internal/market/fulfillment"
	"jishi/wire/saas"
)

// noticeOf is the order notice of a call (open-api.md §11).
func noticeOf(a fulfillment.Attempt) saas.OrderNotice {
	return saas.OrderNotice{OrderID: a.Call.OrderID, OrderLineID: a.Call.OrderLineID, Test: a.Call.Parameters[fulfillment.ParamTestFlag] == "1"}
}
