package arch

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jishi/internal/base/i18n"
)

var update = flag.Bool("update", false, "rewrite the printed parts of docs/seller")

// The pages for sellers are written by people; what stands between <!-- name --> and <!-- /name --> is
// printed by the program: calls, signatures, texts. So no example can differ from what is sent.
var printed = map[string]func(t *testing.T, l i18n.Lang) string{
	"calls-v1":       callsV1,
	"calls-v2":       callsV2,
	"order-notice":   orderNotice,
	"auth-token":     authTokenSteps,
	"body-sign":      bodySignSteps,
	"v2-sign":        v2SignSteps,
	"aes":            aesSteps,
	"order-query":    orderQuerySteps,
	"order-answer":   orderAnswer,
	"schedules":      schedules,
	"trouble-reach":  troubleOf("outbound."),
	"trouble-answer": troubleOf("saas.answer."),
	"trouble-probe":  troubleOf("probe."),
	"trouble-call":   troubleOf("fulfillment."),
	"result-codes":   resultCodes,
	"open-api-codes": openAPICodes,
	"gate-texts":     gateTexts,
	"gates":          gates,
}

var printedPart = regexp.MustCompile(`(?s)<!-- ([a-z0-9-]+) -->\n.*?<!-- /([a-z0-9-]+) -->`)

func TestSellersPagesAreFresh(t *testing.T) {
	used := map[i18n.Lang]map[string]bool{i18n.ZH: {}, i18n.EN: {}}
	for l, names := range used {
		pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "seller", string(l), "*.md"))
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages in %s: %v", l, err)
		}
		for _, page := range pages {
			have, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			want := printedPart.ReplaceAllStringFunc(string(have), func(part string) string {
				m := printedPart.FindStringSubmatch(part)
				print, ok := printed[m[1]]
				if !ok || m[1] != m[2] {
					t.Fatalf("%s: nothing prints the part %s (its end is %s)", page, m[1], m[2])
				}
				names[m[1]] = true
				return fmt.Sprintf("<!-- %s -->\n\n%s\n<!-- /%s -->", m[1], strings.TrimSpace(print(t, l))+"\n", m[1])
			})
			if want == string(have) {
				continue
			}
			if !*update {
				t.Errorf("%s is stale: run go test ./internal/arch -run TestSellersPagesAreFresh -update", page)
			} else if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for name := range printed {
			if !names[name] {
				t.Errorf("no page in %s shows %s", l, name)
			}
		}
	}
}

// The pages of both languages tell the same: the same files with the same headings in number and depth.
func TestSellersPagesHaveTheSameShape(t *testing.T) {
	shape := func(l i18n.Lang) map[string]string {
		out := map[string]string{}
		pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "seller", string(l), "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			var marks []string
			for _, line := range strings.Split(printedPart.ReplaceAllString(string(text), ""), "\n") {
				if mark, _, ok := strings.Cut(line, " "); ok && strings.Trim(mark, "#") == "" && mark != "" {
					marks = append(marks, mark)
				}
			}
			out[filepath.Base(page)] = strings.Join(marks, " ")
		}
		return out
	}
	zh, en := shape(i18n.ZH), shape(i18n.EN)
	for name := range zh {
		if zh[name] != en[name] {
			t.Errorf("%s: headings %q in Chinese, %q in English", name, zh[name], en[name])
		}
		delete(en, name)
	}
	for name := range en {
		t.Errorf("%s is missing in Chinese", name)
	}
}

// The programs of the sellers' pages are what people copy: they must compile.
func TestSellersProgramsCompile(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "seller", "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	built := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range goBlock.FindAllSubmatch(text, -1) {
			compile(t, page, block[1])
			built++
		}
	}
	if built < 2 {
		t.Errorf("%d programs in %d pages", built, len(pages))
	}
}

// in picks the text of a language.
func in(l i18n.Lang, zh, en string) string {
	if l == i18n.ZH {
		return zh
	}
	return en
}

// fence is a block of lines.
func fence(kind string, lines ...string) string {
	return "```" + kind + "\n" + strings.Join(lines, "\n") + "\n```\n"
}

// cell makes a text fit into a table.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;").Replace(s)
}
