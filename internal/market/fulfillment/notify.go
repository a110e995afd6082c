package fulfillment

// Notify is orderNotify, which tells a seller that an order line was paid or paid back (订单通知, open-api.md §11). It is
// no call of its instance's life: it stands beside their order, so that a server which takes no notices delays nothing,
// and no end of an order cancels it. Nothing follows from its result.
const Notify Purpose = "notify"

// NotifyJobKind is the kind of the job that wakes a notice. Notices have workers of their own.
const NotifyJobKind = "fulfillment.notify"

// ParamTestFlag is a key of Call.Parameters: "1" for a debug run.
const ParamTestFlag = "testFlag"

// jobKind is the kind of the job that wakes the call.
func (c Call) jobKind() string {
	if c.Purpose == Notify {
		return NotifyJobKind
	}
	return JobKind
}
