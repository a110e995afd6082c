package isvapp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	tenantSession = "tenant"
	adminSession  = "admin"
	sessionTime   = 12 * time.Hour
)

// cookieName differs per folder: browsers send a cookie to every port of a host, and two applications on one machine
// must not sign each other's users out.
func (a *App) cookieName(kind string) string {
	return "isvapp_" + kind + "_" + hex.EncodeToString(a.keys.mac("name"))[:8]
}

// A session is a signed cookie "kind subject expiry"; it needs no row. Whether the instance may still be used is looked
// up on every request, so freezing and releasing take effect at once.
func (a *App) startSession(w http.ResponseWriter, r *http.Request, kind, subject string) {
	expires := a.config.Now().Add(sessionTime)
	http.SetCookie(w, &http.Cookie{
		Name: a.cookieName(kind), Value: a.keys.sign(kind + " " + subject + " " + strconv.FormatInt(expires.Unix(), 10)), Path: "/",
		MaxAge: int(sessionTime / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil || strings.HasPrefix(a.URL(), "https://"),
	})
}

func (a *App) session(r *http.Request, kind string) (subject string, ok bool) {
	c, err := r.Cookie(a.cookieName(kind))
	if err != nil {
		return "", false
	}
	text, ok := a.keys.verify(c.Value)
	parts := strings.Split(text, " ")
	if !ok || len(parts) != 3 || parts[0] != kind {
		return "", false
	}
	expires, err := strconv.ParseInt(parts[2], 10, 64)
	return parts[1], err == nil && a.config.Now().Unix() < expires
}

// tenant admits the requests of a signed-in tenant and hands his instance on.
func (a *App) tenant(next func(http.ResponseWriter, *http.Request, instance)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, ok := a.session(r, tenantSession)
		var i instance
		if ok {
			var err error
			if i, ok, err = a.instanceBy(r.Context(), "id", id); err != nil {
				a.broken(w, r, err)
				return
			}
		}
		switch {
		case !ok || i.State == released:
			target := "/login"
			if r.URL.Path == "/manage" {
				target += "?next=/manage"
			}
			http.Redirect(w, r, target, http.StatusSeeOther)
		case i.State == frozen && r.URL.Path != "/manage":
			a.render(w, r, http.StatusForbidden, "frozen", i)
		default:
			next(w, r, i)
		}
	}
}

type loginForm struct {
	UserName string
	Next     string
	Message  string
}

func nextPage(next string) string {
	if next == "/manage" {
		return next
	}
	return "/board"
}

func (a *App) loginPage(w http.ResponseWriter, r *http.Request) {
	a.render(w, r, http.StatusOK, "login", loginForm{Next: nextPage(r.URL.Query().Get("next"))})
}

func (a *App) login(w http.ResponseWriter, r *http.Request) {
	form := loginForm{UserName: strings.TrimSpace(r.PostFormValue("user")), Next: nextPage(r.PostFormValue("next"))}
	i, found, err := a.instanceBy(r.Context(), "user_name", form.UserName)
	if err != nil {
		a.broken(w, r, err)
		return
	}
	hash := i.passwordHash
	if !found {
		hash = unknownUserHash // an unknown name must take as long as a known one
	}
	ok, locked := a.guard.try("user "+clip(form.UserName, 64), func() bool { return passwordMatches(hash, r.PostFormValue("password")) && found })
	switch {
	case locked:
		form.Message = "login.locked"
		a.render(w, r, http.StatusTooManyRequests, "login", form)
	case !ok:
		form.Message = "login.wrong"
		a.render(w, r, http.StatusUnprocessableEntity, "login", form)
	default:
		a.startSession(w, r, tenantSession, i.ID)
		http.Redirect(w, r, form.Next, http.StatusSeeOther)
	}
}

// unknownUserHash is the shape of a hash that no password has.
const unknownUserHash = "100000$00000000000000000000000000000000$00"

func (a *App) logout(w http.ResponseWriter, r *http.Request) {
	for _, kind := range []string{tenantSession, adminSession} {
		http.SetCookie(w, &http.Cookie{Name: a.cookieName(kind), Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (a *App) adminLoginPage(w http.ResponseWriter, r *http.Request) {
	a.render(w, r, http.StatusOK, "adminlogin", loginForm{})
}

func (a *App) adminLogin(w http.ResponseWriter, r *http.Request) {
	given, want := sha256.Sum256([]byte(r.PostFormValue("password"))), sha256.Sum256([]byte(a.AdminPassword()))
	ok, locked := a.guard.try("admin", func() bool { return subtle.ConstantTimeCompare(given[:], want[:]) == 1 })
	switch {
	case locked:
		a.render(w, r, http.StatusTooManyRequests, "adminlogin", loginForm{Message: "login.locked"})
	case !ok:
		a.render(w, r, http.StatusUnprocessableEntity, "adminlogin", loginForm{Message: "login.wrong"})
	default:
		a.startSession(w, r, adminSession, "admin")
		http.Redirect(w, r, "/admin", http.StatusSeeOther)
	}
}
