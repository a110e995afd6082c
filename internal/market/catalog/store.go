package catalog

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/settings"
	"jishi/internal/market/access"
	"jishi/internal/market/integration"
	"jishi/internal/market/notification"
	"jishi/internal/market/seller"
)

// Store is the catalogue. All its state is in the database; the zero value works and
// sends no notices.
type Store struct {
	// Sellers proves that a production address may be used. Nil proves nothing beyond the
	// fields, which is for tests of other things.
	Sellers *seller.Store

	// Integration holds the debug cases that a publication needs (saas.md §11.2). Nil needs none.
	Integration *integration.Store

	// Settings say whether new products may choose the older interface (saas.md §1); nil
	// allows it.
	Settings *settings.Store

	// Notices tells sellers about decisions by station message and mail; nil tells nobody.
	Notices *notification.Store

	// Changed is called after a commit that changed what the storefront shows: a hint for
	// this process (catalog/shelf). Other nodes read catalog_changes. Nil is none.
	Changed func(productID string)
}

// The codes of notices; their texts are message.<code>.title and .body, and
// mail.<code>.subject and .body.
const (
	noticeApproved  = "product_approved"
	noticeRejected  = "product_rejected"
	noticeSuspended = "product_suspended"
	noticeLifted    = "product_lifted"
	noticeHidden    = "product_hidden"
	noticeDelisted  = "product_delisted"
)

// Product is a row of products.
type Product struct {
	ID               string       `db:"id" json:"id"`
	SellerID         string       `db:"seller_id" json:"sellerId"`
	DeliveryType     string       `db:"delivery_type" json:"deliveryType"`
	State            ProductState `db:"state" json:"state"`
	ResumeState      ProductState `db:"resume_state" json:"resumeState"`
	SuspendedUntil   time.Time    `db:"suspended_until" json:"suspendedUntil,omitzero"`
	StateReason      string       `db:"state_reason" json:"stateReason"`
	LiveVersionID    string       `db:"live_version_id" json:"liveVersionId"`
	Name             i18n.Text    `db:"name" json:"name"`
	Search           string       `db:"search" json:"-"`
	LogoKey          string       `db:"logo_key" json:"logoKey"`
	CategoryID       string       `db:"category_id" json:"categoryId"`
	AddressID        string       `db:"address_id" json:"addressId"`
	Path             string       `db:"path" json:"path"`
	Generation       Generation   `db:"generation" json:"generation"`
	AgreementVersion string       `db:"agreement_version" json:"agreementVersion"`
	RefundPolicy     string       `db:"refund_policy" json:"refundPolicy"`
	ReleasedAt       time.Time    `db:"released_at" json:"releasedAt,omitzero"`
	Version          int64        `db:"version" json:"version"`
	CreatedAt        time.Time    `db:"created_at" json:"createdAt"`
	UpdatedAt        time.Time    `db:"updated_at" json:"updatedAt"`
}

// Released tells whether the product was ever on sale.
func (p Product) Released() bool { return !p.ReleasedAt.IsZero() }

const productColumns = `id, seller_id, delivery_type, state, resume_state, suspended_until, state_reason, live_version_id,
name, search, logo_key, category_id, address_id, path, generation, agreement_version, refund_policy, released_at, version, created_at, updated_at`

const sqlProduct = `select ` + productColumns + ` from products where id = $1`
const sqlProductOf = `select ` + productColumns + ` from products where id = $1 and seller_id = $2`

// ProductOf reads a seller's product; another seller's is "catalog.product_not_found".
func (*Store) ProductOf(ctx context.Context, q db.Querier, sellerID, productID string) (Product, error) {
	p, ok, err := db.Maybe[Product](ctx, q, sqlProductOf, productID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.product_not_found")
	}
	return p, err
}

// Product reads any product: for operators and for modules above.
func (*Store) Product(ctx context.Context, q db.Querier, productID string) (Product, error) {
	p, ok, err := db.Maybe[Product](ctx, q, sqlProduct, productID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.product_not_found")
	}
	return p, err
}

const sqlSetProduct = `update products set state = $1, resume_state = $2, suspended_until = $3, state_reason = $4, live_version_id = $5,
name = $6, search = $7, logo_key = $8, category_id = $9, address_id = $10, path = $11, generation = $12, agreement_version = $13,
refund_policy = $14, released_at = $15, version = version + 1, updated_at = $16 where id = $17 and version = $18`

// save writes the product when nobody else did meanwhile; otherwise it is a conflict
// with the state that the other one left.
func (s *Store) save(ctx context.Context, tx *db.Tx, p *Product) error {
	p.UpdatedAt = tx.Now
	p.Search = searchText(p.Name)
	n, err := db.Exec(ctx, tx, sqlSetProduct, p.State, p.ResumeState, p.SuspendedUntil, p.StateReason, p.LiveVersionID,
		p.Name, p.Search, p.LogoKey, p.CategoryID, p.AddressID, p.Path, p.Generation, p.AgreementVersion,
		p.RefundPolicy, p.ReleasedAt, p.UpdatedAt, p.ID, p.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		now, err := s.Product(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		return errs.Conflictf("catalog.changed_meanwhile", "state", now.State)
	}
	p.Version++
	return nil
}

func searchText(t i18n.Text) string { return strings.ToLower(t.ZH + "\n" + t.EN) }

// step is what a move leaves in the product's history.
type step struct {
	ID            string    `db:"id"`
	ProductID     string    `db:"product_id"`
	VersionID     string    `db:"version_id"`
	ApplicationID string    `db:"application_id"`
	SpecID        string    `db:"spec_id"`
	Seq           int       `db:"seq"` // order within the product; ids sort to the millisecond only
	At            time.Time `db:"at"`
	ActorKind     string    `db:"actor_kind"`
	ActorID       string    `db:"actor_id"`
	ActorName     string    `db:"actor_name"`
	Event         Event     `db:"event"`
	From          string    `db:"from_state"`
	To            string    `db:"to_state"`
	Reason        string    `db:"reason"`
}

const sqlLastStep = `select coalesce(max(seq), 0) from product_events where product_id = $1`

// note appends to the history and to the audit log, whose reader is the seller's account.
func (s *Store) note(ctx context.Context, tx *db.Tx, st step) error {
	a := audit.ActorFrom(ctx)
	st.ID, st.At, st.ActorKind, st.ActorID, st.ActorName = id.New("pev"), tx.Now, a.Kind, a.ID, a.Name
	last, err := db.One[int](ctx, tx, sqlLastStep, st.ProductID)
	if err != nil {
		return err
	}
	st.Seq = last + 1
	if err := db.Insert(ctx, tx, "product_events", st); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		Action: "product." + string(st.Event), Object: "product", ObjectID: st.ProductID, AccountID: a.AccountID, Reason: st.Reason,
		Detail: map[string]string{"from": st.From, "to": st.To, "version": st.VersionID, "application": st.ApplicationID, "spec": st.SpecID},
	})
}

type change struct {
	ID        string    `db:"id"`
	At        time.Time `db:"at"`
	ProductID string    `db:"product_id"`
}

// changed writes into the change sequence; an empty id says that everything may have changed.
func (s *Store) changed(ctx context.Context, tx *db.Tx, productID string) error {
	if err := db.Insert(ctx, tx, "catalog_changes", change{ID: id.New("chg"), At: clock.Wall{}.Now(), ProductID: productID}); err != nil {
		return err
	}
	if s.Changed != nil {
		tx.AfterCommit(func() { s.Changed(productID) })
	}
	return nil
}

// keepChanges is how long the change sequence reaches back: far beyond what a node that
// was away a day would still catch up with.
const keepChanges = 7 * 24 * time.Hour

const sqlPurgeChanges = `delete from catalog_changes where id in (select id from catalog_changes where at < $1 limit 500)`

// PurgeChanges removes a batch of what is too old and tells whether more may be left.
func (*Store) PurgeChanges(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeChanges, clock.Wall{}.Now().Add(-keepChanges))
	return n == 500, err
}

const sqlSellerCards = `select product_id from product_cards where seller_id = $1`

// SellerChanged makes the storefront read a seller's products again: its name, card or
// state changed. Whoever changes a seller calls it in the same transaction.
func (s *Store) SellerChanged(ctx context.Context, tx *db.Tx, sellerID string) error {
	ids, err := db.List[string](ctx, tx, sqlSellerCards, sellerID)
	if err != nil {
		return err
	}
	for _, p := range ids {
		if err := s.changed(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

type sellerContact struct {
	AccountID string    `db:"account_id"`
	Email     string    `db:"service_email"`
	Name      i18n.Text `db:"name"`
	Locale    i18n.Lang `db:"locale"`
}

const sqlSellerContact = `select s.account_id, s.service_email, s.name, coalesce((select u.locale from users u where u.account_id = s.account_id and u.owner), 'zh') as locale
from sellers s where s.id = $1`

// notify tells the seller: a station message to those who work on products, a letter to
// the customer-service mail (C6).
func (s *Store) notify(ctx context.Context, tx *db.Tx, p Product, code, reason string) error {
	if s.Notices == nil {
		return nil
	}
	to, ok, err := db.Maybe[sellerContact](ctx, tx, sqlSellerContact, p.SellerID)
	if err != nil || !ok {
		return err
	}
	class := notification.ClassReview
	if code == noticeSuspended || code == noticeHidden || code == noticeDelisted {
		class = notification.ClassViolation
	}
	args := notification.Args{"product": p.Name.In(to.Locale), "reason": reason}
	err = s.Notices.Post(ctx, tx, notification.Message{AccountID: to.AccountID, Permission: access.ProductRead, Class: class,
		Code: code, Args: args, Link: "/seller/products/" + p.ID})
	if err != nil || to.Email == "" {
		return err
	}
	return s.Notices.Mail(ctx, tx, notification.To{Address: to.Email, Name: to.Name.In(to.Locale)}, to.Locale, code, args)
}
