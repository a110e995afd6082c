package catalog

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
)

// Kind is what an application (申请) asks for (C6).
type Kind string

// The kinds.
const (
	KindRelease      Kind = "release"
	KindModify       Kind = "modify"
	KindTakeDown     Kind = "take_down"
	KindTakeDownSpec Kind = "take_down_spec"
	KindHideSpec     Kind = "hide_spec"
	KindShowSpec     Kind = "show_spec"
)

// Application is a review record.
type Application struct {
	ID          string       `db:"id" json:"id"`
	Kind        Kind         `db:"kind" json:"kind"`
	ProductID   string       `db:"product_id" json:"productId"`
	SellerID    string       `db:"seller_id" json:"sellerId"`
	VersionID   string       `db:"version_id" json:"versionId"`
	SpecID      string       `db:"spec_id" json:"specId"`
	State       VersionState `db:"state" json:"state"` // reviewing, approved, rejected, withdrawn
	ProductName i18n.Text    `db:"product_name" json:"productName"`
	Reason      string       `db:"reason" json:"reason"` // the seller's, of a take-down
	ProofKey    string       `db:"proof_key" json:"proofKey"`
	Note        string       `db:"note" json:"note"` // "longer": the queue is long today (C6)
	AssigneeID  string       `db:"assignee_id" json:"assigneeId"`
	Assignee    string       `db:"assignee" json:"assignee"`
	SubmittedAt time.Time    `db:"submitted_at" json:"submittedAt,omitzero"`
	DecidedAt   time.Time    `db:"decided_at" json:"decidedAt,omitzero"`
	DecidedBy   string       `db:"decided_by" json:"decidedBy"`
	Codes       []string     `db:"codes,json" json:"codes"` // reasons of a rejection
	Comment     string       `db:"comment" json:"comment"`
}

const applicationColumns = `id, kind, product_id, seller_id, version_id, spec_id, state, product_name, reason, proof_key, note,
assignee_id, assignee, submitted_at, decided_at, decided_by, codes, comment`

const sqlApplication = `select ` + applicationColumns + ` from product_applications where id = $1`

// Application reads an application; "catalog.application_not_found".
func (*Store) Application(ctx context.Context, q db.Querier, applicationID string) (Application, error) {
	a, ok, err := db.Maybe[Application](ctx, q, sqlApplication, applicationID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.application_not_found")
	}
	return a, err
}

// ApplicationOf reads a seller's application; another seller's is not found.
func (s *Store) ApplicationOf(ctx context.Context, q db.Querier, sellerID, applicationID string) (Application, error) {
	a, err := s.Application(ctx, q, applicationID)
	if err == nil && a.SellerID != sellerID {
		a, err = Application{}, errs.NotFoundf("catalog.application_not_found")
	}
	return a, err
}

// longQueue is from how many submissions in one day on a review takes longer (C6).
const longQueue = 10

const sqlToday = `select count(*) from product_applications where seller_id = $1 and submitted_at >= $2`

func (s *Store) apply(ctx context.Context, tx *db.Tx, p Product, a Application) (Application, error) {
	n, err := db.One[int](ctx, tx, sqlToday, p.SellerID, tx.Now.Add(-24*time.Hour))
	if err != nil {
		return a, err
	}
	if n >= longQueue {
		a.Note = "longer"
	}
	a.ID, a.ProductID, a.SellerID = id.New("apl"), p.ID, p.SellerID
	a.State, a.SubmittedAt, a.Codes = VersionReviewing, tx.Now, []string{}
	fresh, err := db.InsertIfAbsent(ctx, tx, "product_applications", a)
	if err == nil && !fresh {
		err = errs.Conflictf("catalog.already_applied", "state", VersionReviewing)
	}
	return a, err
}

// Submit hands the draft to review (C6, C7). revision is the one that the seller saw;
// incomplete content is Invalid with one entry per field, no draft "catalog.no_draft",
// another save meanwhile "catalog.draft_changed" (Conflict). Of two submissions at once
// one wins.
func (s *Store) Submit(ctx context.Context, tx *db.Tx, sellerID, productID string, revision int64) (Application, error) {
	p, err := s.ProductOf(ctx, tx, sellerID, productID)
	if err != nil {
		return Application{}, err
	}
	v, err := s.draft(ctx, tx, productID)
	if err != nil {
		return Application{}, err
	}
	if v.Revision != revision {
		return Application{}, errs.Conflictf("catalog.draft_changed", "state", v.State)
	}
	if err := s.checkContent(ctx, tx, p, &v.Content); err != nil {
		return Application{}, err
	}
	if err := s.useAddress(ctx, tx, p, v.Content); err != nil {
		return Application{}, err
	}
	if err := s.requireCases(ctx, tx, p.SellerID, v.Content); err != nil {
		return Application{}, err
	}
	if err := s.moveVersion(ctx, tx, &v, EventSubmit); err != nil {
		return Application{}, err
	}
	kind, from := KindModify, p.State
	if !p.Released() {
		kind = KindRelease
		if p.State, err = move(ProductMoves, p.State, EventSubmit); err != nil {
			return Application{}, err
		}
	} else if p.State == Delisted {
		return Application{}, badTransition(string(p.State))
	}
	if err := s.save(ctx, tx, &p); err != nil {
		return Application{}, err
	}
	a, err := s.apply(ctx, tx, p, Application{Kind: kind, VersionID: v.ID, ProductName: v.Content.Name})
	if err != nil {
		return a, err
	}
	return a, s.note(ctx, tx, step{ProductID: p.ID, VersionID: v.ID, ApplicationID: a.ID, Event: EventSubmit, From: string(from), To: string(p.State)})
}

// Withdraw takes an application back (撤回) while it is reviewed; a decided one is
// "catalog.bad_transition" (Conflict).
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, sellerID, applicationID string) (Application, error) {
	a, err := s.ApplicationOf(ctx, tx, sellerID, applicationID)
	if err != nil {
		return a, err
	}
	p, err := s.Product(ctx, tx, a.ProductID)
	if err != nil {
		return a, err
	}
	return a, s.close(ctx, tx, &p, &a, EventWithdraw, "")
}

// close ends an application without effect: withdrawn or rejected.
func (s *Store) close(ctx context.Context, tx *db.Tx, p *Product, a *Application, e Event, reason string) error {
	if err := s.decide(ctx, tx, a, e); err != nil {
		return err
	}
	from := p.State
	if a.VersionID != "" {
		v, err := s.VersionOf(ctx, tx, p.ID, a.VersionID)
		if err != nil {
			return err
		}
		if err := s.moveVersion(ctx, tx, &v, e); err != nil {
			return err
		}
		if !p.Released() {
			if p.State, err = move(ProductMoves, p.State, e); err != nil {
				return err
			}
		}
	}
	if err := s.save(ctx, tx, p); err != nil {
		return err
	}
	return s.note(ctx, tx, step{ProductID: p.ID, VersionID: a.VersionID, ApplicationID: a.ID, SpecID: a.SpecID, Event: e, From: string(from), To: string(p.State), Reason: reason})
}

const sqlDecide = `update product_applications set state = $1, decided_at = $2, decided_by = $3, codes = $4, comment = $5 where id = $6 and state = $7`

func (s *Store) decide(ctx context.Context, tx *db.Tx, a *Application, e Event) error {
	to, err := move(ApplicationMoves, a.State, e)
	if err != nil {
		return err
	}
	from := a.State
	a.State, a.DecidedAt, a.DecidedBy = to, tx.Now, audit.ActorFrom(ctx).Name
	if a.Codes == nil {
		a.Codes = []string{}
	}
	n, err := db.Exec(ctx, tx, sqlDecide, to, a.DecidedAt, a.DecidedBy, db.JSON(a.Codes), a.Comment, a.ID, from)
	if err == nil && n == 0 {
		now, err := s.Application(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		return badTransition(string(now.State))
	}
	return err
}

// RequestInput asks for something else than a version: a take-down (下架) of the product
// or of a specification, or to hide or show a specification. SpecID is empty for the
// product. Reason is needed for take-downs, 2–500 characters; ProofKey is an uploaded
// file of the seller or empty.
type RequestInput struct {
	ProductID, SpecID string
	Kind              Kind
	Reason            string
	ProofKey          string
}

const sqlOwnFile = `select count(*) from files where key = $1 and account_id in (select account_id from sellers where id = $2)`

// Request applies for it. "catalog.already_applied", "catalog.bad_transition" and
// "catalog.last_spec" are conflicts; wrong fields are Invalid.
func (s *Store) Request(ctx context.Context, tx *db.Tx, sellerID string, in RequestInput) (Application, error) {
	p, err := s.ProductOf(ctx, tx, sellerID, in.ProductID)
	if err != nil {
		return Application{}, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	var k errs.Check
	k.OneOf("kind", string(in.Kind), string(KindTakeDown), string(KindTakeDownSpec), string(KindHideSpec), string(KindShowSpec))
	if in.Kind == KindTakeDown || in.Kind == KindTakeDownSpec {
		k.Length("reason", in.Reason, 2, 500)
	} else if n := utf8.RuneCountInString(in.Reason); n > 500 {
		k.Add("reason", "length", "min", 0, "max", 500, "actual", n)
	}
	if in.ProofKey != "" {
		n, err := db.One[int](ctx, tx, sqlOwnFile, in.ProofKey, sellerID)
		if err != nil {
			return Application{}, err
		}
		if n == 0 {
			k.Add("proofKey", "catalog.file_unknown")
		}
	}
	if err := k.Err(); err != nil {
		return Application{}, err
	}
	name := p.Name
	if in.Kind == KindTakeDown {
		in.SpecID = ""
		if _, err := move(ProductMoves, p.State, EventDelist); err != nil {
			return Application{}, err
		}
	} else {
		sp, err := s.specToMove(ctx, tx, p, in.SpecID, in.Kind)
		if err != nil {
			return Application{}, err
		}
		name = i18n.Text{ZH: p.Name.In(i18n.ZH) + " / " + sp.Name.In(i18n.ZH), EN: p.Name.In(i18n.EN) + " / " + sp.Name.In(i18n.EN)}
	}
	a, err := s.apply(ctx, tx, p, Application{Kind: in.Kind, SpecID: in.SpecID, ProductName: name, Reason: in.Reason, ProofKey: in.ProofKey})
	if err != nil {
		return a, err
	}
	return a, s.note(ctx, tx, step{ProductID: p.ID, ApplicationID: a.ID, SpecID: in.SpecID, Event: "apply_" + Event(in.Kind), From: string(p.State), To: string(p.State), Reason: in.Reason})
}

// ApplicationFilter narrows the lists; empty fields do not. Before keeps those submitted
// earlier: the age filter.
type ApplicationFilter struct {
	SellerID string
	State    string
	Kind     string
	Assignee string // an operator's id
	Query    string // part of the product's name or a product id
	Before   time.Time
}

// ApplicationRow is an application with its seller's name.
type ApplicationRow struct {
	Application
	SellerName i18n.Text `db:"seller_name" json:"sellerName"`
}

const applicationWhere = ` where ($1 = '' or a.seller_id = $1) and ($2 = '' or a.state = $2) and ($3 = '' or a.kind = $3)
and ($4 = '' or a.assignee_id = $4) and ($5 = '' or p.search like $5 escape '!' or a.product_id = $6) and (a.submitted_at < $7 or $7 = 0)`

const sqlApplications = `select a.id, a.kind, a.product_id, a.seller_id, a.version_id, a.spec_id, a.state, a.product_name, a.reason, a.proof_key, a.note,
a.assignee_id, a.assignee, a.submitted_at, a.decided_at, a.decided_by, a.codes, a.comment, s.name as seller_name
from product_applications a join products p on p.id = a.product_id join sellers s on s.id = a.seller_id` + applicationWhere +
	` and ($8 = '' or a.id < $8) order by a.id desc limit $9`

const sqlApplicationsOldest = `select a.id, a.kind, a.product_id, a.seller_id, a.version_id, a.spec_id, a.state, a.product_name, a.reason, a.proof_key, a.note,
a.assignee_id, a.assignee, a.submitted_at, a.decided_at, a.decided_by, a.codes, a.comment, s.name as seller_name
from product_applications a join products p on p.id = a.product_id join sellers s on s.id = a.seller_id` + applicationWhere +
	` and ($8 = '' or a.id > $8) order by a.id limit $9`

const sqlApplicationsCount = `select count(*) from (select 1 from product_applications a join products p on p.id = a.product_id` + applicationWhere + ` limit $8) as n`

// Applications lists review records, newest first; with oldestFirst as a work-list.
func (*Store) Applications(ctx context.Context, q db.Querier, f ApplicationFilter, oldestFirst bool, pg page.Query) (page.Page[ApplicationRow], error) {
	key, err := page.Decode(pg.Cursor, 1)
	if err != nil {
		return page.Page[ApplicationRow]{}, err
	}
	var before int64
	if !f.Before.IsZero() {
		before = f.Before.UnixMicro()
	}
	args := []any{f.SellerID, f.State, f.Kind, f.Assignee, like(f.Query), f.Query, before}
	text := sqlApplications
	if oldestFirst {
		text = sqlApplicationsOldest
	}
	rows, err := db.List[ApplicationRow](ctx, q, text, append(args[:7:7], key[0], pg.Size()+1)...)
	if err != nil {
		return page.Page[ApplicationRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlApplicationsCount, append(args[:7:7], page.TotalCap+1)...)
	return page.Of(pg, rows, func(r ApplicationRow) []string { return []string{r.ID} }).WithTotal(n), err
}

// like makes a pattern "contains" for lower-case search columns; "!" escapes.
func like(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}
