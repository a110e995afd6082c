package identity

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// MaxAccessKeys bounds the active access keys of one account.
const MaxAccessKeys = 10

// A key is locked for a while after so many wrong signatures in a row (open-api.md §2.3 rule 8).
const (
	keyFailures = 5
	keyLock     = 5 * time.Minute
)

// AccessKey is a pair AK/SK (访问密钥, open-api.md §2.1) without its secret key: programs of the account sign calls of the
// open API with it. It is not the key with which the marketplace signs its calls to a seller.
type AccessKey struct {
	ID         string    `db:"id" json:"id"`
	AccessKey  string    `db:"access_key" json:"accessKey"` // AK
	Name       string    `db:"name" json:"name"`
	State      string    `db:"state" json:"state"`             // active, disabled
	UsedAt     time.Time `db:"used_at" json:"usedAt,omitzero"` // to the minute
	CreatedAt  time.Time `db:"created_at" json:"createdAt"`
	DisabledAt time.Time `db:"disabled_at" json:"disabledAt,omitzero"`
}

type accessKeyRow struct {
	AccessKey
	AccountID string `db:"account_id"`
	UserID    string `db:"user_id"`
	Secret    string `db:"secret"`
}

// accessKeySeal is the context that a secret key is sealed in.
func accessKeySeal(keyID string) string { return "account_access_keys.secret:" + keyID }

const sqlActiveAccessKeys = `select count(*) from account_access_keys where account_id = $1 and state = 'active'`

// CreateAccessKey makes a pair; the secret key, 40 characters, is told this once. Errors: field "name" (2–40 characters),
// "access_key.too_many" (Conflict).
func (s *Store) CreateAccessKey(ctx context.Context, tx *db.Tx, accountID, userID, name string) (k AccessKey, secretKey string, err error) {
	var c errs.Check
	c.Length("name", trim(name), 2, 40)
	if err := c.Err(); err != nil {
		return k, "", err
	}
	n, err := db.One[int](ctx, tx, sqlActiveAccessKeys, accountID)
	if err != nil {
		return k, "", err
	}
	if n >= MaxAccessKeys {
		return k, "", errs.Conflictf("access_key.too_many", "max", MaxAccessKeys)
	}
	secretKey = id.Token()[:40]
	row := accessKeyRow{AccountID: accountID, UserID: userID, AccessKey: AccessKey{ID: id.New("aky"), Name: trim(name),
		AccessKey: "JS" + strings.ToUpper(id.Token()[:18]), State: "active", CreatedAt: s.now()}}
	if row.Secret, err = s.Box.Seal([]byte(secretKey), accessKeySeal(row.ID)); err != nil {
		return k, "", err
	}
	if err := db.Insert(ctx, tx, "account_access_keys", row); err != nil {
		return k, "", err
	}
	return row.AccessKey, secretKey, s.accessKeyAudit(ctx, tx, "create", accountID, row.AccessKey)
}

func (s *Store) accessKeyAudit(ctx context.Context, tx *db.Tx, action, accountID string, k AccessKey) error {
	return audit.Record(ctx, tx, audit.Entry{Action: "access_key." + action, Object: "account_access_key", ObjectID: k.ID, AccountID: accountID,
		Detail: map[string]string{"accessKey": k.AccessKey, "name": k.Name}})
}

const accessKeyColumns = `id, access_key, name, state, used_at, created_at, disabled_at`

const sqlAccessKeys = `select ` + accessKeyColumns + ` from account_access_keys where account_id = $1 order by state, id desc limit 200`

// AccessKeys lists an account's keys: active before disabled, the newest first.
func (s *Store) AccessKeys(ctx context.Context, q db.Querier, accountID string) ([]AccessKey, error) {
	return db.List[AccessKey](ctx, q, sqlAccessKeys, accountID)
}

const sqlDisableAccessKey = `update account_access_keys set state = 'disabled', disabled_at = $1 where id = $2 and account_id = $3 and state = 'active'
returning ` + accessKeyColumns

// DisableAccessKey ends a key at once; it does not come back. "access_key.not_found" (NotFound), also for another account's
// and for one disabled before.
func (s *Store) DisableAccessKey(ctx context.Context, tx *db.Tx, accountID, keyID string) (AccessKey, error) {
	k, ok, err := db.Maybe[AccessKey](ctx, tx, sqlDisableAccessKey, s.now(), keyID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("access_key.not_found")
	}
	if err != nil {
		return k, err
	}
	return k, s.accessKeyAudit(ctx, tx, "disable", accountID, k)
}

// Signer is an access key as the open API checks signatures with it.
type Signer struct {
	KeyID     string
	AccountID string
	SecretKey string // "" while Locked
	Locked    bool
	Failures  int // wrong signatures in a row
	UsedAt    time.Time
}

type signerRow struct {
	ID          string    `db:"id"`
	AccountID   string    `db:"account_id"`
	Secret      string    `db:"secret"`
	Failures    int       `db:"failures"`
	LockedUntil time.Time `db:"locked_until"`
	UsedAt      time.Time `db:"used_at"`
}

const sqlSigner = `select k.id, k.account_id, k.secret, k.failures, k.locked_until, k.used_at
from account_access_keys k join accounts a on a.id = k.account_id and a.state = 'active'
where k.access_key = $1 and k.state = 'active'`

// SignerOf finds the active key of an active account by its AK, and opens it unless it is locked.
// "access_key.not_found" (NotFound) for every other.
func (s *Store) SignerOf(ctx context.Context, q db.Querier, accessKey string) (Signer, error) {
	r, ok, err := db.Maybe[signerRow](ctx, q, sqlSigner, accessKey)
	if err == nil && !ok {
		err = errs.NotFoundf("access_key.not_found")
	}
	if err != nil {
		return Signer{}, err
	}
	out := Signer{KeyID: r.ID, AccountID: r.AccountID, Failures: r.Failures, UsedAt: r.UsedAt, Locked: s.now().Before(r.LockedUntil)}
	if out.Locked {
		return out, nil
	}
	plain, err := s.Box.Open(r.Secret, accessKeySeal(r.ID))
	out.SecretKey = string(plain)
	return out, err
}

const sqlAccessKeyRefused = `update account_access_keys set failures = failures + 1,
locked_until = case when failures + 1 >= $1 then $2 else locked_until end where id = $3`

// AccessKeyRefused counts a wrong signature; the fifth in a row, and each one after it until one holds again, locks the
// key for five minutes.
func (s *Store) AccessKeyRefused(ctx context.Context, tx *db.Tx, keyID string) error {
	_, err := db.Exec(ctx, tx, sqlAccessKeyRefused, keyFailures, s.now().Add(keyLock), keyID)
	return err
}

// Stale tells whether AccessKeyUsed has something to write: the last use a minute after the one before, or the end of a
// row of failures.
func (s *Store) Stale(k Signer) bool { return k.Failures > 0 || s.SeenLongAgo(k.UsedAt) }

const sqlAccessKeyUsed = `update account_access_keys set used_at = $1, failures = 0, locked_until = null where id = $2`

// AccessKeyUsed writes that a signature held.
func (s *Store) AccessKeyUsed(ctx context.Context, tx *db.Tx, keyID string) error {
	_, err := db.Exec(ctx, tx, sqlAccessKeyUsed, s.now(), keyID)
	return err
}
