// Package errs is the one error type of the marketplace.
//
// An error carries a kind, which decides the HTTP status, and a stable code such
// as "order.bad_transition", which clients match on. The readable text is not
// here: it stands in the zh/en catalogue (internal/texts) under the code, with the
// arguments as placeholders. The package owns no state; everybody may import it.
package errs

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind groups errors by what the caller can do about them.
type Kind int

// The kinds. The zero value is Internal, so that a forgotten kind never looks like
// the caller's fault.
const (
	Internal        Kind = iota // a fault of ours, HTTP 500
	Invalid                     // the input is wrong, HTTP 422
	NotFound                    // no such object, or not yours, HTTP 404
	Conflict                    // the object is in another state, HTTP 409
	Unauthenticated             // sign in first, HTTP 401
	Forbidden                   // signed in, but not allowed, HTTP 403
	TooMany                     // slow down, HTTP 429
	Unavailable                 // try again later, HTTP 503
)

// Args are the values of a text's placeholders.
type Args map[string]any

// Field is one wrong input field.
type Field struct {
	Path string // as the client sent it: "name", "specs[0].price"
	Code string // why, for example "length"
	Args Args
}

// Error is the error type. Fields is set for Invalid only; State is the object's
// present state and is set for Conflict where there is one.
type Error struct {
	Kind   Kind
	Code   string
	Args   Args
	Fields []Field
	State  string
	Cause  error
}

// New makes an error from a kind, a stable code and key, value pairs for its text.
func New(kind Kind, code string, pairs ...any) *Error {
	e := &Error{Kind: kind, Code: code, Args: args(pairs)}
	if s, ok := e.Args["state"]; ok {
		e.State = fmt.Sprint(s)
	}
	return e
}

// NotFoundf, Conflictf, Forbiddenf, Invalidf, Unauthenticatedf, TooManyf and
// Unavailablef are New with their kind.
func NotFoundf(code string, pairs ...any) *Error { return New(NotFound, code, pairs...) }

// Conflictf says that the object's state does not allow it; the pair "state" fills Error.State.
func Conflictf(code string, pairs ...any) *Error { return New(Conflict, code, pairs...) }

// Forbiddenf says that the caller may not do it.
func Forbiddenf(code string, pairs ...any) *Error { return New(Forbidden, code, pairs...) }

// Invalidf says that the input as a whole is wrong; use Check for single fields.
func Invalidf(code string, pairs ...any) *Error { return New(Invalid, code, pairs...) }

// Unauthenticatedf says that the caller must sign in.
func Unauthenticatedf(code string, pairs ...any) *Error { return New(Unauthenticated, code, pairs...) }

// TooManyf says that the caller must slow down.
func TooManyf(code string, pairs ...any) *Error { return New(TooMany, code, pairs...) }

// Unavailablef says that it may work later.
func Unavailablef(code string, pairs ...any) *Error { return New(Unavailable, code, pairs...) }

// Wrap returns a copy of e that keeps cause for logs and errors.Is.
func (e *Error) Wrap(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error is for logs, not for people.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if len(e.Args) > 0 {
		keys := make([]string, 0, len(e.Args))
		for k := range e.Args {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			fmt.Fprintf(&b, " %s=%v", k, e.Args[k])
		}
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " %s:%s", f.Path, f.Code)
	}
	if e.Cause != nil {
		b.WriteString(": ")
		b.WriteString(e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// As finds the *Error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is tells whether err carries the code.
func Is(err error, code string) bool {
	e, ok := As(err)
	return ok && e.Code == code
}

// KindOf is the kind of err; a foreign error is Internal.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

func args(pairs []any) Args {
	if len(pairs) == 0 {
		return nil
	}
	a := make(Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		a[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return a
}
