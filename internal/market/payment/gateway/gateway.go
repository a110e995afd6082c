// Package gateway is what a payment gateway (支付网关, PSP) has to be able to do to be plugged
// in (trade.md §9.1): the interface, and nothing else. It owns no table and makes no call.
//
// A payment is an attempt of ours, named by our number, that a gateway carries out: it is
// created, the buyer's browser goes to the gateway's page, and the gateway tells the outcome in a
// signed notice of its own, which may come late, twice or never. Whoever is not told asks
// (Query); what is given up is closed first, so that nobody pays it any more. A gateway without
// pages of its own, such as one for cards on file or for contracts, leaves Redirect empty and
// says at once how it stands.
package gateway

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
)

// Status is how a payment stands at the gateway.
type Status string

// The statuses. Unknown is a number that the gateway has never heard of: it was not created,
// or its creation was lost on the way.
const (
	Waiting   Status = "waiting"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Closed    Status = "closed"
	Unknown   Status = "unknown"
)

// Order is what a gateway is asked to have paid.
type Order struct {
	Number    string // ours, unique; the gateway creates one payment per number
	Amount    money.Amount
	Currency  string
	Subject   string // a line for the payer
	Lang      i18n.Lang
	ReturnURL string    // where the browser goes afterwards; it proves nothing
	NotifyURL string    // where notices go
	ExpiresAt time.Time // of the wall clock: not to be paid any more after it
}

// Created is a payment that waits for its payer.
type Created struct {
	Reference string // the gateway's own id
	Redirect  string // page to which the browser goes; empty where there is none
}

// State is what a gateway says of a payment, asked or by itself.
type State struct {
	Number    string
	Reference string
	Status    Status
	Amount    money.Amount
	Currency  string
	Event     string // id of the notice; empty in answers to Query
}

// Refund gives an amount of a succeeded payment back to whoever paid it, the way it came.
type Refund struct {
	Number    string // of this refund: the same number is refunded once
	Payment   string // our number of the payment
	Reference string // the gateway's
	Amount    money.Amount
	Currency  string
	Reason    string
}

// ErrForged is a notice whose signature, freshness or form is not that of the gateway.
var ErrForged = errors.New("gateway: the notice is not the gateway's")

// ErrDeclined is a final refusal of the gateway, which would come again.
var ErrDeclined = errors.New("gateway: declined")

// Gateway is one plugged-in PSP. Its calls talk to the outside: never in a transaction.
type Gateway interface {
	Name() string     // short, stable, lower case: part of the account "psp:<name>" and of the notice address
	Title() i18n.Text // as buyers see it
	Play() bool       // no real money

	Create(ctx context.Context, o Order) (Created, error)
	Query(ctx context.Context, number string) (State, error)
	// Close makes sure that the payment cannot succeed any more. One that has succeeded is no
	// error: Query tells.
	Close(ctx context.Context, number string) error
	// Refund is idempotent by its number. ErrDeclined is final, other errors may be tried again.
	Refund(ctx context.Context, r Refund) error

	// ReadNotice checks that a notice is the gateway's, in constant time, and reads it: ErrForged.
	ReadNotice(ctx context.Context, header http.Header, body []byte) (State, error)
	// AnswerNotice tells the gateway that the notice was taken, or not: then it comes again.
	AnswerNotice(w http.ResponseWriter, taken bool)
}

// Set are the gateways of a site, in the order in which they are offered. Without one a site
// takes the balance only.
type Set []Gateway

// Find gives the gateway of that name; false when it is not plugged in.
func (s Set) Find(name string) (Gateway, bool) {
	i := slices.IndexFunc(s, func(g Gateway) bool { return g.Name() == name })
	if i < 0 {
		return nil, false
	}
	return s[i], true
}
