package web

import (
	"bytes"
	"context"
	"html"
	"regexp"
	"strings"

	"jishi/internal/base/i18n"
)

// Page is what the served HTML of a public page says before any script has run. All
// texts are plain; they are escaped here.
type Page struct {
	Title       string // without the site's name; empty: the site's name alone
	Description string
	Image       string // of a preview: "/files/…"
	Kind        string // OpenGraph type; empty is "website"
	Heading     string
	Facts       []Fact
	Missing     bool // the object does not exist or is not public: status 404
}

// Fact is one line of a page. With a Link its value leads to another page.
type Fact struct{ Name, Value, Link string }

// Head gives the facts of the page at a path; the zero Page for pages without any.
type Head func(ctx context.Context, path string, lang i18n.Lang) (Page, error)

// shell is index.html cut at the places that differ from page to page.
type shell struct{ before, afterTitle, afterHead, afterBody string }

var (
	titleForm = regexp.MustCompile(`(?s)<title>.*?</title>`)
	langForm  = regexp.MustCompile(`<html[^>]*>`)
)

const (
	headMark = "<!--jishi:head-->"
	bodyMark = "<!--jishi:body-->"
)

// newShell cuts the file once. A file without the marks is sent as it is.
func newShell(text string) *shell {
	t := &shell{before: text}
	if at := titleForm.FindStringIndex(text); at != nil {
		t.before, t.afterTitle = text[:at[0]], text[at[1]:]
	}
	if before, after, ok := strings.Cut(t.afterTitle, headMark); ok {
		t.afterTitle, t.afterHead = before, after
	}
	if before, after, ok := strings.Cut(t.afterHead, bodyMark); ok {
		t.afterHead, t.afterBody = before, after
	}
	return t
}

func (t *shell) render(out *bytes.Buffer, lang i18n.Lang, p Page, site, origin, path string) {
	tag := "zh-CN"
	if lang == i18n.EN {
		tag = "en"
	}
	out.WriteString(langForm.ReplaceAllLiteralString(t.before, `<html lang="`+tag+`">`))
	if site == "" {
		site = "集市 Jishi"
	}
	title := site
	if p.Title != "" {
		title = p.Title + " · " + site
	}
	out.WriteString("<title>" + html.EscapeString(title) + "</title>")
	out.WriteString(t.afterTitle)
	writeHead(out, p, title, site, origin, path)
	out.WriteString(t.afterHead)
	writeBody(out, p)
	out.WriteString(t.afterBody)
}

func writeHead(out *bytes.Buffer, p Page, title, site, origin, path string) {
	meta := func(attribute, name, value string) {
		if value != "" {
			out.WriteString("<meta " + attribute + `="` + name + `" content="` + html.EscapeString(value) + "\">\n    ")
		}
	}
	meta("name", "description", p.Description)
	if p.Missing {
		meta("name", "robots", "noindex")
		return
	}
	if p.Title == "" {
		return
	}
	kind := p.Kind
	if kind == "" {
		kind = "website"
	}
	meta("property", "og:type", kind)
	meta("property", "og:title", title)
	meta("property", "og:site_name", site)
	meta("property", "og:description", p.Description)
	if origin != "" {
		meta("property", "og:url", origin+path)
		if p.Image != "" {
			meta("property", "og:image", origin+p.Image)
		}
		out.WriteString(`<link rel="canonical" href="` + html.EscapeString(origin+path) + `">`)
	}
}

func writeBody(out *bytes.Buffer, p Page) {
	if p.Heading == "" {
		return
	}
	out.WriteString("<main><h1>" + html.EscapeString(p.Heading) + "</h1>")
	if len(p.Facts) > 0 {
		out.WriteString("<dl>")
		for _, f := range p.Facts {
			value := html.EscapeString(f.Value)
			if f.Link != "" {
				value = `<a href="` + html.EscapeString(f.Link) + `">` + value + "</a>"
			}
			out.WriteString("<dt>" + html.EscapeString(f.Name) + "</dt><dd>" + value + "</dd>")
		}
		out.WriteString("</dl>")
	}
	out.WriteString("</main>")
}
