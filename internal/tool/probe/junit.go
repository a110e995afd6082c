package probe

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The elements of a JUnit report, as far as build servers read them.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	At       string      `xml:"timestamp,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Skipped *junitMessage `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func (r Report) writeJUnit(w io.Writer) error {
	suite := junitSuite{Name: "jishi probe " + r.Generation + " " + r.URL, Tests: len(r.Cases), Failures: r.Counts.Failed,
		Skipped: r.Counts.Skipped, At: r.At.UTC().Format("2006-01-02T15:04:05")}
	var all time.Duration
	for _, c := range r.Cases {
		all += c.took
		suite.Cases = append(suite.Cases, c.junit(r.Generation))
	}
	suite.Time = junitTime(all)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junit makes the first failure the message; JUnit knows no warnings, they are output.
func (c Case) junit(generation string) junitCase {
	out := junitCase{Class: "jishi.probe." + generation, Name: c.Name, Time: junitTime(c.took)}
	if c.Skipped != "" {
		out.Skipped = &junitMessage{Message: c.Skipped}
	}
	var failures, warnings []string
	for _, f := range c.Faults {
		text := fmt.Sprintf("%s: %s", f.Code, f.Text)
		if f.Advice != "" {
			text += "\n→ " + f.Advice
		}
		if f.Warning {
			warnings = append(warnings, text)
			continue
		}
		if out.Failure == nil {
			out.Failure = &junitMessage{Message: f.Text, Type: f.Code}
		}
		failures = append(failures, text)
	}
	if out.Failure != nil {
		if e := c.Exchange; e != nil {
			failures = append(failures, e.Request, e.Body, fmt.Sprintf("HTTP %d %s", e.Status, e.Type), e.Answer)
		}
		out.Failure.Text = strings.Join(failures, "\n")
	}
	out.Output = strings.Join(warnings, "\n")
	return out
}

func junitTime(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
