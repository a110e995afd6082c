package identity_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/market/identity"
)

const home, away = "10.0.0.1", "203.0.113.7"

// device is a person with a second factor.
type device struct {
	*bundle
	user   identity.User
	secret string
	codes  []string
}

func (d *device) code() string { return identity.CodeAt(d.secret, d.clock.Now()) }

// withFactor makes an account whose owner has a second factor.
func (b *bundle) withFactor(email string) *device {
	b.Helper()
	_, u := b.account(email)
	session, _, err := b.signIn(identity.KindUser, email, password, home)
	b.must(err)
	d := &device{bundle: b, user: u}
	b.must(b.update(func(tx *db.Tx) error {
		e, err := b.s.StartFactor(b.ctx, tx, identity.FactorOwner{Kind: identity.KindUser, ID: u.ID, AccountID: u.AccountID}, "Jishi", email)
		d.secret = e.Secret
		return err
	}))
	t, err := d.begin(home)
	b.must(err)
	b.must(b.update(func(tx *db.Tx) (err error) {
		d.codes, _, err = b.s.ConfirmFactor(b.ctx, tx, t, d.code(), session.ID)
		return err
	}))
	b.clock.Advance(30 * time.Second) // the next code
	return d
}

func (d *device) begin(address string) (t identity.FactorTry, err error) {
	err = d.update(func(tx *db.Tx) error { t, err = d.s.BeginFactor(d.ctx, tx, d.user.ID, address); return err })
	return t, err
}

// password is the first step of a sign-in.
func (d *device) password(address string) string {
	d.Helper()
	var e identity.Entry
	var a identity.Attempt
	d.must(d.update(func(tx *db.Tx) (err error) {
		a, err = d.s.BeginSignIn(d.ctx, tx, identity.KindUser, d.user.Email, address)
		return err
	}))
	d.must(d.s.Verify(d.ctx, &a, password))
	d.must(d.update(func(tx *db.Tx) (err error) { e, err = d.s.FinishSignIn(d.ctx, tx, a, "test agent"); return err }))
	if e.Token != "" || e.Session.ID != "" || e.Pending == "" {
		d.Fatalf("a password alone led to %+v", e)
	}
	return e.Pending
}

// second is the second step.
func (d *device) second(pending, code, address string) (e identity.Entry, err error) {
	var t identity.FactorTry
	if err := d.update(func(tx *db.Tx) error { t, err = d.s.BeginSecondStep(d.ctx, tx, pending, address); return err }); err != nil {
		return e, err
	}
	err = d.update(func(tx *db.Tx) error {
		e, _, err = d.s.FinishSecondStep(d.ctx, tx, t, code, address, "test agent")
		return err
	})
	return e, err
}

func (d *device) prove(code, address string) error {
	t, err := d.begin(address)
	if err != nil {
		return err
	}
	sessions, err := d.s.Sessions(d.ctx, d.d, d.user.ID)
	d.must(err)
	return d.update(func(tx *db.Tx) error {
		_, err := d.s.ProveFactor(d.ctx, tx, t, code, sessions[0].ID)
		return err
	})
}

func TestSignInInTwoSteps(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		pending := d.password(home)
		if _, err := d.second(pending, "000000", home); err == nil {
			b.Error("a wrong code got in")
		}
		e, err := d.second(pending, d.code(), home)
		b.must(err)
		if e.Token == "" || e.Session.ProvenAt.IsZero() {
			b.Errorf("%+v", e)
		}
		_, err = d.second(pending, d.codes[0], home) // a pending sign-in works once
		b.want(err, "identity.sign_in_over")
	})
}

func TestAPendingSignInIsBoundToItsTimeItsNetworkAndItsPassword(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		pending := d.password(home)
		_, err := d.second(pending, d.code(), away)
		b.want(err, "identity.sign_in_over")
		_, err = d.second("another", d.code(), home)
		b.want(err, "identity.sign_in_over")
		b.clock.Advance(identity.PendingLife)
		_, err = d.second(pending, d.code(), home)
		b.want(err, "identity.sign_in_over")

		pending = d.password(home)
		b.must(b.update(func(tx *db.Tx) error { return b.s.EndAll(b.ctx, tx, d.user.ID, "") })) // as a change of password does
		_, err = d.second(pending, d.code(), home)
		b.want(err, "identity.sign_in_over")

		pending = d.password(home)
		b.must(b.update(func(tx *db.Tx) error { return b.s.Suspend(b.ctx, tx, d.user.AccountID, "fraud") }))
		_, err = d.second(pending, d.code(), home)
		b.want(err, "identity.account_suspended")
	})
}

func TestACodeWorksOnceWithinItsStepAndNeverBackwards(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		b.clock.Advance(5 * time.Minute)
		before := identity.CodeAt(d.secret, b.clock.Now().Add(-30*time.Second))
		b.must(d.prove(d.code(), home))
		b.wantField(d.prove(d.code(), home), "code", "identity.used_code")
		b.wantField(d.prove(before, home), "code", "identity.used_code") // valid by its time, older than the last one
		b.clock.Advance(30 * time.Second)
		b.must(d.prove(d.code(), home))
	})
}

func TestTheConfirmingCodeIsUsed(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		first := identity.CodeAt(d.secret, b.clock.Now().Add(-30*time.Second))
		_, err := d.second(d.password(home), first, home)
		b.wantField(err, "code", "identity.used_code")
	})
}

func TestARecoveryCodeWorksOnceAndForItsPersonOnly(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		other := b.withFactor("mo@example.com")
		if len(d.codes) != identity.RecoveryCodes {
			b.Fatal(d.codes)
		}
		_, err := d.second(d.password(home), other.codes[0], home)
		b.wantField(err, "code", "identity.bad_code")
		e, err := d.second(d.password(home), strings.ToUpper(strings.ReplaceAll(d.codes[0], "-", " ")), home)
		b.must(err)
		if e.Token == "" {
			b.Error("no session")
		}
		_, err = d.second(d.password(home), d.codes[0], home)
		b.wantField(err, "code", "identity.bad_code")
		if f, err := b.s.Factor(b.ctx, b.d, d.user.ID); err != nil || f.CodesLeft != 9 {
			b.Errorf("%+v %v", f, err)
		}
		var fresh []string
		b.must(b.update(func(tx *db.Tx) (err error) { fresh, err = b.s.RenewRecoveryCodes(b.ctx, tx, d.user.ID); return err }))
		_, err = d.second(d.password(home), d.codes[1], home)
		b.wantField(err, "code", "identity.bad_code")
		_, err = d.second(d.password(home), fresh[0], home)
		b.must(err)
	})
}

func TestOneCodeOfManyAtOnceWins(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		for _, code := range []string{d.code(), d.codes[3]} {
			var pendings []string
			for range 4 { // below the lock
				pendings = append(pendings, d.password(home))
			}
			var wg sync.WaitGroup
			var in atomic.Int64
			for _, p := range pendings {
				wg.Go(func() {
					if _, err := d.second(p, code, home); err == nil {
						in.Add(1)
					}
				})
			}
			wg.Wait()
			if in.Load() != 1 {
				b.Errorf("%d sessions from the code %s", in.Load(), code)
			}
			b.clock.Advance(25 * time.Hour)
		}
	})
}

func TestOnePendingSignInGivesOneSession(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		pending := d.password(home)
		var wg sync.WaitGroup
		var in atomic.Int64
		for _, code := range []string{d.code(), d.codes[0], d.codes[1]} {
			wg.Go(func() {
				if _, err := d.second(pending, code, home); err == nil {
					in.Add(1)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			b.Errorf("%d sessions from one sign-in", in.Load())
		}
	})
}

func TestWrongCodesLockTheirNetworkAndNobodyElse(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		for range 5 {
			b.wantField(d.prove("000000", away), "code", "identity.bad_code")
		}
		b.want(d.prove(d.code(), away), "identity.factor_locked")
		b.must(d.prove(d.code(), home))
		b.clock.Advance(15*time.Minute + time.Second)
		b.must(d.prove(d.code(), away))
	})
}

// Whoever knows the password and has a thousand addresses gets 50 codes a day; the owner's network is not bound by that.
func TestWrongCodesFromManyNetworksAreBounded(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		var refused error
		tries := 0
		for i := 0; i < 60 && refused == nil; i++ {
			address := "198.51.100." + string(rune('0'+i/10)) + string(rune('0'+i%10))
			if i < 10 {
				address = "198.51.101." + string(rune('0'+i))
			}
			if _, refused = d.begin(address); refused == nil {
				tries++
			}
		}
		b.want(refused, "identity.factor_locked")
		if tries != 50 {
			b.Errorf("%d tries", tries)
		}
		b.must(d.prove(d.code(), home))
	})
}

// A node that dies between counting and looking leaves the code usable and the try counted.
func TestKilledBetweenCountingAndTaking(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		pending := d.password(home)
		killed := errors.New("killed")
		var try identity.FactorTry
		b.must(b.update(func(tx *db.Tx) (err error) { try, err = b.s.BeginSecondStep(b.ctx, tx, pending, home); return err }))
		if err := b.update(func(tx *db.Tx) error {
			if _, _, err := b.s.FinishSecondStep(b.ctx, tx, try, d.code(), home, "test agent"); err != nil {
				return err
			}
			return killed
		}); !errors.Is(err, killed) {
			b.Fatal(err)
		}
		e, err := d.second(pending, d.code(), home)
		b.must(err)
		if e.Token == "" {
			b.Error("no session")
		}
	})
}

func TestSetUpCountsOnceConfirmed(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		o := identity.FactorOwner{Kind: identity.KindUser, ID: u.ID, AccountID: u.AccountID}
		start := func() (e identity.Enrolment, err error) {
			err = b.update(func(tx *db.Tx) error { e, err = b.s.StartFactor(b.ctx, tx, o, "Jishi", u.Email); return err })
			return e, err
		}
		abandoned, err := start()
		b.must(err)
		session, _, err := b.signIn(identity.KindUser, u.Email, password, home)
		b.must(err)
		if session.ID == "" {
			b.Fatal("an abandoned set-up asks for a code")
		}
		e, err := start()
		b.must(err)
		d := &device{bundle: b, user: u}
		confirm := func(code string) error {
			try, err := d.begin(home)
			b.must(err)
			return b.update(func(tx *db.Tx) error {
				_, _, err := b.s.ConfirmFactor(b.ctx, tx, try, code, session.ID)
				return err
			})
		}
		b.wantField(confirm(identity.CodeAt(abandoned.Secret, b.clock.Now())), "code", "identity.bad_first_code")
		b.must(confirm(identity.CodeAt(e.Secret, b.clock.Now())))
		b.want(confirm(identity.CodeAt(e.Secret, b.clock.Now())), "second_factor.exists")
		_, err = start()
		b.want(err, "second_factor.exists")
		var stored string
		stored, err = db.One[string](b.ctx, b.d, `select secret from second_factors where subject_id = $1`, u.ID)
		b.must(err)
		if strings.Contains(stored, e.Secret) {
			b.Error("the secret is stored readably")
		}
	})
}

func TestResetAndDisable(t *testing.T) {
	run(t, func(b *bundle) {
		d := b.withFactor("lin@example.com")
		other, _ := b.account("mo@example.com")
		reset := func(kind, account, reason string) error {
			return b.update(func(tx *db.Tx) error {
				_, err := b.s.ResetFactor(b.ctx, tx, kind, account, d.user.ID, reason)
				return err
			})
		}
		b.wantField(reset(identity.KindUser, d.user.AccountID, "x"), "reason", "length")
		b.want(reset(identity.KindUser, other.ID, "lost the phone"), "user.not_found")
		b.want(reset(identity.KindOperator, "", "lost the phone"), "operator.not_found")
		pending := d.password(home)
		b.must(reset(identity.KindUser, d.user.AccountID, "lost the phone"))
		b.want(reset(identity.KindUser, d.user.AccountID, "lost the phone"), "second_factor.none")
		_, err := d.second(pending, d.code(), home)
		b.want(err, "identity.sign_in_over")
		b.must(b.in("lin@example.com", password, home)) // the password alone again
		n, err := db.One[int](b.ctx, b.d, `select count(*) from recovery_codes where subject_id = $1`, d.user.ID)
		if err != nil || n != 0 {
			b.Errorf("%d codes are left, %v", n, err)
		}
		reason, err := db.One[string](b.ctx, b.d, `select reason from audit_log where action = 'second_factor.reset' and object_id = $1`, d.user.ID)
		if err != nil || reason != "lost the phone" {
			b.Errorf("%q %v", reason, err)
		}

		e := b.withFactor("ai@example.com")
		disable := func(password, code string) error {
			var a identity.Attempt
			b.must(b.update(func(tx *db.Tx) (err error) {
				a, err = b.s.BeginCheck(b.ctx, tx, identity.KindUser, e.user.ID, home)
				return err
			}))
			if err := b.s.VerifyOwn(b.ctx, &a, "password", password); err != nil {
				return err
			}
			try, err := e.begin(home)
			b.must(err)
			return b.update(func(tx *db.Tx) error { _, err := b.s.DisableFactor(b.ctx, tx, a, try, code); return err })
		}
		b.wantField(disable("wrong password", e.code()), "password", "identity.wrong_password")
		b.wantField(disable(password, "000000"), "code", "identity.bad_code")
		b.must(disable(password, e.code()))
		b.must(b.in("ai@example.com", password, home))
	})
}
