package catalog

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"jishi/internal/base/i18n"
)

// Pictures in texts come from the marketplace's own files only: another host would see
// who looks at a product, and the content security policy refuses it anyway.
var ownFile = regexp.MustCompile(`^/files/([a-z0-9_]+\.[a-z0-9]{2,5})$`)

var imageSource = regexp.MustCompile(`<img src="/files/([a-z0-9_]+\.[a-z0-9]{2,5})"`)

var formatter = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))
})

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "ul", "ol", "li",
		"blockquote", "pre", "code", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowAttrs("src").Matching(ownFile).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	return p
})

var stripper = sync.OnceValue(bluemonday.StrictPolicy)

// RenderMarkdown turns a Markdown text into HTML that is safe to put into a page: no raw
// HTML, scripts, styles or foreign pictures survive. A first-level heading becomes a
// second-level one, for the page's own title is the only first.
func RenderMarkdown(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	var b bytes.Buffer
	if err := formatter().Convert([]byte(text), &b); err != nil {
		return "<p>" + html.EscapeString(text) + "</p>"
	}
	raw := strings.NewReplacer("<h1>", "<h2>", "</h1>", "</h2>").Replace(b.String())
	return policy().Sanitize(raw)
}

// MaxMarkdown is how many characters of a seller's Markdown are rendered. The time that
// some texts take grows with the square of their length, and a draft is rendered while
// its transaction lasts.
const MaxMarkdown = descriptionMax

// render leaves out what is too long; a submission says so, per field.
func render(t i18n.Text) i18n.Text {
	bounded := func(text string) string {
		if utf8.RuneCountInString(text) > MaxMarkdown {
			return ""
		}
		return RenderMarkdown(text)
	}
	return i18n.Text{ZH: bounded(t.ZH), EN: bounded(t.EN)}
}

// plainText is the text of sanitised HTML, as the limit of 400 characters counts it.
func plainText(safe string) string {
	return strings.TrimSpace(html.UnescapeString(stripper().Sanitize(safe)))
}

func pictureKeys(t i18n.Text) []string {
	var out []string
	for _, m := range imageSource.FindAllStringSubmatch(t.ZH+t.EN, -1) {
		out = append(out, m[1])
	}
	return out
}
