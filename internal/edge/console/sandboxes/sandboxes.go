// Package sandboxes is the console's part about the sellers' sandboxes (沙箱): opening,
// moving the clock, play money, reset. What a sandbox does lies in a realm of its own,
// which is served under its own path by the same operations as the marketplace.
package sandboxes

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
)

// Realms opens and moves sandboxes. It points up: package app builds realms, since each is
// a whole marketplace. All calls are for the seller of the caller.
type Realms interface {
	Look(ctx context.Context, c access.Caller) (View, error)
	// Open makes the sandbox, or finds it: it is idempotent.
	Open(ctx context.Context, c access.Caller) (View, error)
	// Move moves the clock forward and runs what falls due, in order. It may stop before
	// the end; the same call goes on.
	Move(ctx context.Context, c access.Caller, w Wish) (Moved, error)
	// Reset throws everything away and begins again with the products of today.
	Reset(ctx context.Context, c access.Caller) (View, error)
	Delete(ctx context.Context, c access.Caller) error
	Money(ctx context.Context, c access.Caller, amount money.Amount) (View, error)
}

// View is the caller's sandbox.
type View struct {
	Available bool  `json:"available" doc:"False: the operator has closed sandboxes"`
	Sandbox   *Info `json:"sandbox" doc:"null when none is open"`
}

// Info is an open sandbox.
type Info struct {
	ID        string       `json:"id"`
	Path      string       `json:"path" doc:"Its pages lie below, its API at path + /api/v1; send X-Sandbox-As: buyer or seller"`
	Busy      bool         `json:"busy" doc:"It is being filled, or its clock is moving"`
	Now       time.Time    `json:"now" doc:"Where its clock stands"`
	Next      *Due         `json:"next" doc:"What falls due next; null when nothing will"`
	Balance   money.Amount `json:"balance" doc:"The play buyer's"`
	Currency  string       `json:"currency"`
	Orders    int          `json:"orders"`
	Products  []Product    `json:"products"`
	CreatedAt time.Time    `json:"createdAt"`
	FilledAt  time.Time    `json:"filledAt" doc:"When products and addresses were copied"`
	ExpiresAt time.Time    `json:"expiresAt" doc:"It is removed then, if nobody enters it"`
}

// Due is an instant of the realm at which something happens.
type Due struct {
	At   time.Time `json:"at"`
	What string    `json:"what" doc:"order_deadline, auto_renewal, term_end, change, reminder, voucher_end, discount_begin, discount_end, sale_resumes or call"`
}

// Product is a product of the sandbox.
type Product struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	OnSale bool   `json:"onSale"`
	Reason string `json:"reason,omitempty" doc:"Why its newest version is not on sale"`
}

// Wish says where the clock is to go: exactly one of the three.
type Wish struct {
	To   time.Time `json:"to,omitzero" required:"false" doc:"An instant, at most 400 days ahead"`
	By   string    `json:"by,omitempty" required:"false" doc:"A duration as in ISO 8601: PT6H, P1D, P1M"`
	Next bool      `json:"next,omitempty" required:"false" doc:"To the next instant at which something falls due"`
}

// Moved tells what a move did.
type Moved struct {
	From    time.Time `json:"from"`
	Now     time.Time `json:"now"`
	Target  time.Time `json:"target"`
	Reached bool      `json:"reached" doc:"False: time ran out for this call; ask again with to = target"`
	Waiting int       `json:"waiting" doc:"Calls that are still out"`
	Events  []Event   `json:"events" doc:"What happened, in order; at most 300"`
	Next    *Due      `json:"next"`
}

// Event is something that happened in the sandbox while its clock moved.
type Event struct {
	At      time.Time `json:"at" doc:"The sandbox's time"`
	Kind    string    `json:"kind" doc:"order, instance or call"`
	ID      string    `json:"id"`
	Product string    `json:"product"`
	What    string    `json:"what" doc:"The event of an order or instance, the interface of a call"`
	State   string    `json:"state" doc:"Afterwards"`
}

// Deps is what the operations call.
type Deps struct{ Realms Realms }

type moveInput struct{ Body Wish }

type moneyInput struct {
	Body struct {
		Amount money.Amount `json:"amount"`
	}
}

const tag = "Seller: sandbox"

// Register adds the operations.
func Register(c *console.Console, d Deps) {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: "/seller/sandbox" + path, ID: id, Summary: summary, Tag: tag, Need: access.ProductWrite}
	}
	none := func(f func(ctx context.Context, c access.Caller) (View, error)) func(ctx context.Context, _ *struct{}) (View, error) {
		return func(ctx context.Context, _ *struct{}) (View, error) { return f(ctx, console.CallerFrom(ctx)) }
	}
	console.Read(c, op("", "", "get-sandbox", "The own sandbox: its clock, what is due next, the play buyer's money"), none(d.Realms.Look))
	console.Act(c, op(http.MethodPost, "", "open-sandbox", "Open the sandbox, or find it: filled with the own products, drafts too, and a play buyer"), none(d.Realms.Open))
	console.Act(c, op(http.MethodPost, "/clock", "move-sandbox-clock", "Move the sandbox's clock forward; what falls due happens in order, calls go out at once"),
		func(ctx context.Context, in *moveInput) (Moved, error) {
			return d.Realms.Move(ctx, console.CallerFrom(ctx), in.Body)
		})
	console.Act(c, op(http.MethodPost, "/reset", "reset-sandbox", "Throw away what happened in the sandbox and fill it again"), none(d.Realms.Reset))
	console.Act(c, op(http.MethodPost, "/money", "add-play-money", "Give the play buyer money"),
		func(ctx context.Context, in *moneyInput) (View, error) {
			return d.Realms.Money(ctx, console.CallerFrom(ctx), in.Body.Amount)
		})
	console.Act(c, op(http.MethodDelete, "", "delete-sandbox", "Remove the sandbox"),
		func(ctx context.Context, _ *struct{}) (console.None, error) {
			return console.None{}, d.Realms.Delete(ctx, console.CallerFrom(ctx))
		})
}
