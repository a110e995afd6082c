package integration

import (
	"testing"

	"jishi/internal/base/i18n"
)

// Every fault has a text, and what to do about it, in both languages.
func TestFaultsHaveTexts(t *testing.T) {
	for code, key := range advice {
		for _, c := range []string{code, key} {
			if zh, en := i18n.Message(i18n.ZH, c, nil), i18n.Message(i18n.EN, c, nil); zh == c || en == c {
				t.Errorf("%s: %q %q", c, zh, en)
			}
		}
	}
}
