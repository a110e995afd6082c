package probe

import (
	"time"

	"jishi/internal/base/i18n"
)

// State is how a case ended.
type State string

// The states of a case. A warning does not fail the run.
const (
	Passed  State = "passed"
	Warned  State = "warning"
	Failed  State = "failed"
	Skipped State = "skipped"
)

// Report is the result of one run, in the reader's language.
type Report struct {
	URL        string    `json:"url"`
	Generation string    `json:"generation"`
	At         time.Time `json:"at"`
	Passed     bool      `json:"passed"` // no case has failed
	Counts     Counts    `json:"counts"`
	Cases      []Case    `json:"cases"`

	lang i18n.Lang
}

// Counts are the numbers of cases by state.
type Counts struct {
	Passed   int `json:"passed"`
	Warnings int `json:"warnings"`
	Failed   int `json:"failed"`
	Skipped  int `json:"skipped"`
}

// Case is one scenario or check.
type Case struct {
	Name         string    `json:"name"`
	Title        string    `json:"title"`
	State        State     `json:"state"`
	Prerequisite bool      `json:"prerequisite,omitempty"` // not asked for, but needed by one that was
	DurationMS   int64     `json:"durationMs"`             // of all its calls
	Skipped      string    `json:"skipped,omitempty"`      // why
	Faults       []Fault   `json:"faults,omitempty"`
	Exchange     *Exchange `json:"exchange,omitempty"` // the call that has failed

	took time.Duration
	last Exchange
	lang i18n.Lang
}

// Fault is something that was found. Codes are stable: those of saas.md §11.4 (saas.answer.…), of the connection
// (outbound.…) and of the checks (probe.…).
type Fault struct {
	Code    string `json:"code"`
	Warning bool   `json:"warning,omitempty"`
	Text    string `json:"text"`
	Advice  string `json:"advice,omitempty"` // what to do
}

// Exchange is a call and its answer, without signatures and passwords.
type Exchange struct {
	Request string `json:"request"`        // method and URL
	Body    string `json:"body,omitempty"` // of the request
	Status  int    `json:"status,omitempty"`
	Type    string `json:"contentType,omitempty"`
	Answer  string `json:"answer,omitempty"` // its first 4 KiB
}

func (c *Case) fail(code string, args map[string]any) {
	c.note(Fault{Code: code}, args)
	if c.Exchange == nil && c.last.Request != "" {
		e := c.last
		c.Exchange = &e
	}
}

func (c *Case) warn(code string, args map[string]any) { c.note(Fault{Code: code, Warning: true}, args) }

func (c *Case) note(f Fault, args map[string]any) {
	f.Text = plain(i18n.Message(c.lang, f.Code, args), 600)
	if key := Advice(f.Code); key != "" {
		f.Advice = i18n.Message(c.lang, key, nil)
	}
	c.Faults = append(c.Faults, f)
}

// absorb takes over what a call made aside has shown.
func (c *Case) absorb(try Case) {
	c.took, c.last = c.took+try.took, try.last
	c.Faults = append(c.Faults, try.Faults...)
	if try.Exchange != nil {
		c.Exchange = try.Exchange
	}
}

func (c *Case) failed() bool {
	for _, f := range c.Faults {
		if !f.Warning {
			return true
		}
	}
	return false
}

// add closes a case and counts it.
func (r *Report) add(c Case) {
	c.DurationMS = c.took.Milliseconds()
	switch {
	case c.Skipped != "":
		c.State = Skipped
		r.Counts.Skipped++
	case c.failed():
		c.State = Failed
		r.Counts.Failed++
	case len(c.Faults) > 0:
		c.State = Warned
		r.Counts.Warnings++
	default:
		c.State = Passed
		r.Counts.Passed++
	}
	r.Passed = r.Counts.Failed == 0 && r.Counts.Passed+r.Counts.Warnings > 0
	r.Cases = append(r.Cases, c)
}
