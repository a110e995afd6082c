package search

import (
	"html"
	"strings"
)

// Marker marks the terms of one search in texts.
type Marker struct {
	x     *Index
	terms []term
}

// Marker prepares marking for a search text.
func (x *Index) Marker(text string) Marker { return Marker{x, x.terms(text)} }

// Mark returns the text as HTML: escaped, and what matched between <mark> and </mark>.
func (m Marker) Mark(text string) string {
	if len(m.terms) == 0 || text == "" {
		return html.EscapeString(text)
	}
	var b strings.Builder
	done, from, to := 0, -1, -1
	flush := func() {
		if from >= 0 {
			b.WriteString(html.EscapeString(text[done:from]))
			b.WriteString("<mark>" + html.EscapeString(text[from:to]) + "</mark>")
			done = to
		}
	}
	for _, t := range m.x.analyzer.Analyze([]byte(text)) {
		end := m.match(string(t.Term), t.Start, t.End)
		if end == 0 {
			continue
		}
		if from >= 0 && t.Start <= to { // pairs overlap: 办公 and 公助 mark 办公助
			to = max(to, end)
			continue
		}
		flush()
		from, to = t.Start, end
	}
	flush()
	b.WriteString(html.EscapeString(text[done:]))
	return b.String()
}

// match gives the end of what matched of a token, 0 when nothing did.
func (m Marker) match(token string, start, end int) int {
	for _, t := range m.terms {
		switch {
		case t.text == token:
			return end
		case t.begun && strings.HasPrefix(token, t.text):
			if len(token) == end-start { // lower-casing kept the lengths
				return start + len(t.text)
			}
			return end
		}
	}
	return 0
}
