// Package i18n turns codes into texts in the reader's language and holds texts that
// exist in both languages.
//
// The catalogue is internal/texts: one pair of JSON files per module with the same
// keys, which a test proves, as well as that every error code in the sources has a
// text. Codes travel through the program; Message is called where an answer, a page
// or a mail is made, nowhere else. The package owns no state but the parsed catalogue.
package i18n

import (
	"context"
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language of the marketplace.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Other is the language that stands in when a text is missing.
func (l Lang) Other() Lang {
	if l == EN {
		return ZH
	}
	return EN
}

// Known reads a stored or chosen language; ok is false for any but "zh" and "en".
func Known(s string) (l Lang, ok bool) {
	l = Lang(s)
	return l, l == ZH || l == EN
}

// Parse chooses the language from an Accept-Language header: the first of the
// reader's languages that is Chinese (of any script or region) or English. A reader
// of neither gets English, a request without the header Chinese.
func Parse(acceptLanguage string) Lang {
	if acceptLanguage = strings.TrimSpace(acceptLanguage); acceptLanguage == "" || len(acceptLanguage) > 500 {
		return ZH
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return ZH
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if l, ok := Known(base.String()); ok {
			return l
		}
	}
	return EN
}

type langKey struct{}

// WithLang marks ctx with the reader's language.
func WithLang(ctx context.Context, l Lang) context.Context {
	return context.WithValue(ctx, langKey{}, l)
}

// FromContext is the reader's language, Chinese when ctx has none.
func FromContext(ctx context.Context) Lang {
	if l, ok := ctx.Value(langKey{}).(Lang); ok {
		return l
	}
	return ZH
}

// Text is a text in both languages, either of which may be empty. Editors send and
// receive it as {"zh":"…","en":"…"}; it is stored the same way.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In gives the text in l, or in the other language when there is none in l.
func (t Text) In(l Lang) string {
	first, second := t.ZH, t.EN
	if l == EN {
		first, second = second, first
	}
	if strings.TrimSpace(first) == "" {
		return second
	}
	return first
}

// IsZero tells whether the text is empty in both languages.
func (t Text) IsZero() bool {
	return strings.TrimSpace(t.ZH) == "" && strings.TrimSpace(t.EN) == ""
}
