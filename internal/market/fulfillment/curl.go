package fulfillment

import (
	"net/http"
	"net/url"
	"sort"
	"strings"
)

// Curl writes a logged request as a command for a terminal; masked values stay masked.
func (x AttemptRow) Curl() string {
	var b strings.Builder
	b.WriteString("curl -i")
	if x.Method != "" && x.Method != http.MethodGet {
		b.WriteString(" -X " + x.Method)
	}
	names := make([]string, 0, len(x.RequestHead))
	for n := range x.RequestHead {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		b.WriteString(" -H " + quote(n+": "+x.RequestHead[n]))
	}
	if x.RequestBody != "" {
		b.WriteString(" --data-raw " + quote(x.RequestBody))
	}
	if u, err := url.Parse(x.URL); err == nil {
		b.WriteString(" " + quote(u.String()))
	}
	return b.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
