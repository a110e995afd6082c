package catalog

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

var specEvents = map[Kind]Event{KindHideSpec: EventHide, KindShowSpec: EventShow, KindTakeDownSpec: EventDelist}

const sqlSpecOf = `select id, product_id, sku_code, name, state, position, created_at, updated_at, template, trial_days, purchase_limit, changes from specs where id = $1 and product_id = $2`

const sqlOtherShown = `select count(*) from specs where product_id = $1 and state = 'shown' and id <> $2`

// specToMove finds the specification and proves that the kind of application fits its
// state. Hiding the last shown one is "catalog.last_spec" (Conflict): hide the product
// instead (C7).
func (s *Store) specToMove(ctx context.Context, q db.Querier, p Product, specID string, kind Kind) (specRow, error) {
	sp, ok, err := db.Maybe[specRow](ctx, q, sqlSpecOf, specID, p.ID)
	if err != nil {
		return sp, err
	}
	if !ok {
		return sp, errs.NotFoundf("catalog.spec_not_found")
	}
	if p.State == Delisted {
		return sp, badTransition(string(p.State))
	}
	if _, err := move(SpecMoves, sp.State, specEvents[kind]); err != nil {
		return sp, err
	}
	if kind == KindHideSpec {
		n, err := db.One[int](ctx, q, sqlOtherShown, p.ID, sp.ID)
		if err != nil {
			return sp, err
		}
		if n == 0 {
			return sp, errs.Conflictf("catalog.last_spec", "state", sp.State)
		}
	}
	return sp, nil
}

const sqlMoveSpec = `update specs set state = $1, updated_at = $2 where id = $3 and state = $4`

// moveSpec carries out an approved application about a specification.
func (s *Store) moveSpec(ctx context.Context, tx *db.Tx, p *Product, a Application) error {
	sp, err := s.specToMove(ctx, tx, *p, a.SpecID, a.Kind)
	if err != nil {
		return err
	}
	event := specEvents[a.Kind]
	to, err := move(SpecMoves, sp.State, event)
	if err != nil {
		return err
	}
	if err := s.save(ctx, tx, p); err != nil { // two approvals about one product, one after the other
		return err
	}
	n, err := db.Exec(ctx, tx, sqlMoveSpec, to, tx.Now, sp.ID, sp.State)
	if err == nil && n == 0 {
		err = errs.Conflictf("catalog.changed_meanwhile", "state", sp.State)
	}
	if err != nil {
		return err
	}
	if err := s.refreshCard(ctx, tx, *p); err != nil {
		return err
	}
	return s.note(ctx, tx, step{ProductID: p.ID, ApplicationID: a.ID, SpecID: sp.ID, Event: event, From: string(sp.State), To: string(to), Reason: a.Reason})
}
