package seller

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
)

// Standing is the state of a seller.
type Standing string

// The states of a seller.
const (
	Active    Standing = "active"
	Suspended Standing = "suspended"
	Exited    Standing = "exited" // 已退出
)

// Seller is an admitted seller with its information in force (商家信息).
type Seller struct {
	ID           string    `db:"id" json:"id"`
	AccountID    string    `db:"account_id" json:"accountId"`
	Name         i18n.Text `db:"name" json:"name"`
	State        Standing  `db:"state" json:"state"`
	StateReason  string    `db:"state_reason" json:"stateReason"`
	ServiceEmail string    `db:"service_email" json:"serviceEmail"`
	ServicePhone string    `db:"service_phone" json:"servicePhone"`
	LogoKey      string    `db:"logo_key" json:"logoKey"`
	Form         Form      `db:"form" json:"form"`
	CompanyName  string    `db:"company_name" json:"companyName"`
	Certificate  string    `db:"certificate" json:"certificate"`
	Version      int64     `db:"version" json:"version"`
	CreatedAt    time.Time `db:"created_at" json:"createdAt"`
	UpdatedAt    time.Time `db:"updated_at" json:"updatedAt"`
}

type sellerRow struct {
	Seller
	Search string `db:"search"`
}

const sellerColumns = `id, account_id, name, state, state_reason, service_email, service_phone, logo_key, form,
company_name, certificate, version, created_at, updated_at`

const sqlSeller = `select ` + sellerColumns + ` from sellers where id = $1`
const sqlSellerOfAccount = `select ` + sellerColumns + ` from sellers where account_id = $1`

// Get is a seller in any state. "seller.not_found".
func (s *Store) Get(ctx context.Context, q db.Querier, sellerID string) (Seller, error) {
	v, ok, err := db.Maybe[Seller](ctx, q, sqlSeller, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("seller.not_found")
	}
	return v, err
}

// OfAccount is the seller that an account is; false when it was never admitted.
func (s *Store) OfAccount(ctx context.Context, q db.Querier, accountID string) (Seller, bool, error) {
	return db.Maybe[Seller](ctx, q, sqlSellerOfAccount, accountID)
}

const sqlChangeSeller = `update sellers set name = $1, service_email = $2, service_phone = $3, logo_key = $4, form = $5,
search = $6, company_name = $7, version = version + 1, updated_at = $8 where id = $9 and version = $10`

func (s *Store) writeForm(ctx context.Context, tx *db.Tx, v Seller, f Form) error {
	n, err := db.Exec(ctx, tx, sqlChangeSeller, f.Name, f.ServiceEmail, f.ServicePhone, f.LogoKey, f,
		searchText(f, v.CompanyName), v.CompanyName, tx.Now, v.ID, v.Version)
	if err == nil && n == 0 {
		err = errs.Conflictf("seller.changed", "state", string(v.State))
	}
	return err
}

// changeSeller puts an approved change into force. What took effect at once since the
// change was written stays: the contact's phone and mail.
func (s *Store) changeSeller(ctx context.Context, tx *db.Tx, a Application) error {
	v, err := s.Get(ctx, tx, a.SellerID)
	if err != nil {
		return err
	}
	f := a.Form
	keepNewer(&f.Contact.Phone, a.Before.Contact.Phone, v.Form.Contact.Phone)
	keepNewer(&f.Contact.Email, a.Before.Contact.Email, v.Form.Contact.Email)
	v.CompanyName = a.CompanyName
	return s.writeForm(ctx, tx, v, f)
}

// keepNewer takes the present value when the change did not touch the field.
func keepNewer(changed *string, before, present string) {
	if *changed == before {
		*changed = present
	}
}

// Reachable is what a seller changes without a review (B3): how the platform reaches the
// business contact.
type Reachable struct {
	Phone string `json:"phone"`
	Email string `json:"email"`
}

// SetContact changes the business contact's phone and mail at once. Errors: "invalid",
// "seller.not_found", "seller.changed". Idempotent.
func (s *Store) SetContact(ctx context.Context, tx *db.Tx, sellerID string, in Reachable) (Seller, error) {
	in.Phone, in.Email = strings.TrimSpace(in.Phone), strings.TrimSpace(in.Email)
	var c errs.Check
	checkPhone(&c, "phone", in.Phone)
	checkEmail(&c, "email", in.Email)
	if err := c.Err(); err != nil {
		return Seller{}, err
	}
	v, err := s.Get(ctx, tx, sellerID)
	if err != nil {
		return v, err
	}
	f := v.Form
	f.Contact.Phone, f.Contact.Email = in.Phone, in.Email
	if err := s.writeForm(ctx, tx, v, f); err != nil {
		return v, err
	}
	v.Form, v.Version, v.UpdatedAt = f, v.Version+1, tx.Now
	return v, audit.Record(ctx, tx, audit.Entry{Action: "seller.contact", Object: "seller", ObjectID: v.ID, AccountID: v.AccountID})
}

const sqlStanding = `update sellers set state = $1, state_reason = $2, version = version + 1, updated_at = $3 where id = $4 and state = $5`

// Suspend takes a seller's shop and products off sale until Reactivate; running instances
// go on. The reason has 2–500 characters. Errors: "seller.not_found",
// "seller.bad_standing" (Conflict), "invalid".
func (s *Store) Suspend(ctx context.Context, tx *db.Tx, sellerID, reason string) (Seller, error) {
	return s.stand(ctx, tx, sellerID, Active, Suspended, reason, NoticeSuspended)
}

// Reactivate ends a suspension. Errors as Suspend.
func (s *Store) Reactivate(ctx context.Context, tx *db.Tx, sellerID, reason string) (Seller, error) {
	return s.stand(ctx, tx, sellerID, Suspended, Active, reason, NoticeReactivated)
}

func (s *Store) stand(ctx context.Context, tx *db.Tx, sellerID string, from, to Standing, reason, notice string) (Seller, error) {
	if err := checkReason(reason); err != nil {
		return Seller{}, err
	}
	v, err := s.Get(ctx, tx, sellerID)
	if err != nil {
		return v, err
	}
	n, err := db.Exec(ctx, tx, sqlStanding, to, reason, tx.Now, sellerID, from)
	if err != nil {
		return v, err
	}
	if n == 0 {
		return v, errs.Conflictf("seller.bad_standing", "state", string(v.State))
	}
	v.State, v.StateReason, v.Version, v.UpdatedAt = to, reason, v.Version+1, tx.Now
	err = audit.Record(ctx, tx, audit.Entry{Action: "seller." + string(to), Object: "seller", ObjectID: v.ID, AccountID: v.AccountID,
		Reason: reason, Detail: map[string]any{"from": from, "to": to}})
	if err != nil {
		return v, err
	}
	return v, s.notify(ctx, tx, Notice{AccountID: v.AccountID, Email: v.ServiceEmail, Code: notice, Path: "/seller",
		Args: map[string]any{"seller": v.Name, "reason": reason}})
}

const sellerFilter = ` from sellers where ($1 = '' or state = $1) and ($2 = '' or search like $2 escape '\' or id = $3)`
const sqlSellers = `select ` + sellerColumns + sellerFilter + ` and ($4 = '' or id < $4) order by id desc limit $5`
const sqlSellerCount = `select count(*) from (select 1` + sellerFilter + ` limit $4) as n`

// List is all sellers for operators, newest first; text finds names and ids.
func (s *Store) List(ctx context.Context, q db.Querier, state Standing, text string, p page.Query) (page.Page[Seller], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Seller]{}, err
	}
	args := []any{state, like(text), strings.TrimSpace(text)}
	rows, err := db.List[Seller](ctx, q, sqlSellers, append(args, key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[Seller]{}, err
	}
	n, err := db.One[int](ctx, q, sqlSellerCount, append(args, page.TotalCap+1)...)
	return page.Of(p, rows, func(v Seller) []string { return []string{v.ID} }).WithTotal(n), err
}
