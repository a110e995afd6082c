package seller

import (
	"slices"

	"jishi/internal/base/errs"
)

// State is a state of an application.
type State string

// The states of an application (catalog-and-roles.md B2).
const (
	Draft     State = "draft"     // 草稿
	Reviewing State = "reviewing" // 审核中
	Approved  State = "approved"  // 已通过
	Rejected  State = "rejected"  // 已驳回
	Withdrawn State = "withdrawn" // 已撤回
)

// Event is what happens to an application.
type Event string

// The events.
const (
	Save     Event = "save"
	Submit   Event = "submit"
	Withdraw Event = "withdraw"
	Approve  Event = "approve"
	Reject   Event = "reject"
)

// Move is a permitted transition.
type Move struct {
	From  State
	Event Event
	To    State
}

// States, Events and Moves are the whole life of an application; a pair of state and
// event that is not in Moves is the conflict "seller.bad_transition".
var (
	States = []State{Draft, Reviewing, Approved, Rejected, Withdrawn}
	Events = []Event{Save, Submit, Withdraw, Approve, Reject}
	Moves  = []Move{
		{Draft, Save, Draft},
		{Draft, Submit, Reviewing},
		{Reviewing, Withdraw, Withdrawn},
		{Reviewing, Approve, Approved},
		{Reviewing, Reject, Rejected},
		{Rejected, Save, Rejected},
		{Rejected, Submit, Reviewing},
	}
)

// Next is the state that e leads to from s, or "seller.bad_transition" (Conflict) with
// the present state.
func (s State) Next(e Event) (State, error) {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == s && m.Event == e })
	if i < 0 {
		return s, errs.Conflictf("seller.bad_transition", "state", string(s), "event", string(e))
	}
	return Moves[i].To, nil
}

// Can tells whether e is permitted in s.
func (s State) Can(e Event) bool {
	_, err := s.Next(e)
	return err == nil
}

// Actions are the events permitted in s, for menus.
func (s State) Actions() []Event {
	out := []Event{}
	for _, m := range Moves {
		if m.From == s {
			out = append(out, m.Event)
		}
	}
	return out
}
