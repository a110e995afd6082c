package catalog

import (
	"jishi/internal/base/errs"
)

// Event is what moves an object from one state to another.
type Event string

// The events. PublishHidden and LiftHidden are Publish and Lift of a product whose
// version says "public sale: no".
const (
	EventSubmit        Event = "submit"
	EventApprove       Event = "approve"
	EventReject        Event = "reject"
	EventWithdraw      Event = "withdraw"
	EventPublish       Event = "publish"
	EventPublishHidden Event = "publish_hidden"
	EventSuspend       Event = "suspend"
	EventLift          Event = "lift"
	EventLiftHidden    Event = "lift_hidden"
	EventHide          Event = "hide"
	EventShow          Event = "show"
	EventDelist        Event = "delist"
)

// Move is a row of a transition table.
type Move struct {
	From  string
	Event Event
	Actor string
	To    string
	Note  string
}

// Table is a transition table; what is not in it is a conflict.
type Table []Move

// Next is the state after the event, or "catalog.bad_transition" (Conflict) with the
// present state.
func (t Table) Next(from string, e Event) (string, error) {
	for _, m := range t {
		if m.From == from && m.Event == e {
			return m.To, nil
		}
	}
	return "", badTransition(from)
}

func badTransition(state string) error {
	return errs.Conflictf("catalog.bad_transition", "state", state)
}

func move[S ~string](t Table, from S, e Event) (S, error) {
	to, err := t.Next(string(from), e)
	return S(to), err
}

// ProductMoves are the moves of a product (C7).
var ProductMoves = Table{
	{"draft", EventSubmit, "seller", "reviewing", "all fields complete"},
	{"rejected", EventSubmit, "seller", "reviewing", "with a new draft"},
	{"reviewing", EventWithdraw, "seller", "draft", ""},
	{"reviewing", EventReject, "operator", "rejected", "codes and text"},
	{"reviewing", EventPublish, "operator", "on_sale", "first release"},
	{"reviewing", EventPublishHidden, "operator", "hidden", "first release, public sale = no"},
	{"on_sale", EventPublish, "operator", "on_sale", "approved change: new live version"},
	{"on_sale", EventPublishHidden, "operator", "hidden", "approved change, public sale = no"},
	{"hidden", EventPublish, "operator", "on_sale", "approved change, public sale = yes"},
	{"hidden", EventPublishHidden, "operator", "hidden", "approved change"},
	{"suspended", EventPublish, "operator", "suspended", "the change shows when the suspension is lifted"},
	{"suspended", EventPublishHidden, "operator", "suspended", "the change shows when the suspension is lifted"},
	{"on_sale", EventHide, "operator", "hidden", "penalty, reason"},
	{"hidden", EventShow, "operator", "on_sale", "penalty lifted"},
	{"on_sale", EventSuspend, "operator", "suspended", "penalty, reason, term or open end"},
	{"hidden", EventSuspend, "operator", "suspended", "penalty, reason, term or open end"},
	{"suspended", EventLift, "operator, system", "on_sale", "end of term, or lifted; was on sale before"},
	{"suspended", EventLiftHidden, "operator, system", "hidden", "end of term, or lifted; was hidden before"},
	{"on_sale", EventDelist, "operator", "delisted", "penalty, or the seller's take-down approved; final"},
	{"hidden", EventDelist, "operator", "delisted", "penalty, or the seller's take-down approved; final"},
	{"suspended", EventDelist, "operator", "delisted", "penalty, or the seller's take-down approved; final"},
}

// VersionMoves are the moves of a version (C6). A decided version never changes.
var VersionMoves = Table{
	{"draft", EventSubmit, "seller", "reviewing", "all fields complete"},
	{"reviewing", EventApprove, "operator", "approved", "published in the same transaction"},
	{"reviewing", EventReject, "operator", "rejected", "codes and text; editing starts a new draft"},
	{"reviewing", EventWithdraw, "seller", "withdrawn", "editing starts a new draft"},
}

// ApplicationMoves are the moves of a review record (我的申请).
var ApplicationMoves = Table{
	{"reviewing", EventApprove, "operator", "approved", "takes effect in the same transaction"},
	{"reviewing", EventReject, "operator", "rejected", "codes and text"},
	{"reviewing", EventWithdraw, "seller, system", "withdrawn", "by the system when the product is delisted"},
}

// SpecMoves are the moves of a specification; each is an approved application.
var SpecMoves = Table{
	{"shown", EventHide, "seller, operator approves", "hidden", "at least one other stays shown"},
	{"hidden", EventShow, "seller, operator approves", "shown", ""},
	{"shown", EventDelist, "seller, operator approves", "delisted", "final; renewals end"},
	{"hidden", EventDelist, "seller, operator approves", "delisted", "final; renewals end"},
}
