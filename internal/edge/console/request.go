package console

import (
	"context"
	"net/http"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/telemetry"
	"jishi/internal/market/access"
)

// SessionCookie carries the session of a browser.
const SessionCookie = "jishi_session"

// maxBody bounds a JSON request; files have their own limit.
const maxBody = 2 << 20

// request is what the frame knows of one HTTP request.
type request struct {
	id      string
	lang    i18n.Lang
	address string
	caller  access.Caller
	session Session
	failure error // why the presented credentials were refused
	r       *http.Request
	w       http.ResponseWriter
}

type requestKey struct{}

func from(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{lang: i18n.ZH}
}

// CallerFrom is who makes the request; the zero Caller is a visitor.
func CallerFrom(ctx context.Context) access.Caller { return from(ctx).caller }

// SessionFrom is the browser session of the request; zero for tokens and visitors.
func SessionFrom(ctx context.Context) Session { return from(ctx).session }

// LangFrom is the reader's language.
func LangFrom(ctx context.Context) i18n.Lang { return from(ctx).lang }

// AddressFrom is the client's network address, seen through trusted proxies.
func AddressFrom(ctx context.Context) string { return from(ctx).address }

// RequestIDFrom is the id that stands in the logs and in every problem.
func RequestIDFrom(ctx context.Context) string { return from(ctx).id }

// RequestFrom is the HTTP request, for cookies and the user agent.
func RequestFrom(ctx context.Context) *http.Request { return from(ctx).r }

// HeaderFrom are the headers of the coming answer, for cookies.
func HeaderFrom(ctx context.Context) http.Header {
	if w := from(ctx).w; w != nil {
		return w.Header()
	}
	return http.Header{}
}

// frame puts the request's facts into its context and refuses cross-site writes.
func (c *Console) frame(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{lang: language(r), address: c.Proxies.ClientAddr(r).String(), r: r, w: w}
		if q.id = telemetry.RequestID(r.Context()); q.id == "" { // nothing stands around this handler
			q.id = id.New("req")
			w.Header().Set("X-Request-Id", q.id)
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept-Language, Cookie")
		ctx := context.WithValue(i18n.WithLang(r.Context(), q.lang), requestKey{}, q)
		r = r.WithContext(ctx)
		q.r = r
		if nulInURL(r) {
			writeProblem(w, r, errNUL)
			return
		}
		c.authenticate(ctx, q)
		r = r.WithContext(audit.WithActor(ctx, audit.Actor{
			Kind: actorKind(q.caller), ID: q.caller.UserID, AccountID: q.caller.AccountID,
			Name: q.caller.Name, Address: q.address, RequestID: q.id,
		}))
		if !safe(r.Method) {
			if q.caller.TokenID == "" {
				if err := cross.Check(r); err != nil {
					writeProblem(w, r, errs.Forbiddenf("access.cross_site"))
					return
				}
			}
			if r.Header.Get("Content-Type") == "" || strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
				r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (c *Console) authenticate(ctx context.Context, q *request) {
	if h := q.r.Header.Get("Authorization"); h != "" {
		bearer, ok := strings.CutPrefix(h, "Bearer ")
		if !ok || c.TokenOf == nil {
			q.failure = errs.Unauthenticatedf("access.bad_token")
			return
		}
		q.caller, q.failure = c.TokenOf(ctx, bearer, q.address)
		if q.failure != nil {
			q.caller = access.Caller{}
		}
		return
	}
	cookie, err := q.r.Cookie(SessionCookie)
	if err != nil || cookie.Value == "" || c.SessionOf == nil {
		return
	}
	q.caller, q.session, q.failure = c.SessionOf(ctx, cookie.Value, q.address)
	if q.failure != nil {
		q.caller, q.session = access.Caller{}, Session{}
	}
}

func actorKind(c access.Caller) string {
	if c.Kind == "" {
		return "visitor"
	}
	return c.Kind
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// language follows the explicit choice of the UI first, then the browser's wish.
func language(r *http.Request) i18n.Lang {
	if r.Header.Get("Accept-Language") == "" {
		if cookie, err := r.Cookie("jishi_lang"); err == nil {
			if l, ok := i18n.Known(cookie.Value); ok {
				return l
			}
		}
	}
	return i18n.Parse(r.Header.Get("Accept-Language"))
}
