package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/telemetry"
)

// Problem is the body of every error answer (RFC 9457).
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      string         `json:"code" doc:"Stable code to match on"`
	Detail    string         `json:"detail" doc:"What happened, in the reader's language"`
	RequestID string         `json:"requestId"`
	State     string         `json:"state,omitempty" doc:"The object's present state, with 409"`
	Link      string         `json:"link,omitempty" doc:"The page that helps, where there is one"`
	Fields    []ProblemField `json:"fields,omitempty" doc:"One entry per wrong field, with 422; one per missing part, with some 409"`

	cause error
}

// ProblemField is one wrong input field.
type ProblemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error is for logs.
func (p *Problem) Error() string {
	if p.cause != nil {
		return p.cause.Error()
	}
	return p.Code
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma's content type filter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var errNoOperation = errs.NotFoundf("http.no_operation")

var statusOf = map[errs.Kind]int{
	errs.Internal: http.StatusInternalServerError, errs.Invalid: http.StatusUnprocessableEntity,
	errs.NotFound: http.StatusNotFound, errs.Conflict: http.StatusConflict,
	errs.Unauthenticated: http.StatusUnauthorized, errs.Forbidden: http.StatusForbidden,
	errs.TooMany: http.StatusTooManyRequests, errs.Unavailable: http.StatusServiceUnavailable,
}

// problemOf turns any error into a localised problem; what is not an *errs.Error is a
// fault of ours, whose text stays in the log.
func problemOf(ctx context.Context, err error) *Problem {
	q := from(ctx)
	e, ok := errs.As(err)
	if !ok {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			e = errs.Unavailablef("http.timeout").Wrap(err)
		} else {
			e = errs.New(errs.Internal, "internal").Wrap(err)
		}
	}
	p := &Problem{Type: "about:blank", Status: statusOf[e.Kind], Code: e.Code, RequestID: q.id, State: e.State, cause: err}
	p.Title = http.StatusText(p.Status)
	p.Detail = i18n.Message(q.lang, e.Code, e.Args)
	p.Link, _ = e.Args["link"].(string)
	for _, f := range e.Fields {
		p.Fields = append(p.Fields, ProblemField{Field: f.Path, Code: f.Code, Message: i18n.Message(q.lang, f.Code, f.Args)})
	}
	return p
}

// Refuse writes err as a problem for a request that no console has seen.
func Refuse(w http.ResponseWriter, r *http.Request, err error) {
	q := &request{id: telemetry.RequestID(r.Context()), lang: language(r), r: r, w: w}
	w.Header().Set("Cache-Control", "no-store")
	writeProblem(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, q)), err)
}

// Fail writes err as a problem, for plain handlers.
func Fail(w http.ResponseWriter, r *http.Request, err error) { writeProblem(w, r, err) }

func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(r.Context(), err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}

// localiseProblems makes huma's own refusals (a body that is no JSON, a number where a
// text belongs) problems of the same form. huma keeps these makers in package variables.
func localiseProblems() {
	make := func(ctx context.Context, status int, msg string, list []error) huma.StatusError {
		e := errs.New(kindOf(status), "http.bad_request")
		if status == http.StatusUnprocessableEntity {
			e = errs.New(errs.Invalid, "invalid")
		}
		for _, err := range list {
			var d huma.ErrorDetailer
			if !errors.As(err, &d) {
				if p, ok := errs.As(err); ok {
					return problemOf(ctx, p)
				}
				e.Cause = err
				continue
			}
			detail := d.ErrorDetail()
			path, code := detail.Location, "malformed"
			path = strings.TrimPrefix(path, "body.")
			for _, part := range []string{"query.", "path.", "header."} {
				path = strings.TrimPrefix(path, part)
			}
			if name, ok := strings.CutPrefix(detail.Message, "expected required property "); ok {
				name, _, _ = strings.Cut(name, " ")
				if path == "body" || path == "" {
					path = name
				} else {
					path += "." + name
				}
				code = "required"
			}
			e.Fields = append(e.Fields, errs.Field{Path: path, Code: code, Args: errs.Args{"reason": detail.Message}})
		}
		p := problemOf(ctx, e)
		if status != 0 {
			p.Status, p.Title = status, http.StatusText(status)
		}
		if p.cause == nil || e.Cause == nil {
			p.cause = errors.New(msg)
		}
		return p
	}
	huma.NewError = func(status int, msg string, list ...error) huma.StatusError {
		return make(context.Background(), status, msg, list)
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, list ...error) huma.StatusError {
		return make(c.Context(), status, msg, list)
	}
}

func kindOf(status int) errs.Kind {
	for k, s := range statusOf {
		if s == status {
			return k
		}
	}
	if status >= 400 && status < 500 {
		return errs.Invalid
	}
	return errs.Internal
}
