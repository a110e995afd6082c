package saas

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/protocol from the codecs")

const protocolFolder = "../../docs/protocol"

// The reference of the protocol is printed from the codecs with the inputs of the published vectors, so that what it
// shows is what is sent.
func TestProtocolIsDocumented(t *testing.T) {
	pages := map[string]string{"README.md": indexPage(), "v1.md": protocolPage(t, V1), "v2.md": protocolPage(t, V2), "general.md": generalPage(t)}
	for name, text := range pages {
		file := filepath.Join(protocolFolder, name)
		if *update {
			if err := os.MkdirAll(protocolFolder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(file); err != nil || string(have) != text {
			t.Errorf("%s is stale (%v): run go test ./wire/saas -run TestProtocolIsDocumented -update", file, err)
		}
	}
}

// Every activity of both generations has an example whose request a server accepts and whose answer passes the measure
// of the debug page.
func TestProtocolExamplesHold(t *testing.T) {
	for _, g := range []Generation{V1, V2} {
		shown := map[Activity]bool{}
		list := examples(t, g)
		if g == V2 {
			list = append(list, generalExamples()...)
		}
		for _, x := range list {
			shown[x.activity] = true
			call := x.call(t, g)
			p := x.params(g)
			if err := CheckParams(g, p); err != nil {
				t.Errorf("%s %s: %v", g, x.en, err)
			}
			for name := range p {
				if _, ok := meanings[name]; !ok && name != ParamActivity {
					t.Errorf("%s %s: parameter %s is not explained", g, x.en, name)
				}
			}
			_, query, _ := strings.Cut(call.URL, "?")
			received, err := ParseQuery(query)
			if err == nil && g == V1 {
				err = VerifyV1(k1, received)
			} else if err == nil {
				err = VerifyV2(k2, received, call.Body, instant)
			}
			if err != nil {
				t.Errorf("%s %s: %v", g, x.en, err)
			}
			for _, a := range x.answers {
				v := CheckAnswer(Expectation{Generation: g, Activity: x.activity, Status: p["instanceStatus"] + p["status"], Key: keyOf(g), Debug: true}, replyOf(g, a))
				if v.Problem != nil || len(v.Warnings) > 0 {
					t.Errorf("%s %s: %v %v", g, x.en, v.Problem, v.Warnings)
				}
			}
		}
		for _, a := range Activities(g) {
			if !shown[a] {
				t.Errorf("%s has no example of %s", g, a)
			}
		}
	}
}

func keyOf(g Generation) string {
	if g == V1 {
		return k1
	}
	return k2
}

func indexPage() string {
	var b strings.Builder
	b.WriteString("# Production interface · 生产接口\n\n")
	b.WriteString("What a marketplace sends to a seller's server, and what it answers, byte by byte: requests, strings to sign, signatures and answers of\n" +
		"every call. Printed by the codecs of [`wire/saas`](../../wire/saas) with fixed key, time, nonce and IV, so you can compare your own code with\n" +
		"each line. `jishi probe` makes these calls to your server: see the [seller's guide](../guide/en/seller.md#check-your-server-in-ci).\n\n")
	b.WriteString("集市发给商家服务器的每一种调用及其应答，逐字节列出：请求、待签名串、签名、应答。由 [`wire/saas`](../../wire/saas) 用固定的密钥、时间、\n" +
		"nonce 和 IV 打印，可以逐行对照您自己的代码。`jishi probe` 会向您的服务器发出这些调用，见[商家指南](../guide/zh/seller.md#在-ci-中检查您的服务器)。\n\n")
	b.WriteString("| Activity | [V1](v1.md) | [V2](v2.md) |\n|---|---|---|\n")
	listed := map[Activity]bool{}
	for _, a := range append(Activities(V1), Activities(V2)...) {
		if listed[a] {
			continue
		}
		listed[a] = true
		fmt.Fprintf(&b, "| `%s` %s |", a, activityTitles[a].zh)
		for _, g := range []Generation{V1, V2} {
			if Fields(g, a) == nil {
				b.WriteString(" – |")
			} else {
				fmt.Fprintf(&b, " [%s](%s.md#%s) |", activityTitles[a].en, g, activityAnchor(g, a))
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "| `%s` %s | – | [%s](general.md) |\n", OrderNotify, activityTitles[OrderNotify].zh, activityTitles[OrderNotify].en)
	b.WriteString("\n## Result codes · 返回码\n\n| Code | Meaning | 含义 |\n|---|---|---|\n")
	for _, r := range ResultCodes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Code, r.EN, r.ZH)
	}
	b.WriteString("\nPrinted by `go test ./wire/saas -run TestProtocolIsDocumented -update`.\n")
	return b.String()
}

func activityAnchor(g Generation, a Activity) string {
	return strings.ToLower(string(a)) + "--" + chinese(g, a)
}

func protocolPage(t *testing.T, g Generation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Production interface %s · 生产接口 %[1]s\n\n", strings.ToUpper(string(g)))
	fmt.Fprintf(&b, "Printed from [`wire/saas`](../../wire/saas); the [index](README.md) says how. 由代码打印，见[目录](README.md)。\n\n")
	if g == V1 {
		b.WriteString(introV1())
	} else {
		b.WriteString(introV2())
	}
	list := examples(t, g)
	for _, a := range Activities(g) {
		title := activityTitles[a]
		fmt.Fprintf(&b, "\n## %s · %s\n\n%s. %s。\n\n", a, chinese(g, a), strings.ToUpper(title.en[:1])+title.en[1:], title.note)
		writeFields(&b, g, a)
		for _, x := range list {
			if x.activity == a {
				fmt.Fprintf(&b, "\n### %s · %s\n", x.en, x.zh)
				writeRequest(&b, g, x, x.call(t, g))
				for _, answer := range x.answers {
					writeAnswer(&b, g, answer)
				}
			}
		}
	}
	writeRefusal(&b, g)
	return b.String()
}

// generalPage shows the interfaces that belong to no kind of product.
func generalPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# General interfaces · 通用接口\n\n")
	b.WriteString("Printed from [`wire/saas`](../../wire/saas); the [index](README.md) says how. 由代码打印，见[目录](README.md)。\n\n")
	b.WriteString("For products of every kind. Signed as [V2](v2.md) calls, by the key that is bound to the address for the general interfaces: never the\n" +
		"one of the base interfaces. 适用于各类商品。签名方式与 [V2](v2.md) 相同，使用为地址绑定的通用接口密钥，不得与基础接口共用密钥。\n\n")
	b.WriteString(introV2())
	title := activityTitles[OrderNotify]
	fmt.Fprintf(&b, "\n## %s · %s\n\n%s. %s。\n\n", OrderNotify, title.zh, strings.ToUpper(title.en[:1])+title.en[1:], title.note)
	writeFields(&b, V2, OrderNotify)
	for _, x := range generalExamples() {
		fmt.Fprintf(&b, "\n### %s · %s\n", x.en, x.zh)
		writeRequest(&b, V2, x, x.call(t, V2))
		for _, answer := range x.answers {
			writeAnswer(&b, V2, answer)
		}
	}
	writeRefusal(&b, V2)
	return b.String()
}

func writeFields(b *strings.Builder, g Generation, a Activity) {
	b.WriteString("| Parameter | | Length · 长度 | Meaning · 含义 |\n|---|---|---|---|\n")
	for _, f := range Fields(g, a) {
		must, length := "O", "–"
		if f.Mandatory {
			must = "**M**"
		}
		if f.Max > 0 {
			length = strconv.Itoa(f.Max)
		}
		m := meanings[f.Name]
		text := m.en + " · " + m.zh
		if f.Values != nil && f.Name != ParamTestFlag {
			text += " (`" + strings.Join(f.Values, "` `") + "`)"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, must, length, text)
	}
}

func block(b *strings.Builder, lines ...string) {
	b.WriteString("\n```text\n" + strings.Join(lines, "\n") + "\n```\n")
}

func writeRequest(b *strings.Builder, g Generation, x example, call Call) {
	b.WriteString("\n**Request · 请求**\n")
	head := []string{call.Method + " " + call.URL, "Accept: " + call.Header.Get("Accept")}
	if g == V1 {
		block(b, head...)
		_, query, _ := strings.Cut(call.URL, "?")
		p, _ := ParseQuery(query) // TestProtocolExamplesHold has read it too
		b.WriteString("\n**String to sign · 待签名串**, HMAC key `" + k1 + p[ParamTimeStamp] + "`\n")
		block(b, p.Join())
		b.WriteString("\n`authToken` = `" + p[ParamAuthToken] + "`\n")
		if text := p["saasExtendParams"]; text != "" {
			list, _ := DecodeExtendParams(text)
			json, _ := compactJSON(list)
			b.WriteString("\n`saasExtendParams` = Base64 of · 的原文：\n")
			block(b, string(json))
		}
		return
	}
	block(b, append(head, "Content-Type: "+call.Header.Get("Content-Type"), "", string(call.Body))...)
	b.WriteString("\n**String to sign · 待签名串** = key + nonce + timestamp + `" + InnerHMAC(k2, call.Body) + "` (hex HMAC-SHA256 of the body · 报文的 HMAC)\n")
	block(b, CanonicalRequest(k2, n1, t1, call.Body))
	b.WriteString("\n`signature` = `" + SignV2(k2, n1, t1, call.Body) + "`\n")
}

func writeAnswer(b *strings.Builder, g Generation, a Answer) {
	r := replyOf(g, a)
	lines := []string{"HTTP/1.1 200 OK", "Content-Type: " + r.Header.Get("Content-Type")}
	if g == V1 {
		lines = append(lines, HeaderBodySign+": "+r.Header.Get(HeaderBodySign))
	}
	fmt.Fprintf(b, "\n**Answer · 应答**, %d bytes · 字节\n", len(r.Body))
	block(b, append(lines, "", string(r.Body))...)
	if a.AppInfo != nil && a.EncryptType != "" {
		b.WriteString("\n`userName` `admin`, `password` `P@ssw0rd!2024`, AES-256, IV `" + iv + "`.\n")
	}
}

func writeRefusal(b *strings.Builder, g Generation) {
	b.WriteString("\n## A call that is refused · 拒绝调用\n\nThe signature is missing or wrong" + map[Generation]string{V2: ", or the timestamp is older than 60 s"}[g] +
		". 签名缺失或不符" + map[Generation]string{V2: "，或时间戳早于 60 秒"}[g] + "。\n")
	m, _ := Meaning(CodeUnauthorized)
	writeAnswer(b, g, Answer{ResultCode: m.Code, ResultMsg: m.EN})
}
