package i18n

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
)

// Trim removes leading and trailing blanks, as every customer text is when it is entered.
func (t Text) Trim() Text {
	return Text{ZH: strings.TrimSpace(t.ZH), EN: strings.TrimSpace(t.EN)}
}

// Value stores the text as JSON.
func (t Text) Value() (driver.Value, error) {
	b, err := json.Marshal(t)
	return string(b), err
}

// Scan reads what Value stored; NULL is the empty text.
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
