package identity

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

// TokenPrefix opens every API token, so that leaked ones can be searched for.
const TokenPrefix = "jst_"

// maxTokens bounds the living tokens of one person.
const maxTokens = 50

// longestToken is the longest life that may be chosen.
const longestToken = 5 * 365 * 24 * time.Hour

// APIToken lets a script do what its person may do, cut to its scopes.
type APIToken struct {
	ID        string    `db:"id" json:"id"`
	Name      string    `db:"name" json:"name"`
	Hint      string    `db:"hint" json:"hint"` // the last four characters
	Scopes    []string  `db:"scopes,json" json:"scopes"`
	CreatedAt time.Time `db:"created_at" json:"createdAt"`
	ExpiresAt time.Time `db:"expires_at" json:"expiresAt,omitzero"` // zero: never
	UsedAt    time.Time `db:"used_at" json:"usedAt,omitzero"`       // to the minute
	RevokedAt time.Time `db:"revoked_at" json:"revokedAt,omitzero"`
}

type tokenRow struct {
	APIToken
	TokenHash string `db:"token_hash"`
	Kind      string `db:"kind"`
	SubjectID string `db:"subject_id"`
	AccountID string `db:"account_id"`
}

// NewToken is a token to be made.
type NewToken struct {
	Name      string
	Scopes    []string
	ExpiresAt time.Time // zero: never
}

// TokenOwner is who the token acts for. Held are the permissions that the person has now.
type TokenOwner struct {
	Kind      string
	ID        string
	AccountID string
	Held      []string
}

// CreateToken makes a token; its text is told this once. Scopes are a subset of what the
// person holds; a permission taken away later is taken from the token too. Errors: one
// per field, "token.too_many" (Conflict).
func (s *Store) CreateToken(ctx context.Context, tx *db.Tx, o TokenOwner, in NewToken) (APIToken, string, error) {
	now := s.now()
	var c errs.Check
	c.Length("name", in.Name, 1, 60)
	if len(in.Scopes) == 0 {
		c.Add("scopes", "required")
	}
	for _, p := range in.Scopes {
		if !slices.Contains(o.Held, p) {
			c.Add("scopes", "identity.scope_not_held", "scope", p)
		}
	}
	if !in.ExpiresAt.IsZero() && (!in.ExpiresAt.After(now) || in.ExpiresAt.After(now.Add(longestToken))) {
		c.Add("expiresAt", "identity.bad_expiry", "years", 5)
	}
	if err := c.Err(); err != nil {
		return APIToken{}, "", err
	}
	n, err := db.One[int](ctx, tx, `select count(*) from api_tokens where subject_id = $1 and revoked_at is null`, o.ID)
	if err != nil {
		return APIToken{}, "", err
	}
	if n >= maxTokens {
		return APIToken{}, "", errs.Conflictf("token.too_many", "max", maxTokens)
	}
	text := TokenPrefix + id.Token()
	scopes := slices.Compact(slices.Sorted(slices.Values(in.Scopes)))
	row := tokenRow{TokenHash: TokenHash(text), Kind: o.Kind, SubjectID: o.ID, AccountID: o.AccountID, APIToken: APIToken{ID: id.New("tok"),
		Name: trim(in.Name), Hint: text[len(text)-4:], Scopes: scopes, CreatedAt: now, ExpiresAt: in.ExpiresAt}}
	if err := db.Insert(ctx, tx, "api_tokens", row); err != nil {
		return APIToken{}, "", err
	}
	return row.APIToken, text, audit.Record(ctx, tx, audit.Entry{Action: "token.create", Object: "token", ObjectID: row.ID, AccountID: o.AccountID,
		Detail: map[string]any{"name": row.Name, "scopes": scopes}})
}

const sqlTokens = `select id, name, hint, scopes, created_at, expires_at, used_at, revoked_at from api_tokens
where subject_id = $1 and revoked_at is null order by id desc limit 200`

// Tokens lists a person's tokens that are not revoked, the newest first.
func (s *Store) Tokens(ctx context.Context, q db.Querier, subjectID string) ([]APIToken, error) {
	return db.List[APIToken](ctx, q, sqlTokens, subjectID)
}

// RevokeToken ends a token at once. "token.not_found" (NotFound), also for another
// person's and for one revoked before.
func (s *Store) RevokeToken(ctx context.Context, tx *db.Tx, o TokenOwner, tokenID string) error {
	n, err := db.Exec(ctx, tx, `update api_tokens set revoked_at = $1 where id = $2 and subject_id = $3 and revoked_at is null`, s.now(), tokenID, o.ID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("token.not_found")
	}
	if err != nil {
		return err
	}
	s.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "token.revoke", Object: "token", ObjectID: tokenID, AccountID: o.AccountID})
}

// TokenUsed writes when a token was used last.
func (s *Store) TokenUsed(ctx context.Context, tx *db.Tx, tokenID string) error {
	_, err := db.Exec(ctx, tx, `update api_tokens set used_at = $1 where id = $2`, s.now(), tokenID)
	return err
}

// LooksLikeToken tells whether a bearer text is one of ours, before any query.
func LooksLikeToken(bearer string) bool {
	return strings.HasPrefix(bearer, TokenPrefix) && len(bearer) == len(TokenPrefix)+52
}
