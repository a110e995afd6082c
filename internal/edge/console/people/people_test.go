package people_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/page"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/people"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/notification"
	"jishi/internal/trade/membership"
)

// site is the API over a fresh database.
type site struct {
	*testing.T
	ctx     context.Context
	d       *db.DB
	ids     *identity.Store
	h       http.Handler
	notices *notification.Store
	members *membership.Desk
}

func run(t *testing.T, fn func(s *site)) { runWith(t, true, fn) }

func runWith(t *testing.T, noLimits bool, fn func(s *site)) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		box, err := secret.NewBox(secret.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		dir, err := blob.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { dir.Close() })
		set := &settings.Store{DB: d}
		ids := &identity.Store{Box: box}
		grants := &access.Store{Identity: ids}
		notices := &notification.Store{DB: d, Box: box, Settings: set}
		members := &membership.Desk{Identity: ids, Access: grants, Notices: notices, PublicURL: "https://shop.example"}
		auth := &access.Authenticator{DB: d, Identity: ids}
		c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: noLimits, SessionOf: people.SessionOf(auth, set), TokenOf: auth.FromToken})
		people.Register(c, people.Deps{Identity: ids, Access: grants, Notices: notices, Members: members, Settings: set, Media: &media.Store{Blob: dir}, Demo: true})
		fn(&site{T: t, ctx: context.Background(), d: d, ids: ids, h: c.Handler(), notices: notices, members: members})
	})
}

type answer map[string]any

func (a answer) text(key string) string { s, _ := a[key].(string); return s }

func (a answer) items() []any { list, _ := a["items"].([]any); return list }

// browser is one person's browser.
type browser struct {
	s      *site
	cookie string
	csrf   string
	bearer string
	second *http.Cookie // of a sign-in between its steps
}

func (s *site) browser() *browser { return &browser{s: s} }

func (b *browser) raw(method, path string, body any) *httptest.ResponseRecorder {
	b.s.Helper()
	var in bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&in).Encode(body); err != nil {
			b.s.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, "http://shop.example/api/v1"+path, &in)
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Content-Type", "application/json")
	if b.cookie != "" {
		r.Header.Set("Cookie", console.SessionCookie+"="+b.cookie)
		r.Header.Set("X-CSRF-Token", b.csrf)
	}
	if b.second != nil {
		r.AddCookie(b.second)
	}
	if b.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
	}
	w := httptest.NewRecorder()
	b.s.h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name != console.SessionCookie {
			b.second = c
			continue
		}
		if b.cookie = c.Value; c.MaxAge < 0 {
			b.cookie = ""
		} else if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			b.s.Errorf("cookie %+v", c)
		}
	}
	return w
}

func (b *browser) call(method, path string, body any, status int) answer {
	b.s.Helper()
	w := b.raw(method, path, body)
	out := answer{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			b.s.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	if w.Code != status {
		b.s.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, status)
	}
	if token := out.text("csrfToken"); token != "" {
		b.csrf = token
	}
	return out
}

// refused wants a problem with the code.
func (b *browser) refused(method, path string, body any, status int, code string) answer {
	b.s.Helper()
	a := b.call(method, path, body, status)
	if a.text("code") != code || a.text("detail") == "" || a.text("detail") == code {
		b.s.Errorf("%s %s: %v, want %s", method, path, a, code)
	}
	return a
}

// letters are the letters to an address, the newest first.
func (s *site) letters(to string) []notification.Rendered {
	s.Helper()
	p, err := s.notices.Mails(s.ctx, s.d, notification.MailFilter{To: to}, page.Query{})
	if err != nil {
		s.Fatal(err)
	}
	var out []notification.Rendered
	for _, l := range p.Items {
		_, r, err := s.notices.Read(s.ctx, s.d, l.ID)
		if err != nil {
			s.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// token is the secret in the link of the one letter with the subject.
func (s *site) token(to, subject string) string {
	s.Helper()
	for _, r := range s.letters(to) {
		if strings.Contains(r.Subject, subject) {
			_, rest, _ := strings.Cut(r.Body, "#")
			token, _, _ := strings.Cut(rest, "\n")
			return token
		}
	}
	s.Fatalf("no letter %q to %s: %+v", subject, to, s.letters(to))
	return ""
}

const password = "correct horse"

func form(email string) map[string]any {
	return map[string]any{"kind": "company", "accountName": "Bamboo Works", "name": "Lin", "email": email, "password": password, "agreed": true}
}

// owner signs up, verifies and is signed in.
func (s *site) owner(email string) *browser {
	s.Helper()
	b := s.browser()
	b.call("POST", "/sign-up", form(email), 202)
	b.call("POST", "/sign-up/verify", map[string]any{"token": s.token(email, "Verify"), "password": password}, 200)
	return b
}

// operator is made through the set-up link and is signed in.
func (s *site) operator() *browser {
	s.Helper()
	var link string
	if err := s.d.Update(s.ctx, func(tx *db.Tx) (err error) { link, err = s.members.SetupLink(s.ctx, tx); return err }); err != nil {
		s.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "#")
	b := s.browser()
	b.call("POST", "/setup", map[string]any{"token": token, "email": "ops@example.com", "name": "Operator", "password": password}, 200)
	return b
}

func TestFromSignUpToSignOut(t *testing.T) {
	run(t, func(s *site) {
		b := s.browser()
		if a := b.call("GET", "/session", nil, 200); a["signedIn"] != false || a["site"].(map[string]any)["currency"] != "CNY" {
			s.Errorf("%v", a)
		}
		wrong := form("lin@example.com")
		wrong["password"], wrong["agreed"], wrong["email"] = "short", false, "nobody"
		if a := b.refused("POST", "/sign-up", wrong, 422, "invalid"); len(a["fields"].([]any)) != 3 {
			s.Errorf("%v", a)
		}
		b = s.owner("lin@example.com")
		a := b.call("GET", "/session", nil, 200)
		if a["signedIn"] != true || a.text("kind") != "user" || a["user"].(map[string]any)["email"] != "lin@example.com" || a["seller"] != nil ||
			a["account"].(map[string]any)["realNameState"] != "none" || len(a["permissions"].([]any)) != len(access.Buyer)+1 {
			s.Errorf("%v", a)
		}
		// Without the CSRF token nothing is written.
		forged := &browser{s: s, cookie: b.cookie, csrf: "guess"}
		forged.refused("PUT", "/account", map[string]any{"name": "Mine"}, 403, "access.csrf")
		if a := b.call("PUT", "/account", map[string]any{"name": "Bamboo & Sons"}, 200); a.text("name") != "Bamboo & Sons" {
			s.Errorf("%v", a)
		}
		other := s.browser()
		other.refused("POST", "/session", map[string]any{"email": "lin@example.com", "password": "wrong password"}, 401, "identity.bad_credentials")
		other.call("POST", "/session", map[string]any{"email": "LIN@example.com ", "password": password}, 200)
		if other.cookie == b.cookie {
			s.Error("two browsers share a session")
		}
		list := b.call("GET", "/sessions", nil, 200).items()
		if len(list) != 2 {
			s.Fatalf("%v", list)
		}
		for _, x := range list {
			if x := x.(map[string]any); x["current"] == false {
				b.call("DELETE", "/sessions/"+x["id"].(string), nil, 204)
			}
		}
		other.refused("GET", "/account", nil, 401, "access.sign_in")
		b.call("DELETE", "/session", nil, 204)
		if b.cookie != "" || b.call("GET", "/session", nil, 200)["signedIn"] != false {
			s.Error("signing out did not")
		}
	})
}

// The answers to strangers must not tell whether somebody has an account.
func TestAnswersDoNotTellWhoHasAnAccount(t *testing.T) {
	run(t, func(s *site) {
		s.owner("lin@example.com")
		b := s.browser()
		same := func(path string, body func(email string) map[string]any) {
			s.Helper()
			known, unknown := b.raw("POST", path, body("lin@example.com")), b.raw("POST", path, body("nobody@example.com"))
			k := strings.ReplaceAll(known.Body.String(), "lin@", "nobody@")
			if known.Code != unknown.Code || k != unknown.Body.String() || len(known.Result().Cookies()) != 0 {
				s.Errorf("%s: %d %s, %d %s", path, known.Code, known.Body, unknown.Code, unknown.Body)
			}
		}
		email := func(e string) map[string]any { return map[string]any{"email": e} }
		same("/password-reset", email)
		same("/sign-up", form)
		same("/sign-up/again", email)
		if l := s.letters("lin@example.com"); len(l) != 3 {
			s.Errorf("%+v", l)
		}
		s.token("lin@example.com", "have an account at Jishi already")
	})
}

func TestResetByLetter(t *testing.T) {
	run(t, func(s *site) {
		b := s.owner("lin@example.com")
		s.browser().call("POST", "/password-reset", map[string]any{"email": "lin@example.com"}, 202)
		token := s.token("lin@example.com", "Reset")
		stranger := s.browser()
		stranger.refused("POST", "/password-reset/confirm", map[string]any{"token": token, "password": "short"}, 422, "invalid")
		stranger.call("POST", "/password-reset/confirm", map[string]any{"token": token, "password": "another password"}, 200)
		stranger.refused("POST", "/password-reset/confirm", map[string]any{"token": token, "password": "a third password"}, 409, "identity.link_over")
		b.refused("GET", "/account", nil, 401, "access.sign_in")
		b.call("POST", "/session", map[string]any{"email": "lin@example.com", "password": "another password"}, 200)
		s.token("lin@example.com", "was changed")

		b.refused("POST", "/session/reauthenticate", map[string]any{"password": password}, 422, "invalid")
		b.call("POST", "/session/reauthenticate", map[string]any{"password": "another password"}, 204)
		b.call("PUT", "/session/password", map[string]any{"oldPassword": "another password", "newPassword": password}, 204)
		b.call("GET", "/account", nil, 200)
		b.call("DELETE", "/sessions", nil, 204)
		s.browser().call("POST", "/session", map[string]any{"email": "lin@example.com", "password": password}, 200)
	})
}

func TestSubUsersAndGroups(t *testing.T) {
	run(t, func(s *site) {
		b, stranger := s.owner("lin@example.com"), s.owner("other@example.com")
		var viewer string
		for _, x := range b.call("GET", "/groups", nil, 200).items() {
			if g := x.(map[string]any); g["preset"] == "viewer" {
				viewer = g["id"].(string)
			}
		}
		u := b.call("POST", "/users", map[string]any{"email": "mei@example.com", "name": "Mei", "groups": []string{viewer}}, 201)
		if u.text("state") != "pending" || len(u["groups"].([]any)) != 1 {
			s.Errorf("%v", u)
		}
		if a := b.refused("POST", "/users", map[string]any{"email": "other@example.com", "name": "X"}, 422, "invalid"); a["fields"].([]any)[0].(map[string]any)["field"] != "email" {
			s.Errorf("%v", a)
		}
		b.refused("POST", "/users/"+u.text("id")+"/invite", nil, 429, "identity.mail_too_often")
		token := s.token("mei@example.com", "invites you")
		mei := s.browser()
		if a := mei.call("POST", "/invitations/show", map[string]any{"token": token}, 200); a.text("account") != "Bamboo Works" || a.text("email") != "mei@example.com" {
			s.Errorf("%v", a)
		}
		mei.call("POST", "/invitations/accept", map[string]any{"token": token, "password": password}, 200)
		a := mei.call("GET", "/session", nil, 200)
		if fmt.Sprint(a["permissions"]) != "[balance:read instance:read order:read]" {
			s.Errorf("%v", a)
		}
		for _, path := range []string{"/users", "/groups", "/audit", "/permissions"} {
			mei.refused("GET", path, nil, 403, "access.denied")
		}
		mei.refused("PUT", "/account", map[string]any{"name": "Mine"}, 403, "access.denied")
		for _, path := range []string{"/operator/accounts", "/operator/audit", "/operator/settings", "/operator/jobs", "/operator/mails", "/operator/operators", "/operator/real-names"} {
			b.refused("GET", path, nil, 403, "access.denied")
			s.browser().refused("GET", path, nil, 401, "access.sign_in")
		}
		// Another account's people and groups are not there.
		stranger.refused("GET", "/users/"+u.text("id"), nil, 404, "user.not_found")
		stranger.refused("POST", "/users/"+u.text("id")+"/disable", nil, 404, "user.not_found")
		stranger.refused("GET", "/groups/"+viewer, nil, 404, "group.not_found")
		stranger.refused("DELETE", "/groups/"+viewer, nil, 404, "group.not_found")

		g := b.call("POST", "/groups", map[string]any{"name": "Buyers", "permissions": []string{"order:buy"}}, 201)
		b.refused("POST", "/groups", map[string]any{"name": "Owners", "permissions": []string{"user:manage"}}, 422, "invalid")
		b.call("PUT", "/groups/"+g.text("id")+"/members", map[string]any{"users": []string{u.text("id")}}, 200)
		if a = mei.call("GET", "/session", nil, 200); !strings.Contains(fmt.Sprint(a["permissions"]), "order:buy") {
			s.Errorf("%v", a["permissions"])
		}
		changed := b.call("PUT", "/groups/"+g.text("id"), map[string]any{"version": g["version"], "name": "Readers", "description": "They look", "permissions": []string{"order:read"}}, 200)
		if changed.text("name") != "Readers" || fmt.Sprint(changed["permissions"]) != "[order:read]" {
			s.Errorf("%v", changed)
		}
		if a = mei.call("GET", "/session", nil, 200); strings.Contains(fmt.Sprint(a["permissions"]), "order:buy") {
			s.Errorf("what a group lost is still held: %v", a["permissions"])
		}
		b.call("POST", "/users/"+u.text("id")+"/disable", nil, 200)
		mei.refused("GET", "/account", nil, 401, "access.sign_in")
		b.refused("POST", "/users/"+u.text("id")+"/disable", nil, 409, "user.bad_transition")
		if n := len(b.call("GET", "/audit?object=user", nil, 200).items()); n < 3 {
			s.Errorf("%d audit entries of users", n)
		}
		if n := len(stranger.call("GET", "/audit?object=user&objectId="+u.text("id"), nil, 200).items()); n != 0 {
			s.Errorf("a stranger reads %d audit entries", n)
		}
	})
}

func TestTokensForScripts(t *testing.T) {
	run(t, func(s *site) {
		b := s.owner("lin@example.com")
		made := b.call("POST", "/tokens", map[string]any{"name": "script", "scopes": []string{"account:manage"}}, 201)
		script := &browser{s: s, bearer: made.text("token")}
		script.call("PUT", "/account", map[string]any{"name": "By a script"}, 200)
		script.refused("GET", "/users", nil, 403, "access.denied")
		b.refused("POST", "/tokens", map[string]any{"name": "more", "scopes": []string{"audit:read"}}, 422, "invalid")
		for _, scope := range []string{"user:manage", "account:manage"} { // a leaked token must not outlive its end
			script.refused("POST", "/tokens", map[string]any{"name": "more", "scopes": []string{scope}}, 403, "identity.session_only")
		}
		for _, x := range script.call("GET", "/sessions", nil, 200).items() { // nor sign its person out
			script.refused("DELETE", "/sessions/"+x.(map[string]any)["id"].(string), nil, 403, "identity.session_only")
		}
		script.refused("DELETE", "/sessions", nil, 403, "identity.session_only")
		script.refused("PUT", "/session/password", map[string]any{"oldPassword": password, "newPassword": "another password"}, 403, "identity.session_only")
		if list := b.call("GET", "/tokens", nil, 200).items(); len(list) != 1 || list[0].(map[string]any)["token"] != nil || list[0].(map[string]any)["usedAt"] == nil {
			s.Errorf("%v", list)
		}
		s.owner("other@example.com").refused("DELETE", "/tokens/"+made.text("id"), nil, 404, "token.not_found")
		b.call("DELETE", "/tokens/"+made.text("id"), nil, 204)
		script.refused("GET", "/account", nil, 401, "access.bad_token")
	})
}

// An invitation goes to whatever address its sender names.
func TestInvitationsAreHeldToTheStrictLimit(t *testing.T) {
	runWith(t, false, func(s *site) {
		b := s.owner("lin@example.com")
		sent, refused := 0, 0
		for range 40 {
			w := b.raw("POST", "/users", map[string]any{"email": fmt.Sprintf("guest%d@example.com", sent+refused), "name": "Guest"})
			switch w.Code {
			case http.StatusCreated:
				sent++
			case http.StatusTooManyRequests:
				refused++
			default:
				s.Fatalf("%d %s", w.Code, w.Body)
			}
		}
		if refused == 0 {
			s.Errorf("%d letters to strangers at once", sent)
		}
	})
}

// Withdrawing an invitation and sending it anew must not fill a stranger's mailbox.
func TestAStrangerIsInvitedFiveTimesADayAtMost(t *testing.T) {
	run(t, func(s *site) {
		guest := map[string]any{"email": "Guest@example.com", "name": "Guest"}
		for i := range 5 {
			b := s.owner(fmt.Sprintf("lin%d@example.com", i)) // whoever it is
			u := b.call("POST", "/users", guest, 201)
			b.call("DELETE", "/users/"+u.text("id"), nil, 204)
		}
		s.owner("mei@example.com").refused("POST", "/users", guest, 429, "identity.invited_often")
		if n := len(s.letters("guest@example.com")); n != 5 {
			s.Errorf("%d letters", n)
		}
	})
}

// PostgreSQL keeps no zero characters: they are the sender's fault, not ours.
func TestZeroCharactersAreRefused(t *testing.T) {
	run(t, func(s *site) {
		b := s.owner("lin@example.com")
		b.refused("POST", "/groups", map[string]any{"name": "a\x00b"}, 422, "http.bad_request")
		b.refused("POST", "/groups", map[string]any{"name": "ab", "permissions": []string{"order\x00"}}, 422, "http.bad_request")
		b.refused("GET", "/users?q=%00", nil, 422, "http.bad_request")
		b.refused("GET", "/users/%00", nil, 422, "http.bad_request")
		s.browser().refused("POST", "/session", map[string]any{"email": "a\x00b", "password": "x"}, 422, "http.bad_request")
		g := b.call("POST", "/groups", map[string]any{"name": `a\u0000b`}, 201) // six characters
		b.refused("PUT", "/groups/"+g.text("id"), map[string]any{"version": 1, "description": "\x00"}, 422, "http.bad_request")
	})
}
