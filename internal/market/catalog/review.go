package catalog

import (
	"context"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/seller"
)

// RejectionCodes are the documented reasons of a rejection (C6); their texts are
// "catalog.reject.<code>".
var RejectionCodes = []string{
	"delivery_type", "name", "logo", "picture", "description_short", "user_guide", "support", "certificate",
	"security_scan", "interface_test", "price_spec", "forbidden_content", "privacy", "acceptance_template",
}

const sqlAssign = `update product_applications set assignee_id = $1, assignee = $2 where id = $3 and state = 'reviewing'`

// Assign gives an application under review to an operator; empty ids give it back. It is
// idempotent. A decided one is "catalog.bad_transition" (Conflict).
func (s *Store) Assign(ctx context.Context, tx *db.Tx, applicationID, operatorID, name string) (Application, error) {
	a, err := s.Application(ctx, tx, applicationID)
	if err != nil {
		return a, err
	}
	n, err := db.Exec(ctx, tx, sqlAssign, operatorID, name, applicationID)
	if err == nil && n == 0 {
		err = badTransition(string(a.State))
	}
	if err != nil {
		return a, err
	}
	a.AssigneeID, a.Assignee = operatorID, name
	return a, audit.Record(ctx, tx, audit.Entry{Action: "product.assign", Object: "product", ObjectID: a.ProductID, Detail: map[string]string{"application": a.ID, "assignee": operatorID}})
}

// Reject refuses an application. A release or change needs one code of RejectionCodes at
// least; the comment of 1–500 characters is shown to the seller.
func (s *Store) Reject(ctx context.Context, tx *db.Tx, applicationID string, codes []string, comment string) (Application, error) {
	a, err := s.Application(ctx, tx, applicationID)
	if err != nil {
		return a, err
	}
	var k errs.Check
	comment = strings.TrimSpace(comment)
	k.Length("comment", comment, 1, 500)
	if len(codes) == 0 && a.VersionID != "" {
		k.Add("codes", "required")
	}
	for _, c := range codes {
		k.OneOf("codes", c, RejectionCodes...)
	}
	if err := k.Err(); err != nil {
		return a, err
	}
	p, err := s.Product(ctx, tx, a.ProductID)
	if err != nil {
		return a, err
	}
	a.Codes, a.Comment = codes, comment
	if err := s.close(ctx, tx, &p, &a, EventReject, comment); err != nil {
		return a, err
	}
	return a, s.notify(ctx, tx, p, noticeRejected, comment)
}

// Approve grants an application, which takes effect in the same transaction. Content is
// checked once more: what became wrong meanwhile (an address no longer verified, a
// category with new children) is Invalid with one entry per field. Of two decisions at
// once one wins, the other is "catalog.bad_transition" (Conflict).
func (s *Store) Approve(ctx context.Context, tx *db.Tx, applicationID, comment string) (Application, error) {
	a, err := s.Application(ctx, tx, applicationID)
	if err != nil {
		return a, err
	}
	p, err := s.Product(ctx, tx, a.ProductID)
	if err != nil {
		return a, err
	}
	a.Comment = strings.TrimSpace(comment)
	if err := s.decide(ctx, tx, &a, EventApprove); err != nil {
		return a, err
	}
	switch a.Kind {
	case KindRelease, KindModify:
		err = s.approveVersion(ctx, tx, &p, a)
	case KindTakeDown:
		err = s.delist(ctx, tx, &p, a.ID, a.Reason)
	default:
		err = s.moveSpec(ctx, tx, &p, a)
	}
	if err != nil {
		return a, err
	}
	return a, s.notify(ctx, tx, p, noticeApproved, a.Comment)
}

func (s *Store) approveVersion(ctx context.Context, tx *db.Tx, p *Product, a Application) error {
	v, err := s.VersionOf(ctx, tx, p.ID, a.VersionID)
	if err != nil {
		return err
	}
	if err := s.checkContent(ctx, tx, *p, &v.Content); err != nil {
		return err
	}
	if err := s.useAddress(ctx, tx, *p, v.Content); err != nil {
		return err
	}
	if err := s.requireCases(ctx, tx, p.SellerID, v.Content); err != nil {
		return err
	}
	if err := s.moveVersion(ctx, tx, &v, EventApprove); err != nil {
		return err
	}
	return s.publish(ctx, tx, p, v, a.ID)
}

// useAddress holds the production address for this transaction, so that it cannot be
// removed while a product comes to name it.
func (s *Store) useAddress(ctx context.Context, tx *db.Tx, p Product, c Content) error {
	if s.Sellers == nil {
		return nil
	}
	_, err := s.Sellers.UseAddress(ctx, tx, p.SellerID, c.AddressID, seller.Generation(strings.ToLower(string(c.Generation))))
	return err
}
