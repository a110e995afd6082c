package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// How long a session lives: idle, and at most.
const (
	IdleLife  = 12 * time.Hour
	WholeLife = 7 * 24 * time.Hour
	seenEvery = time.Minute
)

// Session is one sign-in of a person in one browser.
type Session struct {
	ID              string    `db:"id" json:"id"`
	Kind            string    `db:"kind" json:"kind"` // "user" or "operator"
	SubjectID       string    `db:"subject_id" json:"-"`
	AccountID       string    `db:"account_id" json:"-"`
	CreatedAt       time.Time `db:"created_at" json:"createdAt"`
	SeenAt          time.Time `db:"seen_at" json:"seenAt"`
	ExpiresAt       time.Time `db:"expires_at" json:"expiresAt"`
	AuthenticatedAt time.Time `db:"authenticated_at" json:"authenticatedAt"`
	ProvenAt        time.Time `db:"proven_at" json:"-"` // the second factor; zero: never
	Address         string    `db:"address" json:"address"`
	Agent           string    `db:"agent" json:"agent"`
}

// SessionColumns are the columns of Session under the alias s, for queries that join.
const SessionColumns = `s.id, s.kind, s.subject_id, s.account_id, s.created_at, s.seen_at, s.expires_at, s.authenticated_at, s.proven_at, s.address, s.agent`

type sessionRow struct {
	Session
	TokenHash string `db:"token_hash"`
}

// CSRFToken is derived from the session's token, which scripts cannot read.
func CSRFToken(sessionToken string) string {
	m := hmac.New(sha256.New, []byte(sessionToken))
	m.Write([]byte("jishi csrf 1"))
	return hex.EncodeToString(m.Sum(nil))
}

// Entry is what a sign-in led to: a session, or the wait for its second step.
type Entry struct {
	Session Session
	Token   string // of the session, for the cookie
	Pending string // of the pending sign-in, when a second factor is asked for; there is no session then
}

// FinishSignIn starts a session for an attempt that Verify accepted, always under a new
// token; whoever has a second factor gets a pending sign-in instead, for FinishSecondStep.
// "identity.bad_credentials" (Unauthenticated) when the password was changed while it was
// being verified: such a session would outlive the change that ended all others.
func (s *Store) FinishSignIn(ctx context.Context, tx *db.Tx, a Attempt, agent string) (Entry, error) {
	if err := s.succeed(ctx, tx, a); err != nil {
		return Entry{}, err
	}
	factor, err := s.Factor(ctx, tx, a.SubjectID)
	if err != nil {
		return Entry{}, err
	}
	text := `update users set last_sign_in = case when $1 then last_sign_in else $2 end where id = $3 and state = 'active' and password_hash = $4`
	if a.Kind == KindOperator {
		text = `update operators set last_sign_in = case when $1 then last_sign_in else $2 end where id = $3 and state = 'active' and password_hash = $4`
	}
	n, err := db.Exec(ctx, tx, text, factor.Enabled, s.now(), a.SubjectID, a.hash)
	if err == nil && n == 0 {
		err = errs.Unauthenticatedf("identity.bad_credentials")
	}
	if err != nil {
		return Entry{}, err
	}
	var out Entry
	if factor.Enabled {
		out.Pending, err = s.startPending(ctx, tx, a)
		return out, err
	}
	out.Session, out.Token, err = s.StartSession(ctx, tx, a.Kind, a.SubjectID, a.AccountID, a.Address, agent)
	return out, err
}

// actingAs makes a person the actor who is on the way in.
func actingAs(ctx context.Context, kind, subjectID, accountID, address string) context.Context {
	return audit.WithActor(ctx, audit.Actor{Kind: kind, ID: subjectID, AccountID: accountID, Address: address, RequestID: audit.ActorFrom(ctx).RequestID})
}

// StartSession signs a person in without a password: right after a verified sign-up or an
// accepted invitation, when the password has just been proven or set.
func (s *Store) StartSession(ctx context.Context, tx *db.Tx, kind, subjectID, accountID, address, agent string) (Session, string, error) {
	now := s.now()
	if len(agent) > 300 {
		agent = agent[:300]
	}
	agent = strings.ReplaceAll(strings.ToValidUTF8(agent, ""), "\x00", "")
	token := id.Token()
	row := sessionRow{TokenHash: TokenHash(token), Session: Session{ID: id.New("ses"), Kind: kind, SubjectID: subjectID, AccountID: accountID,
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(WholeLife), AuthenticatedAt: now, Address: address, Agent: agent}}
	if err := db.Insert(ctx, tx, "sessions", row); err != nil {
		return Session{}, "", err
	}
	err := audit.Record(actingAs(ctx, kind, subjectID, accountID, address), tx, audit.Entry{Action: kind + ".sign_in", Object: kind, ObjectID: subjectID, AccountID: accountID})
	return row.Session, token, err
}

// Over tells whether a session has ended by age.
func (s *Store) Over(x Session) bool {
	now := s.now()
	return !now.Before(x.ExpiresAt) || now.Sub(x.SeenAt) >= IdleLife
}

// SeenLongAgo tells whether the session's last use should be written anew.
func (s *Store) SeenLongAgo(at time.Time) bool { return s.now().Sub(at) >= seenEvery }

// Seen writes when and from where the session was used last.
func (s *Store) Seen(ctx context.Context, tx *db.Tx, sessionID, address string) error {
	_, err := db.Exec(ctx, tx, `update sessions set seen_at = $1, address = $2 where id = $3`, s.now(), address, sessionID)
	return err
}

const sqlSessions = `select ` + SessionColumns + ` from sessions s where s.subject_id = $1 and s.expires_at > $2 and s.seen_at > $3 order by s.seen_at desc limit 100`

// Sessions lists a person's living sessions, the last used first.
func (s *Store) Sessions(ctx context.Context, q db.Querier, subjectID string) ([]Session, error) {
	now := s.now()
	return db.List[Session](ctx, q, sqlSessions, subjectID, now, now.Add(-IdleLife))
}

// EndSession ends one session of the person. "session.not_found" (NotFound), also for
// another person's.
func (s *Store) EndSession(ctx context.Context, tx *db.Tx, subjectID, sessionID string) error {
	n, err := db.Exec(ctx, tx, `delete from sessions where id = $1 and subject_id = $2`, sessionID, subjectID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("session.not_found")
	}
	s.Changed(tx)
	return err
}

// EndAll signs the person out everywhere. except is a session that stays, or "".
func (s *Store) EndAll(ctx context.Context, tx *db.Tx, subjectID, except string) error {
	if err := s.endSessions(ctx, tx, subjectID, except); err != nil {
		return err
	}
	actor := audit.ActorFrom(ctx)
	return audit.Record(ctx, tx, audit.Entry{Action: "session.end_all", Object: "person", ObjectID: subjectID, AccountID: actor.AccountID})
}

// endSessions ends sign-ins that wait for their second step, too.
func (s *Store) endSessions(ctx context.Context, tx *db.Tx, subjectID, except string) error {
	if _, err := db.Exec(ctx, tx, `delete from pending_sign_ins where subject_id = $1`, subjectID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `delete from sessions where subject_id = $1 and id <> $2`, subjectID, except)
	s.Changed(tx)
	return err
}

// endEverything ends a person's sessions and API tokens.
func (s *Store) endEverything(ctx context.Context, tx *db.Tx, subjectID, except string) error {
	if err := s.endSessions(ctx, tx, subjectID, except); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `update api_tokens set revoked_at = $1 where subject_id = $2 and revoked_at is null`, s.now(), subjectID)
	return err
}

// FinishReauthentication marks the session as freshly authenticated after VerifyOwn.
func (s *Store) FinishReauthentication(ctx context.Context, tx *db.Tx, a Attempt, sessionID string) error {
	if err := s.succeed(ctx, tx, a); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `update sessions set authenticated_at = $1 where id = $2 and subject_id = $3`, s.now(), sessionID, a.SubjectID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("session.not_found")
	}
	s.Changed(tx)
	return err
}
