package probe

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"jishi/internal/base/i18n"
)

// Write writes the report in one of the formats text, json and junit.
func (r Report) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r)
	case "junit":
		return r.writeJUnit(w)
	}
	return r.print(w)
}

// shownAnswer is how many characters of an answer the text report shows.
const shownAnswer = 400

func (r Report) print(w io.Writer) error {
	var b strings.Builder
	say := func(code string, args map[string]any) string { return i18n.Message(r.lang, code, args) }
	fmt.Fprintf(&b, "%s  %s\n\n", r.URL, strings.ToUpper(r.Generation))
	for _, c := range r.Cases {
		took := ""
		if c.took > 0 {
			took = fmt.Sprintf("%d ms", c.DurationMS)
		}
		fmt.Fprintf(&b, "%-6s %-36s %9s  %s\n", marks[c.State], c.Name, took, c.Title)
		if c.Skipped != "" {
			fmt.Fprintf(&b, "         %s\n", c.Skipped)
		}
		for _, f := range c.Faults {
			fmt.Fprintf(&b, "         %s\n           %s\n", f.Code, f.Text)
			if f.Advice != "" {
				fmt.Fprintf(&b, "           → %s\n", f.Advice)
			}
		}
		if e := c.Exchange; e != nil {
			fmt.Fprintf(&b, "           %s\n", e.Request)
			if e.Body != "" {
				fmt.Fprintf(&b, "           %s\n", e.Body)
			}
			if e.Status != 0 {
				fmt.Fprintf(&b, "           HTTP %d %s\n", e.Status, e.Type)
			}
			if e.Answer != "" {
				fmt.Fprintf(&b, "           %s\n", plain(e.Answer, shownAnswer))
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", say("probe.summary", map[string]any{"passed": r.Counts.Passed, "warnings": r.Counts.Warnings,
		"failed": r.Counts.Failed, "skipped": r.Counts.Skipped}))
	_, err := io.WriteString(w, b.String())
	return err
}

var marks = map[State]string{Passed: "ok", Warned: "WARN", Failed: "FAIL", Skipped: "skip"}
