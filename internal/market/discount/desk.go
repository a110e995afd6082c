package discount

import (
	"context"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
)

// Decide is an operator's answer to an offer beyond the authorised discount. A rejection needs a
// reason (2–500 characters). One whose validity is over can only be rejected.
func (s *Store) Decide(ctx context.Context, tx *db.Tx, ruleID string, approved bool, reason string) (Rule, error) {
	reason = strings.TrimSpace(reason)
	min, event := 0, Approve
	if !approved {
		min, event = 2, Reject
	}
	var c errs.Check
	c.Length("reason", reason, min, 500)
	if err := c.Err(); err != nil {
		return Rule{}, err
	}
	r, err := Find(ctx, tx, Scope{All: true}, Offer, ruleID)
	if err != nil {
		return r, err
	}
	if approved && !tx.Now.Before(r.EndsAt) {
		return r, errs.Conflictf("discount.over", "state", r.State)
	}
	if err := move(ctx, tx, &r, event, reason); err != nil {
		return r, err
	}
	if err := s.noticeDecided(ctx, tx, r); err != nil {
		return r, err
	}
	if err := s.tell(ctx, tx, &r); err != nil {
		return r, err
	}
	return r, record(ctx, tx, "discount."+string(event), r)
}

// Withdraw takes back an offer that waits for review (撤销).
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, sellerID, ruleID string) (Rule, error) {
	r, err := Find(ctx, tx, Scope{SellerID: sellerID}, Offer, ruleID)
	if err == nil {
		err = move(ctx, tx, &r, Withdraw, "")
	}
	if err != nil {
		return r, err
	}
	return r, record(ctx, tx, "discount.withdraw", r)
}

// Stop ends a rule before its time: a seller his promotions, an operator any rule, with a reason
// (2–500 characters) that its seller reads. Unpaid orders keep their price to their deadline.
func (s *Store) Stop(ctx context.Context, tx *db.Tx, scope Scope, kind, ruleID, reason string) (Rule, error) {
	reason = strings.TrimSpace(reason)
	min := 0
	if scope.All {
		min = 2
	}
	var c errs.Check
	c.Length("reason", reason, min, 500)
	if err := c.Err(); err != nil {
		return Rule{}, err
	}
	r, err := Find(ctx, tx, scope, kind, ruleID)
	if err == nil {
		err = move(ctx, tx, &r, Stop, reason)
	}
	if err != nil {
		return r, err
	}
	if scope.All && r.SellerID != "" {
		if err := s.noticeDecided(ctx, tx, r); err != nil {
			return r, err
		}
	}
	return r, record(ctx, tx, "discount.stop", r)
}

func record(ctx context.Context, tx *db.Tx, action string, r Rule) error {
	return audit.Record(ctx, tx, audit.Entry{Action: action, Object: r.Kind, ObjectID: r.ID, AccountID: audit.ActorFrom(ctx).AccountID,
		Reason: r.Reason, Detail: map[string]any{"name": r.Name, "state": r.State}})
}

const turnBatch = 50

const sqlOver = `select ` + columns + ` from discounts d where d.state in ('EFFECTIVE', 'REVIEWING') and d.ends_at <= $1 order by d.ends_at limit $2`
const sqlUntold = `select ` + columns + ` from discounts d where d.kind = 'offer' and d.state = 'EFFECTIVE' and d.notified_at is null and d.starts_at <= $1 order by d.starts_at limit $2`

// Turn ends the rules whose validity is over and tells the customers of offers that begin; a
// periodic job calls it. Prices look at the validity themselves and do not wait for it.
func (s *Store) Turn(ctx context.Context, tx *db.Tx) (more bool, err error) {
	over, err := db.List[Rule](ctx, tx, sqlOver, tx.Now, turnBatch)
	if err != nil {
		return false, err
	}
	for _, r := range over {
		if err := move(ctx, tx, &r, End, ""); err != nil && !errs.Is(err, "discount.bad_transition") {
			return false, err
		}
	}
	untold, err := db.List[Rule](ctx, tx, sqlUntold, tx.Now, turnBatch)
	if err != nil {
		return false, err
	}
	for _, r := range untold {
		if err := s.tell(ctx, tx, &r); err != nil {
			return false, err
		}
	}
	return len(over) == turnBatch || len(untold) == turnBatch, nil
}

const sqlTold = `update discounts set notified_at = $1 where id = $2 and notified_at is null`
const sqlCustomers = `select a.account_id, u.email, u.name, u.locale from discount_accounts a join users u on u.account_id = a.account_id and u.owner where a.discount_id = $1 order by a.account_id`

type contact struct {
	AccountID string    `db:"account_id"`
	Email     string    `db:"email"`
	Name      string    `db:"name"`
	Locale    i18n.Lang `db:"locale"`
}

// tell writes the link to an offer's customers, once, when it begins to hold.
func (s *Store) tell(ctx context.Context, tx *db.Tx, r *Rule) error {
	if r.Kind != Offer || !r.In(tx.Now) || !r.NotifiedAt.IsZero() {
		return nil
	}
	n, err := db.Exec(ctx, tx, sqlTold, tx.Now, r.ID)
	if err != nil || n == 0 {
		return err
	}
	r.NotifiedAt = tx.Now
	list, err := db.List[contact](ctx, tx, sqlCustomers, r.ID)
	if err != nil {
		return err
	}
	link := r.Path()
	for _, x := range list {
		args := notification.Args{"offer": r.Name, "link": s.PublicURL + link}
		if err := s.Notices.Post(ctx, tx, notification.Message{AccountID: x.AccountID, Permission: access.OrderBuy,
			Class: notification.ClassMarketing, Code: "offer_ready", Link: link, Args: args}); err != nil {
			return err
		}
		if err := s.Notices.Mail(ctx, tx, notification.To{Address: x.Email, Name: x.Name}, x.Locale, "offer_ready", args); err != nil {
			return err
		}
	}
	return nil
}

// Path is the page of the rule's link.
func (r Rule) Path() string {
	if r.Kind == Offer {
		return "/offers/" + r.Token
	}
	return "/promotions/" + r.Token
}

func (s *Store) noticeReview(ctx context.Context, tx *db.Tx, r Rule) error {
	return s.Notices.Post(ctx, tx, notification.Message{Permission: access.DiscountDecide, Class: notification.ClassReview,
		Code: "offer_review", Link: "/operator/offers/" + r.ID, Args: notification.Args{"offer": r.Name}})
}

const sqlSellerAccount = `select account_id from sellers where id = $1`

// noticeDecided tells the seller what an operator decided.
func (s *Store) noticeDecided(ctx context.Context, tx *db.Tx, r Rule) error {
	accountID, err := db.One[string](ctx, tx, sqlSellerAccount, r.SellerID)
	if err != nil {
		return err
	}
	code, link, reason := "", "/seller/offers/"+r.ID, r.Reason
	switch r.State {
	case Effective:
		code = "offer_approved"
	case Rejected:
		code = "offer_rejected"
	default:
		code = "discount_stopped"
	}
	if r.Kind == Promotion {
		link = "/seller/promotions/" + r.ID
	}
	if reason == "" {
		reason = "–"
	}
	return s.Notices.Post(ctx, tx, notification.Message{AccountID: accountID, Permission: access.DiscountWrite, Class: notification.ClassReview,
		Code: code, Link: link, Args: notification.Args{"offer": r.Name, "reason": reason}})
}
