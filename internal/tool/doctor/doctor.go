// Package doctor is what `jishi doctor` runs: it proves the invariants of an installation
// on its live data. It only reads and works beside running nodes.
//
// A check gives findings, which are faults somebody must look at, and a note for people.
// The program's exit code is 1 when there is any finding.
package doctor

import (
	"context"
	"fmt"
	"time"

	"jishi/internal/app"
	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/secret"
	"jishi/internal/schema"
)

// Finding is one fault.
type Finding struct {
	Object string `json:"object"` // order, job, file …: its id
	Text   string `json:"text"`
}

// Result is the outcome of one check.
type Result struct {
	Check    string    `json:"check"`
	OK       bool      `json:"ok"`
	Note     string    `json:"note,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
	More     int       `json:"more,omitempty"` // findings beyond those listed
}

// Report is the outcome of all checks.
type Report struct {
	At      time.Time `json:"at"`
	Version string    `json:"version"`
	Engine  string    `json:"engine"`
	OK      bool      `json:"ok"`
	Results []Result  `json:"results"`
}

// Patient is the installation to look at.
type Patient struct {
	DB   *db.DB
	Blob blob.Store  // nil: uploaded files are not looked at
	Box  *secret.Box // nil: the configured key is not compared
	Data string      // the data folder
}

// check is one row of the table below.
type check struct {
	name string
	run  func(ctx context.Context, p Patient) (note string, findings []Finding, err error)
}

// checks in the order in which they are shown.
var checks = []check{
	{"schema", schemaVersion},
	{"ledger laws", ledgerLaws},
	{"ledger sum", ledgerSum},
	{"amounts and postings", postings},
	{"paid lines", paidLines},
	{"captures and refunds", settledMoney},
	{"changes", changes},
	{"vouchers", vouchers},
	{"online payments", onlineMoney},
	{"discounts", discounts},
	{"bank transfers", bankReceipts},
	{"price adjustments", adjustments},
	{"seller calls", sellerCalls},
	{"leases", leases},
	{"jobs", jobs},
	{"nodes and master key", nodes},
	{"uploaded files", files},
	{"search index", searchIndex},
	{"disk", disk},
}

// listed bounds how many findings of one check are shown.
const listed = 20

// Examine runs all checks. A check that cannot run is a finding of its own.
func Examine(ctx context.Context, p Patient) Report {
	r := Report{At: clock.Wall{}.Now(), Version: app.VersionText(), Engine: string(p.DB.Engine()), OK: true}
	for _, c := range checks {
		note, findings, err := c.run(ctx, p)
		if err != nil {
			findings = append(findings, Finding{Text: fmt.Sprintf("the check failed: %v", err)})
		}
		one := Result{Check: c.name, OK: len(findings) == 0, Note: note, Findings: findings}
		if len(findings) > listed {
			one.Findings, one.More = findings[:listed], len(findings)-listed
		}
		r.OK = r.OK && one.OK
		r.Results = append(r.Results, one)
		if c.name == "schema" && !one.OK {
			break // the other questions are asked in this program's schema
		}
	}
	return r
}

func schemaVersion(ctx context.Context, p Patient) (string, []Finding, error) {
	have, want, err := p.DB.SchemaVersions(ctx, schema.Files)
	if err != nil {
		return "", nil, err
	}
	note := fmt.Sprintf("version %d", have)
	if have == want {
		return note, nil, nil
	}
	return note, []Finding{{Text: fmt.Sprintf("the database has schema %d, this program %d", have, want)}}, nil
}

// row is a finding as a query gives it.
type row struct {
	Object string `db:"object"`
	Text   string `db:"text"`
}

func ask(ctx context.Context, q db.Querier, text string, args ...any) ([]Finding, error) {
	rows, err := db.List[row](ctx, q, text, args...)
	var out []Finding
	for _, r := range rows {
		out = append(out, Finding(r))
	}
	return out, err
}
