package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/market/identity"
)

func (b *bundle) accessKey(u identity.User) (k identity.AccessKey, secretKey string) {
	b.Helper()
	b.must(b.update(func(tx *db.Tx) (err error) {
		k, secretKey, err = b.s.CreateAccessKey(b.ctx, tx, u.AccountID, u.ID, " Order service ")
		return err
	}))
	return k, secretKey
}

func TestAccessKeyLife(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		_, other := b.account("mei@example.com")
		k, secretKey := b.accessKey(u)
		if k.Name != "Order service" || len(k.AccessKey) != 20 || len(secretKey) != 40 {
			b.Errorf("%+v, %d characters", k, len(secretKey))
		}
		stored, err := db.One[string](b.ctx, b.d, `select secret from account_access_keys where id = $1`, k.ID)
		if err != nil || strings.Contains(stored, secretKey) {
			b.Error("the secret key is readable in the database", err)
		}
		s, err := b.s.SignerOf(b.ctx, b.d, k.AccessKey)
		if err != nil || s.SecretKey != secretKey || s.AccountID != u.AccountID || s.Locked {
			b.Errorf("%+v, %v", s, err)
		}
		if list, err := b.s.AccessKeys(b.ctx, b.d, other.AccountID); err != nil || len(list) != 0 {
			b.Error("another account sees", list, err)
		}
		disable := func(account string) error {
			return b.update(func(tx *db.Tx) error { _, err := b.s.DisableAccessKey(b.ctx, tx, account, k.ID); return err })
		}
		b.want(disable(other.AccountID), "access_key.not_found")
		b.must(disable(u.AccountID))
		b.want(disable(u.AccountID), "access_key.not_found")
		_, err = b.s.SignerOf(b.ctx, b.d, k.AccessKey)
		b.want(err, "access_key.not_found")
		list, err := b.s.AccessKeys(b.ctx, b.d, u.AccountID)
		if err != nil || len(list) != 1 || list[0].State != "disabled" || list[0].DisabledAt.IsZero() {
			b.Error(list, err)
		}
		n, err := db.One[int](b.ctx, b.d, `select count(*) from audit_log where object_id = $1 and action in ('access_key.create', 'access_key.disable')`, k.ID)
		if err != nil || n != 2 {
			b.Error("audit entries:", n, err)
		}
		b.clock.Advance(366 * 24 * time.Hour)
		b.must(b.update(func(tx *db.Tx) error {
			_, err := b.s.Purge(b.ctx, tx)
			return err
		}))
		if list, _ := b.s.AccessKeys(b.ctx, b.d, u.AccountID); len(list) != 0 {
			b.Error("a disabled key is kept for ever")
		}
	})
}

func TestAccessKeysAreBounded(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		for range identity.MaxAccessKeys {
			b.accessKey(u)
		}
		create := func(name string) error {
			return b.update(func(tx *db.Tx) error {
				_, _, err := b.s.CreateAccessKey(b.ctx, tx, u.AccountID, u.ID, name)
				return err
			})
		}
		b.want(create("one more"), "access_key.too_many")
		b.wantField(create(" x "), "name", "length")
	})
}

func TestAccessKeyOfASuspendedAccount(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		k, _ := b.accessKey(u)
		b.must(b.update(func(tx *db.Tx) error { return b.s.Suspend(b.ctx, tx, u.AccountID, "misuse of the site") }))
		_, err := b.s.SignerOf(b.ctx, b.d, k.AccessKey)
		b.want(err, "access_key.not_found")
	})
}

func TestAccessKeyLocksAfterFiveWrongSignatures(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		k, _ := b.accessKey(u)
		signer := func() identity.Signer {
			b.Helper()
			s, err := b.s.SignerOf(b.ctx, b.d, k.AccessKey)
			b.must(err)
			return s
		}
		refuse := func() { b.must(b.update(func(tx *db.Tx) error { return b.s.AccessKeyRefused(b.ctx, tx, k.ID) })) }
		for i := range 4 {
			refuse()
			if s := signer(); s.Locked || s.Failures != i+1 || !b.s.Stale(s) {
				b.Fatalf("%d: %+v", i, s)
			}
		}
		b.must(b.update(func(tx *db.Tx) error { return b.s.AccessKeyUsed(b.ctx, tx, k.ID) }))
		if s := signer(); s.Failures != 0 || b.s.Stale(s) {
			b.Errorf("a good signature does not end the row: %+v", s)
		}
		for range 5 {
			refuse()
		}
		if s := signer(); !s.Locked || s.SecretKey != "" {
			b.Error(fmt.Sprint("not locked: ", s.Failures))
		}
		b.clock.Advance(5 * time.Minute)
		if s := signer(); s.Locked || s.SecretKey == "" {
			b.Error("still locked after five minutes")
		}
		b.must(b.update(func(tx *db.Tx) error { return b.s.AccessKeyUsed(b.ctx, tx, k.ID) }))
		b.clock.Advance(time.Minute)
		if s := signer(); !b.s.Stale(s) {
			b.Error("the last use is not written anew after a minute")
		}
	})
}
