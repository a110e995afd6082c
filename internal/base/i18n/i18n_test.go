package i18n_test

import (
	"encoding/json"
	"strings"
	"testing"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
)

func TestParse(t *testing.T) {
	for header, want := range map[string]i18n.Lang{
		"":                               i18n.ZH,
		"zh":                             i18n.ZH,
		"zh-CN,zh;q=0.9,en;q=0.8":        i18n.ZH,
		"zh-Hant-TW":                     i18n.ZH,
		"en":                             i18n.EN,
		"en-GB,zh;q=0.5":                 i18n.EN,
		"zh;q=0.5,en-US":                 i18n.EN,
		"fr-FR,zh;q=0.4":                 i18n.ZH,
		"fr-FR, de":                      i18n.EN,
		"*":                              i18n.EN,
		"not a header;;;q=":              i18n.ZH,
		strings.Repeat("en-US,", 10_000): i18n.ZH,
	} {
		if got := i18n.Parse(header); got != want {
			t.Errorf("%.40q: %s, want %s", header, got, want)
		}
	}
}

func TestText(t *testing.T) {
	both, zh, en := i18n.Text{ZH: "集市", EN: "Fair"}, i18n.Text{ZH: "集市", EN: " "}, i18n.Text{EN: "Fair"}
	for _, c := range []struct {
		text i18n.Text
		lang i18n.Lang
		want string
	}{{both, i18n.ZH, "集市"}, {both, i18n.EN, "Fair"}, {zh, i18n.EN, "集市"}, {en, i18n.ZH, "Fair"}, {i18n.Text{}, i18n.EN, ""}} {
		if got := c.text.In(c.lang); got != c.want {
			t.Errorf("%+v in %s: %q", c.text, c.lang, got)
		}
	}
	if both.IsZero() || !(i18n.Text{ZH: " "}).IsZero() {
		t.Error("IsZero")
	}
	raw, _ := json.Marshal(both)
	if string(raw) != `{"zh":"集市","en":"Fair"}` {
		t.Errorf("%s", raw)
	}
}

func TestMessage(t *testing.T) {
	args := errs.Args{"min": 2, "max": 60, "actual": 1}
	if got := i18n.Message(i18n.EN, "length", args); got != "Must have 2 to 60 characters, has 1" {
		t.Error(got)
	}
	if got := i18n.Message(i18n.ZH, "length", args); got != "长度应为 2–60 个字符，当前 1 个" {
		t.Error(got)
	}
	if got := i18n.Message(i18n.EN, "some_module.not_found", nil); got != "Not found" {
		t.Errorf("generic text: %s", got)
	}
	if got := i18n.Message(i18n.EN, "no.such_code", nil); got != "no.such_code" {
		t.Error(got)
	}
	if got := i18n.Message(i18n.EN, "length", errs.Args{"min": "{max}"}); got != "Must have {max} to {max} characters, has {actual}" {
		t.Errorf("values are not templates, missing values stay: %s", got)
	}
	allowed := errs.Args{"allowed": i18n.Text{ZH: "甲", EN: "A"}}
	if got := i18n.Message(i18n.ZH, "one_of", allowed); !strings.Contains(got, "甲") {
		t.Error(got)
	}
	if i18n.Has("no.such_code") || !i18n.Has("length") || !i18n.Has("x.length") {
		t.Error("Has")
	}
	if l := i18n.FromContext(i18n.WithLang(t.Context(), i18n.EN)); l != i18n.EN || i18n.FromContext(t.Context()) != i18n.ZH {
		t.Error("context")
	}
}
