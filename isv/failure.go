package isv

import (
	"errors"
	"fmt"

	"jishi/wire/saas"
)

// Failure is an error with a result code (saas.md §9): what a seller's function returns when the call shall be answered
// with that code. Every other error is answered with 000005, its text only logged.
type Failure struct {
	Code    string // one of the saas.Code… values, or the seller's own six digits
	Message string // resultMsg, shown to people; up to 255 characters
}

// Error implements error.
func (f *Failure) Error() string { return fmt.Sprintf("%s %s", f.Code, f.Message) }

// Fail returns a Failure. Without a message the meaning of the code is used.
func Fail(code, message string) error {
	if message == "" {
		m, _ := saas.Meaning(code)
		message = m.EN
	}
	return &Failure{Code: code, Message: message}
}

// NoInstance is the Failure for an instance id that does not exist (000003).
func NoInstance() error { return Fail(saas.CodeNoInstance, "") }

// failureOf returns the Failure to answer for an error, and whether the error was one.
func failureOf(err error) (*Failure, bool) {
	var f *Failure
	if errors.As(err, &f) {
		return f, true
	}
	m, _ := saas.Meaning(saas.CodeInternal)
	return &Failure{Code: saas.CodeInternal, Message: m.EN}, false
}
