package integration

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/i18n"
	"jishi/internal/market/integration"
	"jishi/wire/saas"
)

// faultView is something that was found in an answer.
type faultView struct {
	Code   string `json:"code" doc:"Stable code of the text"`
	Text   string `json:"text" doc:"What was found, in the reader's language"`
	Advice string `json:"advice" doc:"What to do about it; may be empty"`
}

func faultOf(l i18n.Lang, f integration.Fault) faultView {
	v := faultView{Code: f.Code, Text: i18n.Message(l, f.Code, f.Values())}
	if key := integration.Advice(f.Code); key != "" {
		v.Advice = i18n.Message(l, key, nil)
	}
	return v
}

// checkView is one of the checks in the order in which they are made (saas.md §11.4).
type checkView struct {
	Row   int    `json:"row" doc:"Number of the check; 1 to 11 are the documented ones"`
	Code  string `json:"code" doc:"connect, time, status, content_type, json, body_sign, body_sign_value, result_code, fields, lengths, decrypt, named, repeat or refused"`
	Title string `json:"title"`
	State string `json:"state" doc:"passed, failed, not_reached or not_applicable"`
}

var rowCodes = []struct {
	row  int
	code string
}{
	{integration.RowConnect, "connect"}, {integration.RowTime, "time"}, {integration.RowStatus, "status"},
	{integration.RowContentType, "content_type"}, {integration.RowJSON, "json"}, {integration.RowBodySign, "body_sign"},
	{integration.RowBodySignValue, "body_sign_value"}, {integration.RowResultCode, "result_code"}, {integration.RowFields, "fields"},
	{integration.RowLengths, "lengths"}, {integration.RowDecrypt, "decrypt"}, {integration.RowNamed, "named"},
	{integration.RowRepeat, "repeat"}, {integration.RowRefused, "refused"},
}

func checksOf(l i18n.Lang, r integration.Run) []checkView {
	var out []checkView
	for _, c := range rowCodes {
		v := checkView{Row: c.row, Code: c.code, Title: i18n.Message(l, "integration.check_"+c.code, nil), State: "passed"}
		switch {
		case !applies(c.row, r):
			v.State = "not_applicable"
		case r.ProblemRow != 0 && c.row == r.ProblemRow:
			v.State = "failed"
		case r.ProblemRow != 0 && c.row > r.ProblemRow:
			v.State = "not_reached"
		}
		out = append(out, v)
	}
	return out
}

// applies tells whether a check says anything about a run.
func applies(row int, r integration.Run) bool {
	if row == r.ProblemRow {
		return true
	}
	if row <= integration.RowTime {
		return true
	}
	if r.WrongSignature || row == integration.RowRefused {
		return r.WrongSignature && row == integration.RowRefused
	}
	sc, _ := saas.ScenarioOf(r.Generation, r.Scenario)
	switch row {
	case integration.RowBodySign, integration.RowBodySignValue:
		return r.Generation == saas.V1
	case integration.RowFields, integration.RowDecrypt:
		return sc.Activity == saas.NewInstance || sc.Activity == saas.QueryInstance
	case integration.RowNamed:
		return sc.Activity == saas.QueryInstance
	case integration.RowRepeat:
		return sc.Activity == saas.NewInstance || sc.Activity == saas.ReleaseInstance
	}
	return true
}

// headerView is a header line.
type headerView struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func headersOf(h map[string]string) []headerView {
	out := []headerView{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		out = append(out, headerView{name, h[name]})
	}
	return out
}

// requestView is a request as it went over the wire.
type requestView struct {
	Method  string       `json:"method"`
	URL     string       `json:"url" doc:"Complete, with its signature; V2 requests expire after 60 s"`
	Headers []headerView `json:"headers"`
	Body    string       `json:"body" doc:"Empty in V1"`
	Command string       `json:"command" doc:"The same request as a curl command"`
}

// responseView is the server's answer; absent when there was none.
type responseView struct {
	Status  int          `json:"status"`
	Headers []headerView `json:"headers"`
	Body    string       `json:"body" doc:"The first 64 KiB"`
	Size    int64        `json:"size" doc:"Bytes of the whole body, as far as it was read"`
}

func requestOf(e integration.Exchange) requestView {
	return requestView{Method: e.Method, URL: e.URL, Headers: headersOf(e.RequestHead), Body: e.RequestBody, Command: command(e)}
}

func responseOf(e integration.Exchange) *responseView {
	if e.Status == 0 {
		return nil
	}
	return &responseView{Status: e.Status, Headers: headersOf(e.ResponseHead), Body: e.ResponseBody, Size: e.ResponseSize}
}

// command is the request for a shell: every value in single quotes.
func command(e integration.Exchange) string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	var b strings.Builder
	b.WriteString("curl -i -X " + e.Method + " " + quote(e.URL))
	for _, h := range headersOf(e.RequestHead) {
		b.WriteString(" \\\n  -H " + quote(h.Name+": "+h.Value))
	}
	if e.RequestBody != "" {
		b.WriteString(" \\\n  --data-raw " + quote(e.RequestBody))
	}
	return b.String()
}

// RunView is a run in a list.
type RunView struct {
	ID             string             `json:"id"`
	SellerID       string             `json:"sellerId"`
	AddressID      string             `json:"addressId"`
	Origin         string             `json:"origin" doc:"Of the address when it was called"`
	Path           string             `json:"path"`
	Generation     saas.Generation    `json:"generation"`
	Scenario       string             `json:"scenario"`
	Title          string             `json:"title" doc:"Of the scenario"`
	Activity       saas.Activity      `json:"activity"`
	Source         integration.Source `json:"source" doc:"debug, rerun, submit, approve, probe or pending (second key)"`
	WrongSignature bool               `json:"wrongSignature" doc:"Signed wrongly on purpose: it passes when the server refuses"`
	PendingKey     bool               `json:"pendingKey" doc:"Signed with the second key of a rotation"`
	Passed         bool               `json:"passed"`
	Saved          bool               `json:"saved" doc:"It became the case of its scenario"`
	Problem        *faultView         `json:"problem,omitempty" doc:"The first failed check; absent when passed"`
	Warnings       []faultView        `json:"warnings"`
	Status         int                `json:"status" doc:"HTTP status, 0 without an answer"`
	ResultCode     string             `json:"resultCode"`
	InstanceID     string             `json:"instanceId" doc:"That the answer named"`
	DurationMS     int64              `json:"durationMs"`
	By             string             `json:"by" doc:"Who ran it; empty for the system"`
	At             time.Time          `json:"at"`
}

// runDetail is a run with everything that is known of it.
type runDetail struct {
	RunView
	Parameters map[string]string `json:"parameters" doc:"As entered"`
	Checks     []checkView       `json:"checks" doc:"In the order in which they are made"`
	Request    requestView       `json:"request"`
	Response   *responseView     `json:"response,omitempty"`
}

func runOf(l i18n.Lang, r integration.Run) RunView {
	sc, _ := saas.ScenarioOf(r.Generation, r.Scenario)
	v := RunView{ID: r.ID, SellerID: r.SellerID, AddressID: r.AddressID, Origin: r.Origin, Path: r.Path, Generation: r.Generation, Scenario: r.Scenario,
		Title: integration.ScenarioTitle(r.Generation, r.Scenario).In(l), Activity: sc.Activity, Source: r.Source, WrongSignature: r.WrongSignature,
		PendingKey: r.PendingKey, Passed: r.Passed, Saved: r.Saved, Warnings: []faultView{}, Status: r.Status, ResultCode: r.ResultCode,
		InstanceID: r.InstanceID, DurationMS: r.DurationUS / 1000, By: r.ActorName, At: r.At}
	if f := r.Problem(); f != nil {
		p := faultOf(l, *f)
		v.Problem = &p
	}
	for _, w := range r.Warnings {
		v.Warnings = append(v.Warnings, faultOf(l, w))
	}
	return v
}

func runDetailOf(l i18n.Lang, r integration.Run) runDetail {
	return runDetail{RunView: runOf(l, r), Parameters: r.Parameters, Checks: checksOf(l, r), Request: requestOf(r.Exchange), Response: responseOf(r.Exchange)}
}

// CaseView is a saved case in a list.
type CaseView struct {
	ID           string             `json:"id"`
	SellerID     string             `json:"sellerId"`
	SellerName   string             `json:"sellerName"`
	AddressID    string             `json:"addressId"`
	Origin       string             `json:"origin" doc:"Of the address now"`
	Path         string             `json:"path"`
	Generation   saas.Generation    `json:"generation"`
	Scenario     string             `json:"scenario"`
	Title        string             `json:"title" doc:"Of the scenario"`
	Activity     saas.Activity      `json:"activity"`
	Valid        bool               `json:"valid" doc:"It holds: address and key are those that it was proven with"`
	Invalid      string             `json:"invalid" doc:"Why it does not hold: key or address changed; empty when it does"`
	InvalidText  string             `json:"invalidText" doc:"The same in the reader's language"`
	InstanceFrom string             `json:"instanceFrom" doc:"Scenario of the saved purchase whose instance it calls; may be empty"`
	InstanceID   string             `json:"instanceId" doc:"Of a purchase: the instance that the server answered last"`
	SavedAt      time.Time          `json:"savedAt"`
	SavedBy      string             `json:"savedBy"`
	LastRunID    string             `json:"lastRunId"`
	LastAt       time.Time          `json:"lastAt" doc:"When it ran last"`
	LastSource   integration.Source `json:"lastSource" doc:"debug, rerun, submit, approve, probe or pending"`
	LastPassed   bool               `json:"lastPassed"`
	LastProblem  *faultView         `json:"lastProblem,omitempty"`
}

// caseDetail is a saved case with its request and answer.
type caseDetail struct {
	CaseView
	Parameters  map[string]string `json:"parameters"`
	EncryptType saas.EncryptType  `json:"encryptType"`
	Request     requestView       `json:"request" doc:"Of the last passed run"`
	Response    *responseView     `json:"response,omitempty"`
}

func caseOf(l i18n.Lang, c integration.CaseRow) CaseView {
	sc, _ := saas.ScenarioOf(c.Generation, c.Scenario)
	v := CaseView{ID: c.ID, SellerID: c.SellerID, SellerName: c.SellerName.In(l), AddressID: c.AddressID, Origin: c.AddressOrigin, Path: c.Path,
		Generation: c.Generation, Scenario: c.Scenario, Title: integration.ScenarioTitle(c.Generation, c.Scenario).In(l), Activity: sc.Activity,
		Invalid: c.Invalid(), Valid: c.Invalid() == "", InstanceFrom: c.InstanceFrom, InstanceID: c.InstanceID, SavedAt: c.SavedAt, SavedBy: c.SavedName,
		LastRunID: c.LastRunID, LastAt: c.LastAt, LastSource: c.LastSource, LastPassed: c.LastPassed}
	if v.Invalid != "" {
		v.InvalidText = i18n.Message(l, "integration.invalid_"+v.Invalid, nil)
	}
	if c.LastCode != "" {
		p := faultOf(l, integration.Fault{Code: c.LastCode, Args: c.LastArgs})
		v.LastProblem = &p
	}
	return v
}

func caseDetailOf(l i18n.Lang, c integration.CaseRow) caseDetail {
	return caseDetail{CaseView: caseOf(l, c), Parameters: c.Parameters, EncryptType: c.EncryptType, Request: requestOf(c.Exchange), Response: responseOf(c.Exchange)}
}

// resultView is how one case of a batch ended.
type resultView struct {
	CaseID     string     `json:"caseId"`
	Scenario   string     `json:"scenario"`
	Title      string     `json:"title"`
	RunID      string     `json:"runId" doc:"Empty when it was not run because the server could not be reached before"`
	Passed     bool       `json:"passed"`
	Problem    *faultView `json:"problem,omitempty"`
	DurationMS int64      `json:"durationMs"`
}

// batchView is a run of saved cases.
type batchView struct {
	AddressID  string          `json:"addressId"`
	Path       string          `json:"path"`
	Generation saas.Generation `json:"generation"`
	Passed     bool            `json:"passed" doc:"All passed"`
	Results    []resultView    `json:"results"`
}

func batchOf(l i18n.Lang, b integration.Batch) batchView {
	v := batchView{AddressID: b.AddressID, Path: b.Path, Generation: b.Generation, Passed: b.Passed, Results: []resultView{}}
	for _, r := range b.Results {
		one := resultView{CaseID: r.CaseID, Scenario: r.Scenario, Title: integration.ScenarioTitle(b.Generation, r.Scenario).In(l),
			RunID: r.RunID, Passed: r.Passed, DurationMS: r.Duration.Milliseconds()}
		if r.Problem != nil {
			p := faultOf(l, *r.Problem)
			one.Problem = &p
		}
		v.Results = append(v.Results, one)
	}
	return v
}

// lackView is a case that stands in the way of a publication.
type lackView struct {
	Scenario string `json:"scenario"`
	Title    string `json:"title"`
	Reason   string `json:"reason" doc:"none (never saved), key, address (changed since), failed or stale"`
	Text     string `json:"text" doc:"The same in the reader's language"`
	Link     string `json:"link" doc:"The page on which it is debugged"`
}

func lacksOf(l i18n.Lang, t integration.Target, list []integration.Lack) []lackView {
	out := []lackView{}
	for _, x := range list {
		title := x.Title(t.Generation)
		out = append(out, lackView{Scenario: x.Scenario, Title: title.In(l), Reason: x.Reason, Link: integration.DebugPage(t, x.Scenario),
			Text: i18n.Message(l, "integration.lack_"+x.Reason, map[string]any{"scenario": title, "problem": ""})})
	}
	return out
}

// pretty is a value as indented JSON without escapes for HTML.
func pretty(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.String(), err
}
