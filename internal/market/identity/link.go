package identity

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// Purposes of one-time links.
const (
	LinkReset              = "reset"               // a user's forgotten password
	LinkInvitation         = "invitation"          // a sub-user's first password
	LinkOperatorReset      = "operator_reset"      // an operator's forgotten password
	LinkOperatorInvitation = "operator_invitation" // an operator's first password
	LinkSetup              = "setup"               // the first operator
)

var linkLife = map[string]time.Duration{
	LinkReset: time.Hour, LinkOperatorReset: time.Hour,
	LinkInvitation: 7 * 24 * time.Hour, LinkOperatorInvitation: 7 * 24 * time.Hour,
	LinkSetup: 24 * time.Hour,
}

// mailPause is how long one person's next letter of the same kind must wait.
const mailPause = time.Minute

// Link is a new link that works once. Token is known here only: the row keeps its hash.
type Link struct {
	Purpose   string
	Token     string
	ExpiresAt time.Time
}

type linkRow struct {
	TokenHash string    `db:"token_hash"`
	Purpose   string    `db:"purpose"`
	SubjectID string    `db:"subject_id"`
	CreatedAt time.Time `db:"created_at"`
	ExpiresAt time.Time `db:"expires_at"`
}

const sqlDropLinks = `delete from one_time_links where subject_id = $1 and purpose = $2`

// newLink makes a link and ends the older ones of the same person and purpose.
func (s *Store) newLink(ctx context.Context, tx *db.Tx, purpose, subjectID string) (Link, error) {
	if _, err := db.Exec(ctx, tx, sqlDropLinks, subjectID, purpose); err != nil {
		return Link{}, err
	}
	now := s.now()
	l := Link{Purpose: purpose, Token: id.Token(), ExpiresAt: now.Add(linkLife[purpose])}
	return l, db.Insert(ctx, tx, "one_time_links", linkRow{TokenHash(l.Token), purpose, subjectID, now, l.ExpiresAt})
}

const sqlLink = `select token_hash, purpose, subject_id, created_at, expires_at from one_time_links where token_hash = $1 and purpose = $2 and expires_at > $3`
const sqlUseLink = `delete from one_time_links where token_hash = $1 and purpose = $2 and expires_at > $3 returning subject_id`

// useLink takes the link away: of two who come at once one gets the subject, the other
// "identity.link_over" (Conflict), as everybody does with an expired or unknown link.
func (s *Store) useLink(ctx context.Context, tx *db.Tx, purpose, token string) (string, error) {
	subject, ok, err := db.Maybe[string](ctx, tx, sqlUseLink, TokenHash(token), purpose, s.now())
	if err == nil && !ok {
		err = errs.Conflictf("identity.link_over")
	}
	return subject, err
}

// peekLink looks at a link without using it.
func (s *Store) peekLink(ctx context.Context, q db.Querier, purpose, token string) (string, error) {
	l, ok, err := db.Maybe[linkRow](ctx, q, sqlLink, TokenHash(token), purpose, s.now())
	if err == nil && !ok {
		err = errs.Conflictf("identity.link_over")
	}
	return l.SubjectID, err
}

const sqlLinkedSince = `select count(*) from one_time_links where subject_id = $1 and purpose = $2 and created_at > $3`

func (s *Store) linkedWithin(ctx context.Context, q db.Querier, purpose, subjectID string, d time.Duration) (bool, error) {
	n, err := db.One[int](ctx, q, sqlLinkedSince, subjectID, purpose, s.now().Add(-d))
	return n > 0, err
}
