package seller

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// Kind tells an application for admission from a change of seller information.
type Kind string

// The kinds of application.
const (
	Join   Kind = "join"   // 入驻
	Change Kind = "change" // 信息变更
)

// Signed is an agreement as it was accepted.
type Signed struct {
	Code    string    `json:"code"`
	Version string    `json:"version"`
	At      time.Time `json:"at"`
}

// Application is an application for admission or for a change (入驻申请).
type Application struct {
	ID          string    `db:"id" json:"id"`
	AccountID   string    `db:"account_id" json:"accountId"`
	SellerID    string    `db:"seller_id" json:"sellerId"` // of a change, and once admitted
	Kind        Kind      `db:"kind" json:"kind"`
	State       State     `db:"state" json:"state"`
	Version     int64     `db:"version" json:"version"`
	Form        Form      `db:"form" json:"form"`
	Before      Form      `db:"before_form" json:"before"` // of a change: what it replaces
	CompanyName string    `db:"company_name" json:"companyName"`
	Certificate string    `db:"certificate" json:"certificate"`
	Agreements  []Signed  `db:"agreements,json" json:"agreements"`
	Checks      []Tick    `db:"checks,json" json:"checks"`
	Website     string    `db:"website_probe" json:"websiteProbe"` // a text code, "" before the first probe
	Reason      string    `db:"reason" json:"reason"`
	ReviewerID  string    `db:"reviewer_id" json:"reviewerId"`
	SubmittedAt time.Time `db:"submitted_at" json:"submittedAt"`
	DecidedAt   time.Time `db:"decided_at" json:"decidedAt"`
	CreatedAt   time.Time `db:"created_at" json:"createdAt"`
	UpdatedAt   time.Time `db:"updated_at" json:"updatedAt"`
}

// applicationColumns are an Application's; the search column is written only.
const applicationColumns = `id, account_id, seller_id, kind, state, version, form, before_form, company_name, certificate,
agreements, checks, website_probe, reason, reviewer_id, submitted_at, decided_at, created_at, updated_at`

const sqlApplicationOf = `select ` + applicationColumns + ` from seller_applications where id = $1 and account_id = $2`
const sqlApplicationByID = `select ` + applicationColumns + ` from seller_applications where id = $1`
const sqlApplicationLatest = `select ` + applicationColumns + ` from seller_applications where account_id = $1 order by id desc limit 1`
const sqlApplicationOpen = `select ` + applicationColumns + ` from seller_applications
where account_id = $1 and state in ('draft', 'reviewing', 'rejected')`

// Latest is the newest application of an account, false when it never applied.
func (s *Store) Latest(ctx context.Context, q db.Querier, accountID string) (Application, bool, error) {
	return db.Maybe[Application](ctx, q, sqlApplicationLatest, accountID)
}

// ApplicationOf is an application of the account; "seller.application_not_found" for
// any other.
func (s *Store) ApplicationOf(ctx context.Context, q db.Querier, accountID, applicationID string) (Application, error) {
	return found(db.Maybe[Application](ctx, q, sqlApplicationOf, applicationID, accountID))
}

func found(a Application, ok bool, err error) (Application, error) {
	if err == nil && !ok {
		err = errs.NotFoundf("seller.application_not_found")
	}
	return a, err
}

// SaveDraft keeps what an applicant has filled in so far. It opens an application when the
// account has none open: for admission, or for a change when the account is a seller. It
// holds only the bounds of storage against the form; the rules come with Submit.
// Errors: "invalid"; "seller.bad_transition" while under review. Idempotent.
func (s *Store) SaveDraft(ctx context.Context, tx *db.Tx, accountID string, f Form) (Application, error) {
	f.trim()
	if err := f.bounded(); err != nil {
		return Application{}, err
	}
	a, open, err := db.Maybe[Application](ctx, tx, sqlApplicationOpen, accountID)
	if err != nil {
		return a, err
	}
	if !open {
		return s.open(ctx, tx, accountID, f)
	}
	a.Form = f
	return a, s.move(ctx, tx, &a, Save, "")
}

func (s *Store) open(ctx context.Context, tx *db.Tx, accountID string, f Form) (Application, error) {
	a := Application{
		ID: id.New("sap"), AccountID: accountID, Kind: Join, State: Draft, Version: 1, Form: f,
		Agreements: []Signed{}, Checks: []Tick{}, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	present, isSeller, err := db.Maybe[Seller](ctx, tx, sqlSellerOfAccount, accountID)
	if err != nil {
		return a, err
	}
	if isSeller {
		a.Kind, a.SellerID, a.Before = Change, present.ID, present.Form
	}
	written, err := db.InsertIfAbsent(ctx, tx, "seller_applications", a)
	if err == nil && !written {
		err = errs.Conflictf("seller.application_open")
	}
	if err != nil {
		return a, err
	}
	return a, s.note(ctx, tx, a, Save, "", "")
}

// SubmitInput is what Submit needs besides the saved form.
type SubmitInput struct {
	AccountID     string
	ApplicationID string
	Agreements    []string // the codes that were ticked
	Website       string   // what ProbeWebsite found; "" when it was not tried
}

// Submit hands an application over to the reviewers (提交审核). The account's real name must
// be verified, the form must keep every rule, and all agreements must be ticked; their
// versions are recorded. Errors: "seller.application_not_found", "seller.bad_transition",
// "seller.real_name" (Conflict), "invalid".
func (s *Store) Submit(ctx context.Context, tx *db.Tx, in SubmitInput) (Application, error) {
	a, err := s.ApplicationOf(ctx, tx, in.AccountID, in.ApplicationID)
	if err != nil {
		return a, err
	}
	if _, err := a.State.Next(Submit); err != nil {
		return a, err
	}
	who, err := s.realName(ctx, tx, in.AccountID)
	if err != nil {
		return a, err
	}
	check, err := s.check(ctx, tx, in.AccountID, a.Form, tx.Now)
	if err != nil {
		return a, err
	}
	config, err := s.Config(ctx)
	if err != nil {
		return a, err
	}
	a.Agreements = sign(&check, config.Agreements, in.Agreements, tx.Now)
	if err := check.Err(); err != nil {
		return a, err
	}
	a.CompanyName, a.Certificate, a.Website = who.Name, who.Certificate, in.Website
	a.SubmittedAt, a.DecidedAt, a.Reason, a.ReviewerID, a.Checks = tx.Now, time.Time{}, "", "", []Tick{}
	return a, s.move(ctx, tx, &a, Submit, "")
}

func sign(c *errs.Check, wanted []Agreement, ticked []string, at time.Time) []Signed {
	signed := []Signed{}
	for _, w := range wanted {
		if !slices.Contains(ticked, w.Code) {
			c.Add("agreements", "seller.agreements")
			return signed
		}
		signed = append(signed, Signed{Code: w.Code, Version: w.Version, At: at})
	}
	return signed
}

// WithdrawApplication takes an application back from review (撤回). Errors as Submit.
func (s *Store) WithdrawApplication(ctx context.Context, tx *db.Tx, accountID, applicationID string) (Application, error) {
	a, err := s.ApplicationOf(ctx, tx, accountID, applicationID)
	if err != nil {
		return a, err
	}
	return a, s.move(ctx, tx, &a, Withdraw, "")
}

const sqlMove = `update seller_applications set state = $1, version = version + 1, seller_id = $2, form = $3, before_form = $4,
company_name = $5, certificate = $6, search = $7, agreements = $8, checks = $9, website_probe = $10, reason = $11,
reviewer_id = $12, submitted_at = $13, decided_at = $14, updated_at = $15
where id = $16 and state = $17 and version = $18`

// move applies an event: the table decides, the update is guarded by state and version,
// and the history gets a row.
func (s *Store) move(ctx context.Context, tx *db.Tx, a *Application, e Event, reason string) error {
	from := a.State
	to, err := from.Next(e)
	if err != nil {
		return err
	}
	a.UpdatedAt = tx.Now
	n, err := db.Exec(ctx, tx, sqlMove, to, a.SellerID, a.Form, a.Before, a.CompanyName, a.Certificate, searchText(a.Form, a.CompanyName),
		db.JSON(a.Agreements), db.JSON(a.Checks), a.Website, a.Reason, a.ReviewerID, a.SubmittedAt, a.DecidedAt, a.UpdatedAt,
		a.ID, from, a.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("seller.application_changed", "state", string(from))
	}
	a.State, a.Version = to, a.Version+1
	if e == Save {
		return nil // typing is not history
	}
	return s.note(ctx, tx, *a, e, from, reason)
}

func searchText(f Form, company string) string {
	return strings.ToLower(strings.Join([]string{f.Name.ZH, f.Name.EN, company}, " "))
}

// Step is a line of an application's history.
type Step struct {
	ID            string    `db:"id" json:"id"`
	ApplicationID string    `db:"application_id" json:"-"`
	Number        int64     `db:"number" json:"number"` // the application's version after it
	At            time.Time `db:"at" json:"at"`
	Event         Event     `db:"event" json:"event"`
	From          State     `db:"from_state" json:"from"`
	To            State     `db:"to_state" json:"to"`
	ActorKind     string    `db:"actor_kind" json:"actorKind"`
	ActorID       string    `db:"actor_id" json:"actorId"`
	ActorName     string    `db:"actor_name" json:"actorName"`
	Reason        string    `db:"reason" json:"reason"`
}

func (s *Store) note(ctx context.Context, tx *db.Tx, a Application, e Event, from State, reason string) error {
	actor := audit.ActorFrom(ctx)
	step := Step{
		ID: id.New("sae"), ApplicationID: a.ID, Number: a.Version, At: tx.Now, Event: e, From: from, To: a.State,
		ActorKind: actor.Kind, ActorID: actor.ID, ActorName: actor.Name, Reason: reason,
	}
	if err := db.Insert(ctx, tx, "seller_application_events", step); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		Action: "seller.application." + string(e), Object: "seller_application", ObjectID: a.ID, AccountID: a.AccountID,
		Reason: reason, Detail: map[string]any{"kind": a.Kind, "from": from, "to": a.State},
	})
}

const sqlHistory = `select id, application_id, number, at, event, from_state, to_state, actor_kind, actor_id, actor_name, reason
from seller_application_events where application_id = $1 order by number`

// History is what happened to an application, oldest first.
func (s *Store) History(ctx context.Context, q db.Querier, applicationID string) ([]Step, error) {
	return db.List[Step](ctx, q, sqlHistory, applicationID)
}
