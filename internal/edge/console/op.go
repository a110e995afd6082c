package console

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/access"
)

// SignedIn and AnyUser may stand in Op.Need: any user or operator; any user of an account.
const (
	SignedIn access.Permission = "*:signed_in"
	AnyUser  access.Permission = "*:user"
)

// Op describes one operation.
type Op struct {
	Method, Path string // Path without /api/v1
	ID           string // operationId: "list-products"
	Summary      string
	Tag          string
	Need         access.Permission // "" is for anybody
	Money        bool              // money or an order moves: Idempotency-Key is required
	Secret       bool              // the answer holds a secret: it is not kept for a replay
	Recent       bool              // the person must have been proven lately, see RequireRecent
	BeforeFactor bool              // open to whoever still has to set up a required second factor
	Rate         string            // "strict" for sign-in and the like
	Status       int               // of success; 0 is 200, or 204 without a body
}

// ListInput is embedded by the inputs of lists.
type ListInput struct {
	Limit  int    `query:"limit" doc:"Rows per page, at most 100" required:"false"`
	Cursor string `query:"cursor" doc:"next of the page before" required:"false"`
}

// Page is the paging part of the input.
func (l ListInput) Page() page.Query { return page.Query{Limit: l.Limit, Cursor: l.Cursor} }

type output[O any] struct{ Body O }

// None is the answer of an operation without a body.
type None = struct{}

// recent is how long a password entry opens what needs it.
const recent = 15 * time.Minute

// Read registers a reading operation.
func Read[I, O any](c *Console, op Op, h func(ctx context.Context, in *I) (O, error)) {
	if op.Method == "" {
		op.Method = http.MethodGet
	}
	register(c, op, h)
}

// Act registers an operation that talks to the outside while its caller waits: it opens
// its own transactions.
func Act[I, O any](c *Console, op Op, h func(ctx context.Context, in *I) (O, error)) {
	register(c, op, h)
}

// Write registers a writing operation: one transaction, in which the answer is kept under
// the caller's Idempotency-Key. The same key with another request is
// "idempotency.mismatch" (Conflict).
func Write[I, O any](c *Console, op Op, h func(ctx context.Context, tx *db.Tx, in *I) (O, error)) {
	write(c, op, nil, h)
}

func write[I, O any](c *Console, op Op, before func(ctx context.Context, in *I) error, h func(ctx context.Context, tx *db.Tx, in *I) (O, error)) {
	register(c, op, func(ctx context.Context, in *I) (O, error) {
		var out O
		q := from(ctx)
		key := q.r.Header.Get("Idempotency-Key")
		if key == "" && op.Money {
			return out, errs.Invalidf("idempotency.missing")
		}
		if len(key) > 100 {
			return out, errs.Invalidf("idempotency.too_long")
		}
		if before != nil {
			if err := before(ctx, in); err != nil {
				return out, err
			}
		}
		err := c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			out = *new(O)
			if key == "" {
				var err error
				out, err = h(ctx, tx, in)
				return err
			}
			return once(ctx, tx, op, q, key, in, &out, h)
		})
		return out, err
	})
}

// WriteAfter is Write behind something that talks to the outside: before runs first, outside of a transaction. A repeated
// request runs it again; an error of it ends the request.
func WriteAfter[I, O any](c *Console, op Op, before func(ctx context.Context, in *I) error, h func(ctx context.Context, tx *db.Tx, in *I) (O, error)) {
	write(c, op, before, h)
}

type keyRow struct {
	Owner     string    `db:"owner"`
	Key       string    `db:"key"`
	Operation string    `db:"operation"`
	Hash      string    `db:"request_hash"`
	Result    string    `db:"result"`
	CreatedAt time.Time `db:"created_at"`
}

const sqlKey = `select owner, key, operation, request_hash, result, created_at from idempotency_keys where owner = $1 and key = $2`
const sqlKeep = `update idempotency_keys set result = $1 where owner = $2 and key = $3`

func once[I, O any](ctx context.Context, tx *db.Tx, op Op, q *request, key string, in *I, out *O, h func(context.Context, *db.Tx, *I) (O, error)) error {
	owner := q.caller.AccountID
	if owner == "" {
		owner = q.caller.UserID // operators
	}
	if owner == "" {
		owner = "visitor:" + q.address
	}
	row := keyRow{Owner: owner, Key: key, Operation: op.ID, Hash: hash(op, q, in), Result: "", CreatedAt: clock.Wall{}.Now()}
	fresh, err := db.InsertIfAbsent(ctx, tx, "idempotency_keys", row)
	if err != nil {
		return err
	}
	if !fresh {
		old, err := db.One[keyRow](ctx, tx, sqlKey, owner, key)
		if err != nil {
			return err
		}
		if old.Hash != row.Hash {
			return errs.Conflictf("idempotency.mismatch")
		}
		if op.Secret {
			return errs.Conflictf("idempotency.secret")
		}
		return json.Unmarshal([]byte(old.Result), out)
	}
	if *out, err = h(ctx, tx, in); err != nil {
		return err
	}
	if op.Secret {
		return nil
	}
	b, err := json.Marshal(*out)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, sqlKeep, string(b), owner, key)
	return err
}

func hash(op Op, q *request, in any) string {
	b, _ := json.Marshal(in)
	sum := sha256.Sum256([]byte(op.ID + "\n" + q.r.URL.RequestURI() + "\n" + q.caller.UserID + "\n" + string(b)))
	return hex.EncodeToString(sum[:])
}

// KeepIdempotencyKeys is how long an answer is kept for a repeated request.
const KeepIdempotencyKeys = 24 * time.Hour

const sqlPurgeKeys = `delete from idempotency_keys where (owner, key) in (select owner, key from idempotency_keys where created_at < $1 limit 500)`

// PurgeIdempotencyKeys removes a batch of what is too old and tells whether more may be left; a
// periodic job calls it.
func PurgeIdempotencyKeys(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeKeys, clock.Wall{}.Now().Add(-KeepIdempotencyKeys))
	return n == 500, err
}

func register[I, O any](c *Console, op Op, h func(ctx context.Context, in *I) (O, error)) {
	ho := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Tags: []string{op.Tag}, DefaultStatus: op.Status, MaxBodyBytes: maxBody,
		Errors: []int{http.StatusUnprocessableEntity},
	}
	if op.Need != "" {
		ho.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		ho.Errors = append(ho.Errors, http.StatusUnauthorized, http.StatusForbidden)
		if !strings.HasPrefix(string(op.Need), "*") {
			ho.Description = "Needs the permission `" + string(op.Need) + "`."
		}
	}
	if op.Recent {
		ho.Description = strings.TrimSpace(ho.Description + " In a session the person must have been proven lately: `access.reauthenticate` asks for the password, `second_factor_required` for a code of the second factor.")
	}
	if strings.Contains(op.Path, "{") {
		ho.Errors = append(ho.Errors, http.StatusNotFound)
	}
	if !safe(op.Method) {
		ho.Errors = append(ho.Errors, http.StatusConflict)
		ho.Parameters = append(ho.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Required: op.Money,
			Description: "The same key gives the same answer for a day", Schema: &huma.Schema{Type: huma.TypeString}})
	}
	c.registering = op.ID
	run := func(ctx context.Context, in *I) (O, error) {
		var none O
		if err := c.admit(ctx, op); err != nil {
			return none, problemOf(ctx, err)
		}
		if !safe(op.Method) && nulIn(reflect.ValueOf(in)) {
			return none, problemOf(ctx, errNUL)
		}
		out, err := h(ctx, in)
		if err != nil {
			p := problemOf(ctx, err)
			if p.Status >= 500 {
				c.Log.Error("request failed", "operation", op.ID, "requestId", p.RequestID, "error", err)
			}
			return none, p
		}
		return out, nil
	}
	if reflect.TypeFor[O]() == reflect.TypeFor[struct{}]() {
		if ho.DefaultStatus == 0 {
			ho.DefaultStatus = http.StatusNoContent
		}
		huma.Register(c.API, ho, func(ctx context.Context, in *I) (*struct{}, error) {
			if _, err := run(ctx, in); err != nil {
				return nil, err
			}
			return nil, nil
		})
		return
	}
	huma.Register(c.API, ho, func(ctx context.Context, in *I) (*output[O], error) {
		out, err := run(ctx, in)
		if err != nil {
			return nil, err
		}
		return &output[O]{out}, nil
	})
}

// admit checks rate, credentials, permission and the request's freshness, in this order.
func (c *Console) admit(ctx context.Context, op Op) error {
	q := from(ctx)
	if !c.allow(op.Rate, q) {
		return errs.TooManyf("http.too_many")
	}
	if op.Need != "" {
		if q.failure != nil {
			return q.failure
		}
		if err := need(q.caller, op.Need); err != nil {
			return err
		}
	}
	if !safe(op.Method) && q.caller.SessionID != "" && op.Need != "" &&
		subtle.ConstantTimeCompare([]byte(q.r.Header.Get("X-CSRF-Token")), []byte(q.session.CSRF)) != 1 {
		return errs.Forbiddenf("access.csrf")
	}
	if op.Need != "" && q.session.FactorDue && !op.BeforeFactor {
		return errs.Forbiddenf("second_factor_due")
	}
	if op.Recent {
		return RequireRecent(ctx)
	}
	return nil
}

// Admit is the check of an operation for plain handlers.
func (c *Console) Admit(r *http.Request, op Op) error {
	op.Method = r.Method
	return c.admit(r.Context(), op)
}

// RequireRecent wants to know again who sits there: a code of the second factor within the
// site's time (10 minutes) from whoever has one, "second_factor_required"; from everybody
// else the password within 15 minutes, "access.reauthenticate" (both Forbidden). API
// tokens pass, since their scopes were chosen for it in a session that was proven.
//
// Op.Recent asks before the operation; an operation whose risk depends on what it finds
// calls this, or RequireRecentAbove, itself.
func RequireRecent(ctx context.Context) error {
	q, now := from(ctx), clock.Wall{}.Now()
	switch {
	case q.caller.TokenID != "":
		return nil
	case q.session.HasFactor && now.Sub(q.session.ProvenAt) > q.session.ProofLife:
		return errs.Forbiddenf("second_factor_required")
	case !q.session.HasFactor && now.Sub(q.session.AuthenticatedAt) > recent:
		return errs.Forbiddenf("access.reauthenticate")
	}
	return nil
}

// RequireRecentAbove is RequireRecent for amounts above the site's limit.
func RequireRecentAbove(ctx context.Context, amount, limit money.Amount) error {
	if amount <= limit {
		return nil
	}
	return RequireRecent(ctx)
}

func need(c access.Caller, p access.Permission) error {
	switch p {
	case SignedIn:
		if !c.SignedIn() {
			return errs.Unauthenticatedf("access.sign_in")
		}
	case AnyUser:
		if !c.SignedIn() {
			return errs.Unauthenticatedf("access.sign_in")
		}
		if c.Kind != "user" {
			return errs.Forbiddenf("access.users_only")
		}
	default:
		if err := c.Check(p); err != nil {
			return err
		}
		if slices.Contains(access.Seller, p) && p != access.SellerApply && c.SellerID == "" {
			return errs.Forbiddenf("access.no_seller")
		}
	}
	return nil
}

// RequireOperator wants an operator of any role: "access.denied" for users.
func RequireOperator(ctx context.Context) error {
	if c := from(ctx).caller; c.Kind != "operator" {
		return errs.Forbiddenf("access.denied", "permission", "operator")
	}
	return nil
}
