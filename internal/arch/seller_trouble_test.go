package arch

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/i18n"
	"jishi/internal/texts"
	"jishi/internal/tool/probe"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// noFault are texts of the same families that tell no fault.
var noFault = regexp.MustCompile(`^(probe\.(advice|step|skipped|hint)_.*|probe\.summary|outbound\.canceled|integration\.(check|step|todo|param)_.*)$`)

// codes are those with a text of their own that begin so: the checks of an answer in their order, others by name.
func codes(t *testing.T, prefix string) []string {
	t.Helper()
	names, err := fs.Glob(texts.Files, "en/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		raw, err := fs.ReadFile(texts.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		var part map[string]string
		if err := json.Unmarshal(raw, &part); err != nil {
			t.Fatal(err)
		}
		for code := range part {
			if strings.HasPrefix(code, prefix) && !noFault.MatchString(code) {
				out = append(out, code)
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no texts begin with %s", prefix)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	return out
}

// inOrder are the checks of an answer as they follow each other (saas.md §11.4).
var inOrder = []string{saas.ProblemStatus, saas.ProblemContentType, saas.ProblemJSON, saas.ProblemBodySignFormat, saas.ProblemBodySign,
	saas.ProblemResultCode, saas.ProblemField, saas.ProblemLength, saas.ProblemDecrypt}

// rank is the place among the checks; what is none of them stands behind.
func rank(code string) int {
	if i := slices.Index(inOrder, code); i >= 0 {
		return i
	}
	return len(inOrder)
}

// troubleOf prints what a seller may read, and what to do about it: from the checker's advice, or from
// the texts trouble.<code>. A text that says itself what to do stands alone.
func troubleOf(prefix string) func(*testing.T, i18n.Lang) string {
	return func(t *testing.T, l i18n.Lang) string {
		var b strings.Builder
		b.WriteString(in(l, "| 您看到的 | 怎么办 | 代码 |\n|---|---|---|\n", "| You read | What to do | Code |\n|---|---|---|\n"))
		for _, code := range codes(t, prefix) {
			advice := ""
			if own := "trouble." + code; known(own) {
				advice = i18n.Message(l, own, nil)
			} else if key := probe.Advice(code); key != "" {
				advice = i18n.Message(l, key, nil)
			}
			fmt.Fprintf(&b, "| %s | %s | `%s` |\n", asRead(l, code), cell(advice), code)
		}
		return b.String()
	}
}

// known is i18n.Has without its fallback to generic texts.
func known(code string) bool {
	return i18n.Message(i18n.EN, code, nil) != code && i18n.Has(code) && !generic(code)
}

func generic(code string) bool {
	return i18n.Message(i18n.EN, code, nil) == i18n.Message(i18n.EN, code[strings.LastIndexByte(code, '.')+1:], nil)
}

var unfilled = regexp.MustCompile(`\{[A-Za-z]+\}`)

// asRead is the text with dots where values stand.
func asRead(l i18n.Lang, code string) string {
	return cell(unfilled.ReplaceAllString(i18n.Message(l, code, nil), "…"))
}

func gateTexts(t *testing.T, l i18n.Lang) string {
	var b strings.Builder
	b.WriteString(in(l, "| 您看到的 | 代码 |\n|---|---|\n", "| You read | Code |\n|---|---|\n"))
	for _, code := range codes(t, "integration.") {
		fmt.Fprintf(&b, "| %s | `%s` |\n", asRead(l, code), code)
	}
	return b.String()
}

func resultCodes(_ *testing.T, l i18n.Lang) string {
	var b strings.Builder
	b.WriteString(in(l, "| 返回码 | 含义 |\n|---|---|\n", "| Code | Meaning |\n|---|---|\n"))
	for _, r := range saas.ResultCodes() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", r.Code, in(l, r.ZH, r.EN))
	}
	return b.String()
}

func openAPICodes(_ *testing.T, l i18n.Lang) string {
	rows := []struct {
		code   openapi.Code
		zh, en string
	}{
		{openapi.Success, "成功", "success"},
		{openapi.InvalidParameter, "缺少 `orderId`，参数过长，或没有这个订单（行）", "`orderId` is missing, a parameter is too long, or there is no such order or line"},
		{openapi.IllegalOperation, "这是别家商品的订单", "the order is of another seller's product"},
		{openapi.NoAuthority, "该账号不是商家，或商家已停用", "the account is no seller, or its shop is not active"},
		{openapi.IllegalToken, "`X-Auth-Token` 无效", "`X-Auth-Token` is not valid"},
		{openapi.TooOften, "调用太频繁，稍后再试", "called too often: wait a moment"},
		{openapi.SystemError, "集市的故障，可以重试", "a fault of the marketplace: try again"},
		{openapi.GatewayAuth, "签名不对、密钥已停用或被锁定、时钟相差超过 15 分钟；原因写在 `error_msg` 里", "wrong signature, a key that is disabled or locked, or a clock that is more than 15 minutes off; `error_msg` says which"},
		{openapi.GatewayForbidden, "令牌没有这项权限", "the token lacks the permission"},
		{openapi.GatewayNotFound, "路径或方法不对", "wrong path or method"},
		{openapi.GatewayBadRequest, "请求格式不对或太大", "the request is malformed or too large"},
		{openapi.GatewayThrottled, "该网络地址的请求太多", "too many requests from this network address"},
	}
	var b strings.Builder
	b.WriteString(in(l, "| 代码 | HTTP | 含义 |\n|---|---|---|\n", "| Code | HTTP | Meaning |\n|---|---|---|\n"))
	for _, r := range rows {
		fmt.Fprintf(&b, "| `%s` | %d | %s |\n", r.code.Code, r.code.Status, in(l, r.zh, r.en))
	}
	return b.String()
}

// gates prints which cases a product needs before it is published.
func gates(_ *testing.T, l i18n.Lang) string {
	modes := []saas.ChargingMode{saas.Period, saas.OneTime, saas.OnDemand, saas.OnDemandPackage}
	features := map[saas.Feature]string{
		saas.FeatureUpgrade: in(l, "升级或扩容", "upgrade or expansion"), saas.FeatureChange: in(l, "续费变更", "change upon renewal"),
		saas.FeatureTrial: in(l, "试用", "a trial"), saas.FeatureExtendParams: in(l, "扩展参数", "extension parameters"),
		saas.FeatureContact: in(l, "向您提供买家的手机号、邮箱或子用户", "the buyer's mobile number, e-mail or sub-user"),
	}
	var b strings.Builder
	for _, g := range []saas.Generation{saas.V1, saas.V2} {
		fmt.Fprintf(&b, "%s\n\n", strings.ToUpper(string(g)))
		b.WriteString(in(l, "| 用例 | 包周期 | 按次 | 按需 | 套餐包 | 商品提供时需要 |\n|---|---|---|---|---|---|\n",
			"| Case | period | one-time | on demand | package | needed when the product offers |\n|---|---|---|---|---|---|\n"))
		for _, s := range saas.Scenarios(g) {
			fmt.Fprintf(&b, "| `%s` |", s.Key)
			for _, m := range modes {
				mark := ""
				if slices.Contains(s.Modes, m) {
					mark = "✓"
				}
				fmt.Fprintf(&b, " %s |", mark)
			}
			fmt.Fprintf(&b, " %s |\n", features[s.Feature])
		}
		b.WriteString("\n")
	}
	return b.String()
}
