package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
)

// CreateProduct begins a product with an empty draft. deliveryType must be one that is
// sold; the first page of the wizard chooses it.
func (s *Store) CreateProduct(ctx context.Context, tx *db.Tx, sellerID, deliveryType string, name i18n.Text) (Product, Version, error) {
	var k errs.Check
	k.OneOf("deliveryType", deliveryType, DeliverySaaS)
	checkText(&k, "name", name.Trim(), 0, nameMax)
	if err := k.Err(); err != nil {
		return Product{}, Version{}, err
	}
	p := Product{ID: id.New("prd"), SellerID: sellerID, DeliveryType: deliveryType, State: Draft, Name: name.Trim(),
		Search: searchText(name), RefundPolicy: "none", Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if err := db.Insert(ctx, tx, "products", p); err != nil {
		return p, Version{}, err
	}
	c := Content{Name: p.Name, PublicSale: true, Generation: V2}
	c.clean()
	v, err := s.addVersion(ctx, tx, p.ID, 1, c)
	if err != nil {
		return p, v, err
	}
	return p, v, s.note(ctx, tx, step{ProductID: p.ID, VersionID: v.ID, Event: "create", To: string(Draft)})
}

func (s *Store) addVersion(ctx context.Context, tx *db.Tx, productID string, number int, c Content) (Version, error) {
	v := Version{ID: id.New("ver"), ProductID: productID, Number: number, State: VersionDraft, Content: c, Revision: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	return v, db.Insert(ctx, tx, "product_versions", v)
}

// StartDraft gives the product's draft, and makes one where there is none: a copy of the
// last rejected or withdrawn version, else of the live one. It is idempotent. A version
// under review is "catalog.under_review", a delisted product "catalog.bad_transition",
// one whose specifications are all taken down "catalog.no_spec_left" (Conflict).
func (s *Store) StartDraft(ctx context.Context, tx *db.Tx, sellerID, productID string) (Version, error) {
	p, err := s.ProductOf(ctx, tx, sellerID, productID)
	if err != nil {
		return Version{}, err
	}
	if p.State == Delisted {
		return Version{}, badTransition(string(p.State))
	}
	open, ok, err := s.Open(ctx, tx, productID)
	if err != nil {
		return Version{}, err
	}
	if ok && open.State == VersionReviewing {
		return Version{}, errs.Conflictf("catalog.under_review", "state", open.State)
	}
	if ok {
		return open, nil
	}
	last, err := db.One[Version](ctx, tx, sqlLastVersion, productID)
	if err != nil {
		return Version{}, err
	}
	c := last.Content
	if p.Released() {
		live, err := liveSpecs(ctx, tx, productID)
		if err != nil {
			return Version{}, err
		}
		c.Specs = withoutDelisted(c.Specs, live)
		if !slices.ContainsFunc(live, func(l liveSpec) bool { return l.State != SpecDelisted }) {
			return Version{}, errs.Conflictf("catalog.no_spec_left", "state", p.State)
		}
	}
	if err := s.save(ctx, tx, &p); err != nil { // two editors that start at once make one draft
		return Version{}, err
	}
	v, err := s.addVersion(ctx, tx, productID, last.Number+1, c)
	if err != nil {
		return v, err
	}
	return v, s.note(ctx, tx, step{ProductID: p.ID, VersionID: v.ID, Event: "edit", From: string(p.State), To: string(p.State)})
}

func withoutDelisted(specs []SpecContent, live []liveSpec) []SpecContent {
	return slices.DeleteFunc(slices.Clone(specs), func(c SpecContent) bool {
		return slices.ContainsFunc(live, func(l liveSpec) bool { return l.ID == c.ID && l.State == SpecDelisted })
	})
}

const sqlSaveDraft = `update product_versions set content = $1, revision = revision + 1, updated_at = $2
where id = $3 and state = 'draft' and revision = $4`

const sqlSetDraftName = `update products set name = $1, search = $2, logo_key = $3, updated_at = $4 where id = $5 and released_at is null`

// SaveDraft keeps the draft, however incomplete. revision is the one that the editor
// read; a newer one is "catalog.draft_changed", a product without a draft
// "catalog.no_draft" (Conflict). What can never be right is refused at once, per field:
// more than 512 KiB, an id of a specification that is not this product's.
func (s *Store) SaveDraft(ctx context.Context, tx *db.Tx, sellerID, productID string, revision int64, c Content) (Version, error) {
	p, err := s.ProductOf(ctx, tx, sellerID, productID)
	if err != nil {
		return Version{}, err
	}
	v, err := s.draft(ctx, tx, productID)
	if err != nil {
		return Version{}, err
	}
	if v.Revision != revision {
		return v, errs.Conflictf("catalog.draft_changed", "state", v.State)
	}
	c.clean()
	if err := s.settle(ctx, tx, p, v.Content, &c); err != nil {
		return v, err
	}
	n, err := db.Exec(ctx, tx, sqlSaveDraft, db.JSON(c), tx.Now, v.ID, revision)
	if err != nil {
		return v, err
	}
	if n == 0 {
		return v, errs.Conflictf("catalog.draft_changed", "state", v.State)
	}
	if _, err := db.Exec(ctx, tx, sqlSetDraftName, c.Name, searchText(c.Name), c.LogoKey, tx.Now, p.ID); err != nil {
		return v, err
	}
	v.Content, v.Revision, v.UpdatedAt = c, revision+1, tx.Now
	return v, nil
}

// settle gives new specifications their ids and refuses foreign ones and sizes that are
// out of all proportion.
func (s *Store) settle(ctx context.Context, q db.Querier, p Product, before Content, c *Content) error {
	live, err := liveSpecs(ctx, q, p.ID)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, l := range live {
		known[l.ID] = true
	}
	for _, b := range before.Specs {
		known[b.ID] = true
	}
	var k errs.Check
	for i := range c.Specs {
		switch sp := &c.Specs[i]; {
		case sp.ID == "":
			sp.ID = id.New("spc")
		case !known[sp.ID]:
			k.Add(fmt.Sprintf("specs[%d].id", i), "catalog.spec_unknown")
		default:
			known[sp.ID] = false // the same id twice
		}
	}
	if b, err := json.Marshal(c); err != nil || len(b) > draftBytes {
		k.Add("description", "catalog.draft_too_large", "limit", draftBytes>>10)
	}
	return k.Err()
}

func (s *Store) draft(ctx context.Context, q db.Querier, productID string) (Version, error) {
	v, ok, err := s.Open(ctx, q, productID)
	if err != nil {
		return v, err
	}
	if !ok {
		return v, errs.Conflictf("catalog.no_draft")
	}
	if v.State != VersionDraft {
		return v, errs.Conflictf("catalog.under_review", "state", v.State)
	}
	return v, nil
}

// CheckDraft is what Submit would say: the list of missing and wrong fields (kind
// Invalid), or nil.
func (s *Store) CheckDraft(ctx context.Context, q db.Querier, sellerID, productID string) error {
	p, err := s.ProductOf(ctx, q, sellerID, productID)
	if err != nil {
		return err
	}
	v, err := s.draft(ctx, q, productID)
	if err != nil {
		return err
	}
	return s.checkContent(ctx, q, p, &v.Content)
}

func (s *Store) checkContent(ctx context.Context, q db.Querier, p Product, c *Content) error {
	f, err := s.facts(ctx, q, p.SellerID, p.ID, p.Released(), c)
	if err != nil {
		return err
	}
	return c.check(f)
}

const (
	sqlDropVersion      = `delete from product_versions where id = $1 and state = 'draft'`
	sqlDropEvents       = `delete from product_events where product_id = $1`
	sqlDropApplications = `delete from product_applications where product_id = $1`
	sqlDropVersions     = `delete from product_versions where product_id = $1`
	sqlDropProduct      = `delete from products where id = $1 and version = $2`
)

// DeleteDraft removes the draft of a change, or the whole product when it was never
// released (the audit log keeps that it was there). "catalog.no_draft" and
// "catalog.under_review" are conflicts.
func (s *Store) DeleteDraft(ctx context.Context, tx *db.Tx, sellerID, productID string) error {
	p, err := s.ProductOf(ctx, tx, sellerID, productID)
	if err != nil {
		return err
	}
	open, ok, err := s.Open(ctx, tx, productID)
	if err != nil {
		return err
	}
	if ok && open.State == VersionReviewing {
		return errs.Conflictf("catalog.under_review", "state", open.State)
	}
	if p.Released() {
		if !ok {
			return errs.Conflictf("catalog.no_draft", "state", p.State)
		}
		if _, err := db.Exec(ctx, tx, sqlDropVersion, open.ID); err != nil {
			return err
		}
		return s.note(ctx, tx, step{ProductID: p.ID, VersionID: open.ID, Event: "delete_draft", From: string(p.State), To: string(p.State)})
	}
	if err := s.note(ctx, tx, step{ProductID: p.ID, Event: "delete", From: string(p.State)}); err != nil {
		return err
	}
	for _, text := range []string{sqlDropEvents, sqlDropApplications, sqlDropVersions} {
		if _, err := db.Exec(ctx, tx, text, p.ID); err != nil {
			return err
		}
	}
	n, err := db.Exec(ctx, tx, sqlDropProduct, p.ID, p.Version)
	if err == nil && n == 0 {
		err = errs.Conflictf("catalog.changed_meanwhile", "state", p.State)
	}
	return err
}
