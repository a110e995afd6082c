package telemetry

import (
	"context"
	"net/http"

	"jishi/internal/base/id"
)

// requestHeader carries the request id to and from proxies and clients.
const requestHeader = "X-Request-Id"

// request is what one request's handlers share with HTTP.Wrap.
type request struct {
	id    string
	route string // the mux's pattern, set by Routes
}

type requestKey struct{}

// RequestID is the id of the request that ctx belongs to, "" outside of one.
func RequestID(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.id
	}
	return ""
}

// WithRequestID marks a context that does not come from HTTP, for example a job that
// goes on with what a request began.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, &request{id: id})
}

// newRequestID takes the id that a trusted proxy gave, if it looks like one, and
// draws one otherwise: a client must not be able to write into our logs.
func newRequestID(r *http.Request, proxies Proxies) string {
	if given := r.Header.Get(requestHeader); given != "" && proxies.Trusts(r) && isRequestID(given) {
		return given
	}
	return id.New("req")
}

func isRequestID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

// Routes stands directly around the router, below handlers that make copies of the
// request, and tells HTTP.Wrap which pattern matched.
func Routes(mux http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if shared, ok := r.Context().Value(requestKey{}).(*request); ok {
				shared.route = r.Pattern
			}
		}()
		mux.ServeHTTP(w, r)
	})
}

// Apart serves a marketplace inside of another one: its requests keep their id, but count
// as the outer route, not as routes of the outer marketplace.
func Apart(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := &request{id: RequestID(r.Context())}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, own)))
	})
}
