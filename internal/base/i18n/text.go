// Package i18n chooses the reader's language and finds the texts of codes.
package i18n

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
)

// Lang is a language of the site.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Text is one text in both languages; either may be missing. In the database it is JSON.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In is the text in the reader's language, with the other one as fallback.
func (t Text) In(l Lang) string {
	if l == EN && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// IsZero tells whether there is no text in any language.
func (t Text) IsZero() bool { return t == Text{} }

// Trim removes leading and trailing blanks, as every customer text is when it is entered.
func (t Text) Trim() Text {
	return Text{ZH: strings.TrimSpace(t.ZH), EN: strings.TrimSpace(t.EN)}
}

// Value implements driver.Valuer.
func (t Text) Value() (driver.Value, error) {
	b, err := json.Marshal(t)
	return string(b), err
}

// Scan implements sql.Scanner.
func (t *Text) Scan(v any) error {
	switch s := v.(type) {
	case nil:
		*t = Text{}
		return nil
	case string:
		return json.Unmarshal([]byte(s), t)
	case []byte:
		return json.Unmarshal(s, t)
	}
	return fmt.Errorf("i18n: cannot read a text from %T", v)
}
