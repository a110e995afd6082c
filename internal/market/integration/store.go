package integration

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// Store is the module. Its fields are set once, before use.
type Store struct {
	DB       *db.DB
	Sellers  *seller.Store
	Settings *settings.Store // says whether cases are required; nil requires none
	Caller   Caller
	Clock    clock.Clock // of the calls; nil is the wall clock

	lanes lanes
}

// Caller signs and sends debug calls; edge/koogallery implements it. Sign applies what the operator has set for the
// address and Send obeys its limits, so that a debug call meets the server exactly as a real one does.
type Caller interface {
	Sign(Signing) (saas.Call, error)
	Send(ctx context.Context, e seller.Endpoint, call saas.Call) (outbound.Response, error)
}

// Signing is what Sign makes a call of. Parameters are as they travel.
type Signing struct {
	Endpoint   seller.Endpoint
	Path       string
	Generation saas.Generation
	Key        secret.String
	Parameters saas.Params
	At         time.Time
}

// Target is what cases belong to: an address of a seller with a path and a generation.
type Target struct {
	SellerID   string
	AddressID  string
	Path       string
	Generation saas.Generation
}

func (s *Store) now() time.Time {
	if s.Clock == nil {
		return clock.Wall{}.Now()
	}
	return s.Clock.Now()
}

// Required tells whether the site wants debug cases for publication.
func (s *Store) Required(ctx context.Context) (bool, error) {
	if s == nil || s.Settings == nil {
		return false, nil
	}
	site, err := s.Settings.Site(ctx)
	return site.DebugCasesRequired, err
}

// Exchange is a call and its answer as both went over the wire.
type Exchange struct {
	Method       string            `db:"method"`
	URL          string            `db:"url"`
	RequestHead  map[string]string `db:"request_head,json"`
	RequestBody  string            `db:"request_body"`
	Status       int               `db:"status"` // 0: no answer
	ResponseHead map[string]string `db:"response_head,json"`
	ResponseBody string            `db:"response_body"` // its first KeptBody bytes
	ResponseSize int64             `db:"response_size"` // bytes of the whole body
}

// KeptBody is how much of an answer is kept.
const KeptBody = 64 << 10

// ExchangeOf is a call that is not made.
func ExchangeOf(call saas.Call) Exchange { return exchangeOf(call, outbound.Response{}) }

func exchangeOf(call saas.Call, reply outbound.Response) Exchange {
	body := reply.Body
	if len(body) > KeptBody {
		body = body[:KeptBody]
	}
	return Exchange{
		Method: call.Method, URL: call.URL, RequestHead: head(call.Header), RequestBody: string(call.Body),
		Status: reply.Status, ResponseHead: head(reply.Header), ResponseBody: plain(string(body)), ResponseSize: int64(len(reply.Body)),
	}
}

// keptHeaders and keptHeader bound what is kept of the headers of an answer.
const keptHeaders, keptHeader = 50, 1000

func head(h http.Header) map[string]string {
	out := map[string]string{}
	for name, values := range h {
		if len(out) == keptHeaders {
			break
		}
		text := plain(strings.Join(values, ", "))
		if len(text) > keptHeader {
			text = strings.ToValidUTF8(text[:keptHeader], "") + "…"
		}
		out[plain(name)] = text
	}
	return out
}

// plain makes a received text fit for a database: valid UTF-8, and without the zero byte, which PostgreSQL's text has not.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
