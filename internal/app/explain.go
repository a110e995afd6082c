package app

import (
	"os"
	"strings"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
)

// Explain puts an error into words for a person at a terminal, in the language of the
// environment.
func Explain(err error) string {
	e, ok := errs.As(err)
	if !ok {
		return err.Error()
	}
	lang := i18n.EN
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				lang = i18n.ZH
			}
			break
		}
	}
	if len(e.Fields) == 0 {
		return i18n.Message(lang, e.Code, e.Args)
	}
	var lines []string
	for _, f := range e.Fields {
		lines = append(lines, f.Path+": "+i18n.Message(lang, f.Code, f.Args))
	}
	return strings.Join(lines, "\n")
}
