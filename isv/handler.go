package isv

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"jishi/wire/saas"
)

// MaxBody is the largest request body that a Handler reads. Larger ones are answered with HTTP 413.
const MaxBody = 1 << 20

// Handler serves the production interface. Set the key of each generation that shall be served and the functions of the
// calls the product needs; a call without function is answered with 000002. Fields must not change once it serves.
//
// The functions get a context that ends with the connection. Marketplaces wait 20 s at most; what takes longer is
// answered with Instance.InProcess (V2) and finished in the background.
type Handler struct {
	V1Key string // "" = GET is answered with HTTP 405
	V2Key string // of the base interfaces
	// GeneralKey is the key of the general interfaces, which sign orderNotify alone. Without V2Key and GeneralKey POST is
	// answered with HTTP 405.
	GeneralKey string

	Create      func(context.Context, Create) (Instance, error)
	Query       func(context.Context, Query) (Instance, error)
	Renew       func(context.Context, Renewal) error
	Freeze      func(context.Context, Freeze) error
	Release     func(context.Context, Release) error
	Upgrade     func(context.Context, Upgrade) error
	CheckChange func(context.Context, Change) error
	Notify      func(context.Context, OrderNotice) error

	// Before runs for every verified call ahead of its function; an error answers the call.
	Before func(context.Context, Record) error
	// After hears of every call when it has been answered, refused ones included.
	After func(Record)

	// Encryption of user name and password in V1; "" = saas.AES256. It is also that of mobile number and e-mail address,
	// chosen on the product form.
	Encryption saas.EncryptType
	// Zone of expireTime in V1, by default UTC+8. V2 is always UTC.
	Zone *time.Location
	// Now is the clock of the 60 s window, by default the wall clock.
	Now func() time.Time
	// Random yields the bytes of initialisation vectors, by default crypto/rand.
	Random io.Reader
	// Logger hears of panics and of errors without result code, by default slog.Default().
	Logger *slog.Logger
}

// Record is one received call. Params are as received, without signatures; mobile number and e-mail are encrypted in it.
type Record struct {
	At         time.Time
	Generation saas.Generation
	Activity   saas.Activity
	Test       bool
	Params     saas.Params
	ResultCode string // empty in Before
	Message    string
	Took       time.Duration
}

// ServeHTTP implements http.Handler. Every call of a served generation is answered with HTTP 200 and a result code:
// 000001 for a signature that does not hold, 000002 for an unknown activity or a broken parameter, 000005 for a panic.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && h.V1Key != "":
		query, err := saas.ParseQuery(r.URL.RawQuery)
		h.serve(w, r, Record{Generation: saas.V1, Params: query}, err, func() error { return saas.VerifyV1(h.V1Key, query) })
	case r.Method == http.MethodPost && h.V2Key+h.GeneralKey != "":
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			status := http.StatusBadRequest
			if errors.As(err, new(*http.MaxBytesError)) {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, http.StatusText(status), status)
			return
		}
		params, err := saas.ParseBody(body)
		key := h.V2Key
		if saas.Activity(params[saas.ParamActivity]) == saas.OrderNotify {
			key = h.GeneralKey
		}
		verify := func() error {
			query, err := saas.ParseQuery(r.URL.RawQuery)
			if err != nil {
				return saas.ErrSignature
			}
			return saas.VerifyV2(key, query, body, h.now())
		}
		h.serve(w, r, Record{Generation: saas.V2, Params: params}, err, verify)
	default:
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	}
}

// serve answers one call: parsed tells whether its parameters could be read, verify whether its signature holds.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, rec Record, parsed error, verify func() error) {
	rec.At = h.now()
	rec.Activity = saas.Activity(rec.Params[saas.ParamActivity])
	rec.Test = rec.Params[saas.ParamTestFlag] == "1"
	var answer saas.Answer
	err := verify()
	delete(rec.Params, saas.ParamAuthToken)
	switch {
	case errors.Is(err, saas.ErrStale):
		err = Fail(saas.CodeUnauthorized, "timestamp is older or newer than 60 s, check the clocks")
	case err != nil:
		err = Fail(saas.CodeUnauthorized, "")
	case parsed != nil:
		err = Fail(saas.CodeBadParameter, parsed.Error())
	default:
		answer, err = h.guarded(r.Context(), rec)
	}
	switch {
	case err != nil:
		failure, known := failureOf(err)
		if !known {
			h.logger().Error("call failed", "activity", rec.Activity, "error", err)
		}
		answer = saas.Answer{ResultCode: failure.Code, ResultMsg: failure.Message}
	case answer.ResultCode == "":
		answer.ResultCode, answer.ResultMsg = saas.CodeSuccess, "success."
	}
	rec.ResultCode, rec.Message, rec.Took = answer.ResultCode, answer.ResultMsg, h.now().Sub(rec.At)
	if h.After != nil {
		h.After(rec)
	}
	body := answer.Encode()
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Cache-Control", "no-store")
	if rec.Generation == saas.V1 {
		w.Header().Set(saas.HeaderBodySign, saas.SignBody(h.V1Key, body))
	}
	_, _ = w.Write(body) // a caller that has gone calls again
}

// guarded runs the seller's functions; a panic in them becomes an error without result code, thus 000005.
func (h *Handler) guarded(ctx context.Context, rec Record) (answer saas.Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			h.logger().Error("panic in a call", "activity", rec.Activity, "panic", p, "stack", string(debug.Stack()))
			answer, err = saas.Answer{}, Fail(saas.CodeInternal, "")
		}
	}()
	if h.Before != nil {
		if err := h.Before(ctx, rec); err != nil {
			return saas.Answer{}, err
		}
	}
	return h.dispatch(ctx, rec.Generation, rec.Params)
}

func (h *Handler) now() time.Time {
	if h.Now != nil {
		return h.Now()
	}
	return time.Now()
}

func (h *Handler) logger() *slog.Logger {
	if h.Logger != nil {
		return h.Logger
	}
	return slog.Default()
}

func (h *Handler) random() io.Reader {
	if h.Random != nil {
		return h.Random
	}
	return rand.Reader
}
