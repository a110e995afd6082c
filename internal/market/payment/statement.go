package payment

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// MaxStatement bounds the lines of one statement.
const MaxStatement = 5000

// Columns name the columns of a bank's statement by their heads. Amount is that of incoming
// money: a line where it is empty, zero or negative is outgoing and left out.
type Columns struct {
	Date, Amount, Payer, Reference, Remark string
}

// Fault is a line of a statement that cannot be taken.
type Fault struct {
	Line  int // of the file, counted from 1
	Code  string
	Args  errs.Args
	Field string
}

// Statement is what a file says.
type Statement struct {
	Lines    []Incoming
	Faults   []Fault
	Outgoing int
}

// ParseStatement reads a bank's statement as CSV in UTF-8, with commas, semicolons or tabs. The
// head may stand below lines of the bank's own; lines that cannot be read are reported by number
// and leave the others. Errors: field "columns" when no line has all heads; "text" when there are
// too many lines or none.
func ParseStatement(text string, cols Columns, currency string) (Statement, error) {
	var out Statement
	var c errs.Check
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(text), -1, true, true
	at := map[string]int{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // such a line has no fields to ask for their place
			line := 1
			var p *csv.ParseError
			if errors.As(err, &p) {
				line = p.Line
			}
			out.Faults = append(out.Faults, Fault{Line: line, Code: "payment.statement_line"})
			continue
		}
		line, _ := r.FieldPos(0)
		if len(at) == 0 {
			at = heads(row, cols)
			continue
		}
		if blank(row) {
			continue
		}
		if len(out.Lines)+len(out.Faults)+out.Outgoing >= MaxStatement {
			c.Add("text", "payment.statement_size", "max", MaxStatement)
			return out, c.Err()
		}
		out.line(row, at, line, currency)
	}
	if len(at) == 0 {
		c.Add("columns", "payment.statement_heads")
	} else if len(out.Lines)+len(out.Faults)+out.Outgoing == 0 {
		c.Add("text", "payment.statement_empty")
	}
	return out, c.Err()
}

// thousands is an amount with a comma after each three digits. Any other comma may be a decimal
// one, and 1250,50 taken for 125050 would be credited at once.
var thousands = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d+)?$`)

func (s *Statement) line(row []string, at map[string]int, line int, currency string) {
	cell := func(name string) string {
		if i, ok := at[name]; ok && i < len(row) {
			return strings.Trim(row[i], " \t'\u00a0")
		}
		return ""
	}
	written := strings.NewReplacer("¥", "", "￥", "", "+", "", " ", "").Replace(cell("amount"))
	amount := strings.ReplaceAll(written, ",", "")
	if amount == "" || strings.HasPrefix(amount, "-") || strings.Trim(amount, "0.") == "" {
		s.Outgoing++
		return
	}
	in := Incoming{Line: line, BankReference: cell("reference"), Payer: cell("payer"), Remark: cell("remark"), Currency: currency}
	var c errs.Check
	value, err := money.Parse(amount)
	if err != nil || strings.Contains(written, ",") && !thousands.MatchString(written) {
		c.Add("amount", "payment.statement_amount", "value", written)
	}
	in.Amount = value
	if in.BookedOn = day(cell("date")); in.BookedOn == "" {
		c.Add("bookedOn", "payment.statement_date", "value", cell("date"))
	}
	fault := c.Err()
	if fault == nil {
		fault = in.check()
	}
	if e, ok := errs.As(fault); ok {
		f := e.Fields[0]
		s.Faults = append(s.Faults, Fault{Line: line, Code: f.Code, Args: f.Args, Field: f.Path})
		return
	}
	if i := slices.IndexFunc(s.Lines, func(x Incoming) bool { return x.BankReference == in.BankReference }); i >= 0 {
		s.Faults = append(s.Faults, Fault{Line: line, Code: "payment.statement_double", Args: errs.Args{"line": s.Lines[i].Line}, Field: "bankReference"})
		return
	}
	s.Lines = append(s.Lines, in)
}

// heads finds where the columns stand; nothing when the row is not the head.
func heads(row []string, cols Columns) map[string]int {
	at := map[string]int{}
	for name, head := range map[string]string{"date": cols.Date, "amount": cols.Amount, "payer": cols.Payer, "reference": cols.Reference, "remark": cols.Remark} {
		if head == "" && name == "remark" {
			continue
		}
		i := slices.IndexFunc(row, func(cell string) bool {
			return head != "" && strings.EqualFold(strings.TrimSpace(cell), strings.TrimSpace(head))
		})
		if i < 0 {
			return nil
		}
		at[name] = i
	}
	return at
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// separator is the one of which the first lines have most.
func separator(text string) rune {
	head := text[:min(len(text), 4096)]
	best, most := ',', strings.Count(head, ",")
	for _, r := range []rune{';', '\t'} {
		if n := strings.Count(head, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

var dayForms = []string{time.DateOnly, "2006/1/2", "2006-1-2", "20060102", "2006.01.02", "2006年1月2日", "02.01.2006"}

// day is a date as banks write it, with or without a time after it; empty when it is none.
func day(text string) string {
	if date, _, timed := strings.Cut(text, " "); timed {
		text = date
	}
	if date, _, timed := strings.Cut(text, "T"); timed {
		text = date
	}
	for _, form := range dayForms {
		if t, err := time.Parse(form, text); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

type statementRow struct {
	ID   string    `db:"id"`
	Name string    `db:"name"`
	At   time.Time `db:"imported_at"`
	By   string    `db:"imported_by"`
}

// KeepStatement notes that a statement was imported.
func KeepStatement(ctx context.Context, tx *db.Tx, name string) (string, error) {
	name = strings.TrimSpace(name)
	var c errs.Check
	if !c.Length("name", name, 1, 120) {
		return "", c.Err()
	}
	s := statementRow{id.New("bst"), name, tx.Now, audit.ActorFrom(ctx).ID}
	if err := db.Insert(ctx, tx, "bank_statements", s); err != nil {
		return "", err
	}
	return s.ID, audit.Record(ctx, tx, audit.Entry{Action: "statement.import", Object: "statement", ObjectID: s.ID, Detail: map[string]any{"name": name}})
}
