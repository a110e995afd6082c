package catalog

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

func reasonOf(reason string) (string, error) {
	var k errs.Check
	reason = strings.TrimSpace(reason)
	k.Length("reason", reason, 2, 500)
	return reason, k.Err()
}

// Suspend stops the sale of a product (停售) until the given time, or until it is lifted
// when until is zero. Running subscriptions go on and may be renewed. The reason of
// 2–500 characters is shown to the seller.
func (s *Store) Suspend(ctx context.Context, tx *db.Tx, productID, reason string, until time.Time) (Product, error) {
	reason, err := reasonOf(reason)
	if err != nil {
		return Product{}, err
	}
	if !until.IsZero() && !until.After(tx.Now) {
		var k errs.Check
		k.Add("until", "catalog.in_past")
		return Product{}, k.Err()
	}
	return s.penalise(ctx, tx, productID, EventSuspend, reason, noticeSuspended, func(p *Product, from ProductState) {
		p.ResumeState, p.SuspendedUntil, p.StateReason = from, until, reason
	})
}

// Lift ends a suspension: the product is again what it was before.
func (s *Store) Lift(ctx context.Context, tx *db.Tx, productID, reason string) (Product, error) {
	p, err := s.Product(ctx, tx, productID)
	if err != nil {
		return p, err
	}
	event := EventLift
	if p.ResumeState == Hidden {
		event = EventLiftHidden
	}
	return s.penalise(ctx, tx, productID, event, strings.TrimSpace(reason), noticeLifted, func(p *Product, _ ProductState) {
		p.ResumeState, p.SuspendedUntil, p.StateReason = "", time.Time{}, ""
	})
}

// Hide takes a product out of lists and search; it stays reachable by its address.
func (s *Store) Hide(ctx context.Context, tx *db.Tx, productID, reason string) (Product, error) {
	reason, err := reasonOf(reason)
	if err != nil {
		return Product{}, err
	}
	return s.penalise(ctx, tx, productID, EventHide, reason, noticeHidden, func(p *Product, _ ProductState) { p.StateReason = reason })
}

// Show ends Hide.
func (s *Store) Show(ctx context.Context, tx *db.Tx, productID, reason string) (Product, error) {
	return s.penalise(ctx, tx, productID, EventShow, strings.TrimSpace(reason), noticeLifted, func(p *Product, _ ProductState) { p.StateReason = "" })
}

// Delist takes a product down for good (退市); applications under review are withdrawn.
func (s *Store) Delist(ctx context.Context, tx *db.Tx, productID, reason string) (Product, error) {
	reason, err := reasonOf(reason)
	if err != nil {
		return Product{}, err
	}
	p, err := s.Product(ctx, tx, productID)
	if err != nil {
		return p, err
	}
	if err := s.delist(ctx, tx, &p, "", reason); err != nil {
		return p, err
	}
	return p, s.notify(ctx, tx, p, noticeDelisted, reason)
}

func (s *Store) penalise(ctx context.Context, tx *db.Tx, productID string, e Event, reason, notice string, set func(p *Product, from ProductState)) (Product, error) {
	p, err := s.Product(ctx, tx, productID)
	if err != nil {
		return p, err
	}
	from := p.State
	if p.State, err = move(ProductMoves, p.State, e); err != nil {
		return p, err
	}
	set(&p, from)
	if err := s.save(ctx, tx, &p); err != nil {
		return p, err
	}
	if err := s.refreshCard(ctx, tx, p); err != nil {
		return p, err
	}
	if err := s.note(ctx, tx, step{ProductID: p.ID, Event: e, From: string(from), To: string(p.State), Reason: reason}); err != nil {
		return p, err
	}
	return p, s.notify(ctx, tx, p, notice, reason)
}

const sqlOpenApplications = `select ` + applicationColumns + ` from product_applications where product_id = $1 and state = 'reviewing' order by id`

func (s *Store) delist(ctx context.Context, tx *db.Tx, p *Product, applicationID, reason string) error {
	from := p.State
	to, err := move(ProductMoves, p.State, EventDelist)
	if err != nil {
		return err
	}
	open, err := db.List[Application](ctx, tx, sqlOpenApplications, p.ID)
	if err != nil {
		return err
	}
	for _, a := range open {
		if err := s.close(ctx, tx, p, &a, EventWithdraw, reason); err != nil {
			return err
		}
	}
	p.State, p.ResumeState, p.SuspendedUntil, p.StateReason = to, "", time.Time{}, reason
	if err := s.save(ctx, tx, p); err != nil {
		return err
	}
	if err := s.refreshCard(ctx, tx, *p); err != nil {
		return err
	}
	return s.note(ctx, tx, step{ProductID: p.ID, ApplicationID: applicationID, Event: EventDelist, From: string(from), To: string(to), Reason: reason})
}

const sqlTermsOver = `select id from products where suspended_until is not null and suspended_until <= $1 and state = 'suspended' order by id limit 100`

// LiftExpired ends the suspensions whose term is over and tells how many; a periodic job
// calls it. It is idempotent.
func (s *Store) LiftExpired(ctx context.Context, tx *db.Tx) (int, error) {
	ids, err := db.List[string](ctx, tx, sqlTermsOver, tx.Now)
	if err != nil {
		return 0, err
	}
	for _, p := range ids {
		if _, err := s.Lift(ctx, tx, p, ""); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
