package integration

import (
	"net/http"
	"time"

	"jishi/internal/base/outbound"
	"jishi/wire/saas"
)

// Fault is something that was found in an answer: the code of its text with the values of the placeholders.
type Fault struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Values are the placeholders' values for i18n.Message.
func (f Fault) Values() map[string]any {
	out := make(map[string]any, len(f.Args))
	for k, v := range f.Args {
		out[k] = v
	}
	return out
}

func fault(code string, pairs ...string) *Fault {
	f := &Fault{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Args[pairs[i]] = clip(plain(pairs[i+1]), 300)
	}
	return f
}

// The numbers of the checks (saas.md §11.4); those beyond the table are what several calls show together.
const (
	RowConnect       = 1
	RowTime          = 2
	RowStatus        = 3
	RowContentType   = 4
	RowJSON          = 5
	RowBodySign      = 6
	RowBodySignValue = 7
	RowResultCode    = 8
	RowFields        = 9
	RowLengths       = 10
	RowDecrypt       = 11
	RowNamed         = 12 // queryInstance speaks of the instance asked for
	RowRepeat        = 13 // the same call again gives the same
	RowRefused       = 14 // a call with a wrong signature is refused
)

// Verdict is the strict measure of one answer.
type Verdict struct {
	saas.Verdict
	Row      int    // of the failed check
	Problem  *Fault // nil when everything is right
	Warnings []Fault
}

// SlowAnswer is from when on an answer is worth a warning: there are marketplaces that wait no longer (saas.md §10).
const SlowAnswer = 5 * time.Second

// Judge measures an answer as the debug page does, in the order of saas.md §11.4; err is what the connection reported.
// Where a common cause is known it names that instead of its symptom: a redirect, a compressed body, a refused signature.
func Judge(x saas.Expectation, reply outbound.Response, err error) Verdict {
	x.Debug = true
	var v Verdict
	if err != nil {
		v.Outcome = saas.Failed
		v.Row, v.Problem = unreached(err)
		return v
	}
	v.Verdict = saas.CheckAnswer(x, saas.Reply{Status: reply.Status, Header: reply.Header, Body: reply.Body})
	if reply.Duration > SlowAnswer {
		v.Warnings = append(v.Warnings, *fault(FaultSlow, "seconds", Seconds(reply.Duration)))
	}
	for _, w := range v.Verdict.Warnings {
		if w.Code == saas.ProblemCharset {
			v.Warnings = append(v.Warnings, *fault(FaultEncoding))
		} else {
			v.Warnings = append(v.Warnings, *ofProblem(w))
		}
	}
	p := v.Verdict.Problem
	if p == nil {
		return v
	}
	v.Row, v.Problem = p.Row, ofProblem(p)
	switch {
	case p.Code == saas.ProblemStatus && reply.Status/100 == 3:
		v.Problem = fault(FaultRedirect, "status", p.Values["httpCode"], "location", reply.Header.Get("Location"))
	case p.Code == saas.ProblemEncoding:
		v.Problem = fault(FaultCompressed, "encoding", p.Values["encoding"])
	case p.Code == saas.ProblemResultCode && v.Answer.ResultCode == saas.CodeUnauthorized:
		v.Problem = fault(FaultUnauthorized, "msg", v.Answer.ResultMsg)
	}
	return v
}

func ofProblem(p *saas.Problem) *Fault {
	f := &Fault{Code: p.Code, Args: map[string]string{}}
	for name, value := range p.Values {
		f.Args[name] = clip(plain(value), 300)
	}
	return f
}

// unreached sorts what the connection reported into the first rows: no answer at all, none in time, one over the limit.
func unreached(err error) (int, *Fault) {
	e, ok := outbound.As(err)
	if !ok {
		return RowConnect, fault("outbound.protocol")
	}
	f := fault(e.Code())
	for name, value := range e.Args() {
		f.Args[name] = clip(plain(textOf(value)), 300)
	}
	switch e.Kind {
	case outbound.Timeout:
		return RowTime, f
	case outbound.TooLarge:
		return RowJSON, f
	}
	return RowConnect, f
}

// Unreached is the fault that the connection itself reported, with the number of the check that it fails.
func Unreached(err error) (row int, f Fault) {
	row, p := unreached(err)
	return row, *p
}

// Refusal judges the answer to a call that a server has to answer with 000001: a problem with the given code when it was
// accepted, a warning when it was refused in another way.
func Refusal(reply outbound.Response, err error, accepted string) Verdict {
	var v Verdict
	if err != nil {
		v.Row, v.Problem = unreached(err)
		return v
	}
	a, broken := saas.DecodeAnswer(reply.Body)
	v.Answer = a
	ok := reply.Status/100 == 2 && broken == nil
	switch {
	case ok && (a.ResultCode == saas.CodeSuccess || a.ResultCode == saas.CodeProcessing):
		v.Row, v.Problem = RowRefused, fault(accepted)
	case reply.Status != http.StatusOK || broken != nil || a.ResultCode != saas.CodeUnauthorized:
		v.Warnings = append(v.Warnings, *fault(FaultOddRefusal, "status", textOf(reply.Status), "code", clip(a.ResultCode, 20)))
	}
	return v
}

// Names tells whether an answer of queryInstance speaks of the instance.
func Names(list []saas.Instance, id string) bool {
	for _, i := range list {
		if i.InstanceID == id {
			return true
		}
	}
	return false
}
