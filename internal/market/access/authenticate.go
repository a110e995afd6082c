package access

import (
	"context"
	"slices"
	"sync"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/identity"
)

// Authenticator turns what a request presents into a Caller. It answers from a cache for
// up to five seconds; what changes in this process drops the cache at once, changes on
// other nodes are seen after five seconds at the latest.
type Authenticator struct {
	DB       *db.DB
	Identity *identity.Store

	mu    sync.Mutex
	epoch int64
	known map[string]remembered
}

type remembered struct {
	caller  Caller
	session identity.Session
	used    time.Time // a token's last use, as written
	until   time.Time
}

const (
	freshness = 5 * time.Second
	maxKnown  = 10000
)

// principal is what one query tells of a session's or token's person.
type principal struct {
	UserID     string    `db:"subject_id"`
	UserName   string    `db:"user_name"`
	UserEmail  string    `db:"user_email"`
	AccountID  string    `db:"user_account"`
	Owner      bool      `db:"user_owner"`
	SellerID   string    `db:"seller_id"`
	Roles      []string  `db:"roles,json"`
	TokenID    string    `db:"token_id"`
	TokenScope []string  `db:"token_scopes,json"`
	TokenUsed  time.Time `db:"token_used"`
	TokenEnd   time.Time `db:"token_end"`
	TokenKind  string    `db:"token_kind"`
}

type sessionPrincipal struct {
	identity.Session
	UserName  string   `db:"user_name"`
	UserEmail string   `db:"user_email"`
	Owner     bool     `db:"user_owner"`
	SellerID  string   `db:"seller_id"`
	Roles     []string `db:"roles,json"`
	HasFactor bool     `db:"has_factor"`
	Required  bool     `db:"factor_required"`
}

const principalColumns = `coalesce(u.name, o.name) as user_name, coalesce(u.email, o.email) as user_email,
coalesce(u.owner, false) as user_owner, coalesce(v.id, '') as seller_id, coalesce(o.roles, '[]') as roles`

// A user counts while the account is active; the seller's side while the seller is.
const principalJoins = `
left join users u on u.id = x.subject_id and x.kind = 'user' and u.state = 'active'
left join accounts a on a.id = u.account_id and a.state = 'active'
left join sellers v on v.account_id = a.id and v.state = 'active'
left join operators o on o.id = x.subject_id and x.kind = 'operator' and o.state = 'active'
where x.token_hash = $1 and (a.id is not null or o.id is not null)`

// The session of a person with a second factor counts only when that was proven in it: one that was begun with a password
// alone while the factor was being set up is none.
const sqlBySession = `select x.id, x.kind, x.subject_id, x.account_id, x.created_at, x.seen_at, x.expires_at, x.authenticated_at, x.proven_at, x.address, x.agent,
f.subject_id is not null as has_factor, coalesce(a.second_factor_required, false) as factor_required, ` +
	principalColumns + ` from sessions x left join second_factors f on f.subject_id = x.subject_id and f.confirmed_at is not null` + principalJoins + `
and (f.subject_id is null or x.proven_at is not null)`

const sqlByToken = `select x.subject_id, x.account_id as user_account, x.id as token_id, x.scopes as token_scopes, x.used_at as token_used,
x.expires_at as token_end, x.kind as token_kind, ` + principalColumns + ` from api_tokens x` + principalJoins + ` and x.revoked_at is null`

// FromSession finds the caller of a browser session. "access.sign_in" (Unauthenticated)
// when the session is unknown, over or revoked, or its person was disabled or suspended.
func (a *Authenticator) FromSession(ctx context.Context, token, address string) (Caller, identity.Session, error) {
	key := "s" + identity.TokenHash(token)
	epoch := a.Identity.Epoch()
	if r, ok := a.recall(key, epoch); ok && !a.Identity.Over(r.session) {
		return r.caller, r.session, nil
	}
	p, ok, err := db.Maybe[sessionPrincipal](ctx, a.DB, sqlBySession, key[1:])
	if err != nil {
		return Caller{}, identity.Session{}, err
	}
	if !ok || a.Identity.Over(p.Session) {
		return Caller{}, identity.Session{}, errs.Unauthenticatedf("access.sign_in")
	}
	c := Caller{Kind: p.Kind, UserID: p.SubjectID, AccountID: p.AccountID, SellerID: p.SellerID, Owner: p.Owner, Name: p.UserName, Email: p.UserEmail, SessionID: p.ID,
		HasFactor: p.HasFactor, MustFactor: p.Required}
	if c.Permissions, err = held(ctx, a.DB, c, p.Roles); err != nil {
		return Caller{}, identity.Session{}, err
	}
	if a.Identity.SeenLongAgo(p.SeenAt) {
		if err := a.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return a.Identity.Seen(ctx, tx, p.ID, address) }); err != nil {
			return Caller{}, identity.Session{}, err
		}
		p.SeenAt = a.Identity.Now()
	}
	a.remember(key, epoch, remembered{caller: c, session: p.Session})
	return c, p.Session, nil
}

// FromToken finds the caller of an API token. "access.bad_token" (Unauthenticated) when
// it is unknown, expired or revoked, or its person was disabled or suspended.
func (a *Authenticator) FromToken(ctx context.Context, bearer, address string) (Caller, error) {
	bad := errs.Unauthenticatedf("access.bad_token")
	if !identity.LooksLikeToken(bearer) {
		return Caller{}, bad
	}
	key := "t" + identity.TokenHash(bearer)
	epoch := a.Identity.Epoch()
	if r, ok := a.recall(key, epoch); ok {
		return r.caller, nil
	}
	p, ok, err := db.Maybe[principal](ctx, a.DB, sqlByToken, key[1:])
	if err != nil {
		return Caller{}, err
	}
	if !ok || !p.TokenEnd.IsZero() && !a.Identity.Now().Before(p.TokenEnd) {
		return Caller{}, bad
	}
	c := Caller{Kind: p.TokenKind, UserID: p.UserID, AccountID: p.AccountID, SellerID: p.SellerID, Owner: p.Owner, Name: p.UserName, Email: p.UserEmail, TokenID: p.TokenID}
	all, err := held(ctx, a.DB, c, p.Roles)
	if err != nil {
		return Caller{}, err
	}
	for _, x := range all {
		if slices.Contains(p.TokenScope, string(x)) {
			c.Permissions = append(c.Permissions, x)
		}
	}
	if a.Identity.SeenLongAgo(p.TokenUsed) {
		if err := a.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return a.Identity.TokenUsed(ctx, tx, p.TokenID) }); err != nil {
			return Caller{}, err
		}
	}
	a.remember(key, epoch, remembered{caller: c})
	return c, nil
}

const sqlGroupPermissions = `select g.permissions from user_groups g join user_group_members m on m.group_id = g.id where m.user_id = $1`

// held are the permissions a person has now: an owner's of the sides the account is on, a
// sub-user's union of groups, an operator's union of roles.
func held(ctx context.Context, q db.Querier, c Caller, roles []string) ([]Permission, error) {
	var out []Permission
	switch {
	case c.Kind == identity.KindOperator:
		for _, r := range roles {
			out = append(out, Roles[Role(r)]...)
		}
	case c.Owner:
		out = append(out, Buyer...)
		for _, p := range Seller {
			if c.SellerID != "" || p == SellerApply {
				out = append(out, p)
			}
		}
	default:
		lists, err := db.List[permissionList](ctx, q, sqlGroupPermissions, c.UserID)
		if err != nil {
			return nil, err
		}
		for _, l := range lists {
			for _, p := range l.Permissions {
				if Grantable(p) && (c.SellerID != "" || slices.Contains(Buyer, p)) {
					out = append(out, p)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

type permissionList struct {
	Permissions []Permission `db:"permissions,json"`
}

func (a *Authenticator) recall(key string, epoch int64) (remembered, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.epoch != epoch {
		return remembered{}, false
	}
	r, ok := a.known[key]
	return r, ok && clock.Wall{}.Now().Before(r.until)
}

// remember keeps the answer unless something changed while it was read.
func (a *Authenticator) remember(key string, epoch int64, r remembered) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := a.Identity.Epoch(); a.epoch != now || a.known == nil || len(a.known) >= maxKnown {
		a.known, a.epoch = map[string]remembered{}, now
	}
	if a.epoch != epoch {
		return
	}
	r.until = clock.Wall{}.Now().Add(freshness)
	a.known[key] = r
}

// SellerSide is what an account's pages know of its seller.
type SellerSide struct {
	ID    string    `db:"id"`
	State string    `db:"state"`
	Name  i18n.Text `db:"name"`
}

// SellerOf finds an account's seller in whatever state; false when it never became one.
func SellerOf(ctx context.Context, q db.Querier, accountID string) (SellerSide, bool, error) {
	return db.Maybe[SellerSide](ctx, q, `select id, state, name from sellers where account_id = $1`, accountID)
}
