package people_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/market/identity"
)

// app is the authenticator app on a person's device.
type app struct {
	secret string
	codes  []string
}

// code is of now; the server takes it one step late, so that no test fails at the turn of one.
func (a *app) code(s *site) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(a.secret)
	if err != nil {
		s.Fatal(err)
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(time.Now().Unix()/30))
	m := hmac.New(sha1.New, key)
	m.Write(counter[:])
	sum := m.Sum(nil)
	at := sum[19] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// enrol switches a browser's second factor on.
func (b *browser) enrol() *app {
	b.s.Helper()
	e := b.call("POST", "/session/second-factor", nil, 200)
	a := &app{secret: e.text("secret")}
	for _, c := range b.call("POST", "/session/second-factor/confirm", map[string]any{"code": a.code(b.s)}, 200)["codes"].([]any) {
		a.codes = append(a.codes, c.(string))
	}
	return a
}

// forget makes the last used step old, as if time had passed.
func (s *site) forget(text string) {
	s.Helper()
	if err := s.d.Update(s.ctx, func(tx *db.Tx) error {
		_, err := db.Exec(s.ctx, tx, text)
		s.ids.Changed(tx)
		return err
	}); err != nil {
		s.Fatal(err)
	}
}

const noStep, noProof = `update second_factors set last_step = 0`, `update sessions set proven_at = 1 where proven_at is not null`

func code(c string) map[string]any { return map[string]any{"code": c} }

func TestSecondFactorFromBothSides(t *testing.T) {
	run(t, func(s *site) {
		b, ops := s.owner("lin@example.com"), s.operator()
		elsewhere := s.browser()
		in := map[string]any{"email": "lin@example.com", "password": password}
		elsewhere.call("POST", "/session", in, 200)
		a := b.enrol()
		if len(a.codes) != 10 {
			s.Fatal(a.codes)
		}
		if f := b.call("GET", "/session/second-factor", nil, 200); f["enabled"] != true || f["codesLeft"] != 10.0 || f["required"] != false {
			s.Errorf("%v", f)
		}
		elsewhere.refused("GET", "/profile", nil, 401, "access.sign_in") // it was begun with a password alone
		late := s.browser()                                              // as a sign-in would leave it that read "no second factor" just before there was one
		c := b.call("GET", "/session", nil, 200)
		if err := s.d.Update(s.ctx, func(tx *db.Tx) (err error) {
			_, late.cookie, err = s.ids.StartSession(s.ctx, tx, identity.KindUser, c["user"].(map[string]any)["id"].(string), c["account"].(map[string]any)["id"].(string), "10.0.0.1", "late")
			return err
		}); err != nil {
			s.Fatal(err)
		}
		late.refused("GET", "/profile", nil, 401, "access.sign_in")
		s.forget(noStep)

		again := s.browser()
		if v := again.call("POST", "/session", in, 200); v["secondStep"] != true || v["signedIn"] != false || v["user"] != nil || v.text("csrfToken") != "" {
			s.Errorf("%v", v)
		}
		if again.cookie != "" || again.second == nil || !again.second.HttpOnly || again.second.SameSite != http.SameSiteStrictMode {
			s.Errorf("%q %+v", again.cookie, again.second)
		}
		again.refused("GET", "/profile", nil, 401, "access.sign_in")
		again.refused("POST", "/session/second-step", code("000000"), 422, "invalid")
		again.refused("POST", "/session/second-step", code(""), 422, "invalid")
		if v := again.call("POST", "/session/second-step", code(a.code(s)), 200); v["signedIn"] != true {
			s.Errorf("%v", v)
		}
		again.call("GET", "/profile", nil, 200)
		if again.second.MaxAge >= 0 {
			s.Error("the pending sign-in's cookie stays")
		}

		// What is sensitive asks for the factor, not for the password.
		token := map[string]any{"name": "script", "scopes": []string{"order:read"}}
		again.call("POST", "/tokens", token, 201)
		s.forget(noProof)
		again.refused("POST", "/tokens", token, 403, "second_factor_required")
		again.call("POST", "/session/reauthenticate", map[string]any{"password": password}, 204)
		again.refused("POST", "/tokens", token, 403, "second_factor_required")
		s.forget(noStep)
		again.call("POST", "/session/second-factor/prove", code(a.code(s)), 204)
		again.call("POST", "/tokens", token, 201)

		// A recovery code writes a letter.
		lost := s.browser()
		lost.call("POST", "/session", in, 200)
		lost.call("POST", "/session/second-step", code(a.codes[0]), 200)
		s.token("lin@example.com", "A recovery code")
		fresh := lost.call("POST", "/session/second-factor/codes", nil, 200)["codes"].([]any)
		lost.refused("POST", "/session/second-factor/disable", map[string]any{"password": password, "code": a.codes[1]}, 422, "invalid")
		lost.refused("POST", "/session/second-factor/disable", map[string]any{"password": "wrong password", "code": fresh[0]}, 422, "invalid")

		// Support takes a lost one, with a reason.
		account := b.call("GET", "/account", nil, 200).text("id")
		user := b.call("GET", "/session", nil, 200)["user"].(map[string]any)["id"].(string)
		users := ops.call("GET", "/operator/accounts/"+account+"/users", nil, 200).items()
		if users[0].(map[string]any)["secondFactor"] != true {
			s.Errorf("%v", users)
		}
		path := "/operator/accounts/" + account + "/users/" + user + "/second-factor/reset"
		b.refused("POST", path, map[string]any{"reason": "lost the phone"}, 403, "access.denied")
		ops.refused("POST", path, map[string]any{}, 422, "invalid")
		ops.refused("POST", "/operator/accounts/acc_other/users/"+user+"/second-factor/reset", map[string]any{"reason": "lost the phone"}, 404, "user.not_found")
		ops.call("POST", path, map[string]any{"reason": "lost the phone"}, 204)
		s.token("lin@example.com", "was reset")
		b.refused("GET", "/profile", nil, 401, "access.sign_in")
		if v := s.browser().call("POST", "/session", in, 200); v["signedIn"] != true {
			s.Errorf("%v", v)
		}
	})
}

func TestSecondFactorSwitchedOff(t *testing.T) {
	run(t, func(s *site) {
		b := s.owner("lin@example.com")
		b.refused("POST", "/session/second-factor/confirm", code("123456"), 409, "second_factor.not_started")
		a := b.enrol()
		b.refused("POST", "/session/second-factor", nil, 409, "second_factor.exists")
		b.call("POST", "/session/second-factor/disable", map[string]any{"password": password, "code": a.codes[0]}, 204)
		s.token("lin@example.com", "is off")
		b.refused("POST", "/session/second-factor/codes", nil, 409, "second_factor.none")
		b.refused("POST", "/session/second-factor/prove", code(a.codes[1]), 409, "second_factor.none")
	})
}

func TestSecondFactorRequired(t *testing.T) {
	run(t, func(s *site) {
		b := s.owner("lin@example.com")
		b.refused("PUT", "/account/second-factor", map[string]any{"required": true}, 409, "second_factor.first")
		a := b.enrol()
		b.call("POST", "/users", map[string]any{"email": "mo@example.com", "name": "Mo"}, 201)
		sub := s.browser()
		sub.call("POST", "/invitations/accept", map[string]any{"token": s.token("mo@example.com", "invites you"), "password": password}, 200)
		sub.refused("PUT", "/account/second-factor", map[string]any{"required": true}, 403, "access.denied")
		if v := b.call("PUT", "/account/second-factor", map[string]any{"required": true}, 200); v["secondFactorRequired"] != true {
			s.Errorf("%v", v)
		}
		if v := sub.call("GET", "/session", nil, 200); v["secondFactorDue"] != true {
			s.Errorf("%v", v)
		}
		sub.refused("GET", "/messages", nil, 403, "second_factor_due")
		sub.refused("POST", "/tokens", map[string]any{"name": "x", "scopes": []string{"order:read"}}, 403, "second_factor_due")
		sub.call("GET", "/profile", nil, 200)
		sub.enrol()
		sub.call("GET", "/messages", nil, 200)
		if v := sub.call("GET", "/session", nil, 200); v["secondFactorDue"] != false {
			s.Errorf("%v", v)
		}
		b.refused("POST", "/session/second-factor/disable", map[string]any{"password": password, "code": a.codes[0]}, 409, "second_factor.required_here")
	})
}

func TestSecondFactorOfOperators(t *testing.T) {
	run(t, func(s *site) {
		ops := s.operator()
		read := ops.call("GET", "/operator/settings", nil, 200)
		present := map[string]any{"site": read["site"], "version": read["version"]}
		present["site"].(map[string]any)["security"].(map[string]any)["operatorsNeedFactor"] = true
		ops.refused("PUT", "/operator/settings", present, 409, "second_factor.first")
		ops.enrol()
		ops.call("PUT", "/operator/settings", present, 200)
		o := ops.call("POST", "/operator/operators", map[string]any{"email": "guest@example.com", "name": "Guest", "roles": []string{"platform_admin"}}, 201)
		guest := s.browser()
		guest.call("POST", "/invitations/accept", map[string]any{"kind": "operator", "token": s.token("guest@example.com", "operator"), "password": password}, 200)
		guest.refused("GET", "/operator/settings", nil, 403, "second_factor_due")
		guest.enrol()
		guest.call("GET", "/operator/settings", nil, 200)
		self := ops.call("GET", "/session", nil, 200)["user"].(map[string]any)["id"].(string)
		why := map[string]any{"reason": "lost the phone"}
		ops.refused("POST", "/operator/operators/"+self+"/second-factor/reset", why, 409, "second_factor.own")
		ops.call("POST", "/operator/operators/"+o.text("id")+"/second-factor/reset", why, 204)
		guest.refused("GET", "/profile", nil, 401, "access.sign_in")
		b := s.owner("lin@example.com")
		b.refused("POST", "/operator/operators/"+o.text("id")+"/second-factor/reset", why, 403, "access.denied")
	})
}

// A token acts within its scopes: it neither proves a factor nor sets one up.
func TestTokensHaveNoSecondFactor(t *testing.T) {
	run(t, func(s *site) {
		b := s.owner("lin@example.com")
		token := b.call("POST", "/tokens", map[string]any{"name": "x", "scopes": []string{"order:read", "account:manage"}}, 201).text("token")
		b.enrol()
		s.forget(noProof)
		script := s.browser()
		script.bearer = token
		script.refused("POST", "/session/second-factor", nil, 403, "identity.session_only")
		script.refused("POST", "/session/second-factor/prove", code("123456"), 403, "identity.session_only")
		script.call("PUT", "/account/second-factor", map[string]any{"required": true}, 200) // its scope was chosen for it
	})
}
