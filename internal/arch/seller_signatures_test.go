package arch

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/i18n"
	"jishi/internal/market/fulfillment"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// step is a line of a list that shows a value as it goes along.
func step(n int, text, value string) string {
	return fmt.Sprintf("%d. %s\n\n   ```text\n   %s\n   ```\n\n", n, text, strings.ReplaceAll(value, "\n", "\n   "))
}

// The call of the V1 example: a blank, an encrypted number and Base64 with + and = in it.
func exampleV1Call(t *testing.T) (saas.Params, saas.Call) {
	t.Helper()
	p := saas.Params{"activity": "newInstance", "businessId": "03pf80c2bae96vc49b80b917bea776d7", "customerId": "68cbc86abc2018ab880d92f36422fa0e",
		"customerName": "Example Co", "orderId": "CS2601020304ABCA", "productId": "OFFI0000000000000001", "testFlag": "1", "mobilePhone": "13800138000"}
	p, err := p.Prepare(saas.V1, exampleV1Key, saas.AES256, func() string { return exampleIV })
	if err != nil {
		t.Fatal(err)
	}
	call, err := saas.BuildV1(exampleAddress, exampleV1Key, exampleTime, p)
	if err != nil {
		t.Fatal(err)
	}
	p["timeStamp"] = saas.FormatTimeStamp(exampleTime)
	return p, call
}

func authTokenSteps(t *testing.T, l i18n.Lang) string {
	p, call := exampleV1Call(t)
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name+"="+p[name])
	}
	token := saas.AuthToken(exampleV1Key, p)
	_, query, _ := strings.Cut(call.URL, "?")
	if !strings.Contains(query, "authToken="+openapi.Escape(token)) {
		t.Fatal("the steps do not lead to the token that is sent")
	}
	return step(1, in(l, "收到的查询串：", "The query string as it arrives:"), query) +
		step(2, in(l, "每个值做一次 URL 解码，去掉 `authToken`，按名称升序排列，用 `=` 和 `&` 连接：",
			"Decode each value once, leave out `authToken`, sort by name, join with `=` and `&`:"), strings.Join(pairs, "&")) +
		step(3, in(l, "HMAC 的密钥是 Key 后面紧接 `timeStamp`：", "The key of the HMAC is the Key followed at once by `timeStamp`:"), exampleV1Key+p["timeStamp"]) +
		step(4, in(l, "HMAC-SHA256，标准 Base64，与收到的 `authToken` 比较：", "HMAC-SHA256, standard Base64, compared with the `authToken` received:"), token)
}

func bodySignSteps(_ *testing.T, l i18n.Lang) string {
	body := `{"resultCode":"000000","resultMsg":"success."}`
	return step(1, in(l, "应答报文，一个字节也不能再变：", "The answer, of which no byte may change any more:"), body) +
		step(2, in(l, "HMAC-SHA256，密钥只用 Key（不带 `timeStamp`），标准 Base64：", "HMAC-SHA256 with the Key alone (without `timeStamp`), standard Base64:"), saas.BodySignature(exampleV1Key, []byte(body))) +
		step(3, in(l, "作为响应头发送，两个值都带双引号：", "Send it as a header, both values in quotes:"), saas.HeaderBodySign+": "+saas.SignBody(exampleV1Key, []byte(body)))
}

func v2SignSteps(t *testing.T, l i18n.Lang) string {
	call, err := saas.BuildV2(exampleAddress, exampleV2Key, exampleTime, exampleNonce,
		saas.NewInstanceV2{OrderID: "CS2601020304ABCA", OrderLineID: "CS2601020304ABCA-000001", BusinessID: "03pf80c2bae96vc49b80b917bea776d7"})
	if err != nil {
		t.Fatal(err)
	}
	timestamp := fmt.Sprint(exampleTime.UnixMilli())
	signature := saas.SignV2(exampleV2Key, exampleNonce, timestamp, call.Body)
	if !strings.Contains(call.URL, signature) {
		t.Fatal("the steps do not lead to the signature that is sent")
	}
	return step(1, in(l, "报文，按收到的字节：", "The body, as the bytes that arrived:"), string(call.Body)) +
		step(2, in(l, "报文的 HMAC-SHA256，密钥是访问密钥，小写十六进制：", "HMAC-SHA256 of the body with the access key, in lower-case hex:"), saas.InnerHMAC(exampleV2Key, call.Body)) +
		step(3, in(l, "依次连接访问密钥、`nonce`、`timestamp` 和上一步的结果，中间没有分隔符：", "Access key, `nonce`, `timestamp` and that result, one after the other without anything between:"),
			saas.CanonicalRequest(exampleV2Key, exampleNonce, timestamp, call.Body)) +
		step(4, in(l, "再做一次 HMAC-SHA256，密钥相同；与收到的 `signature` 比较，不分大小写：", "HMAC-SHA256 again with the same key; compare it with the `signature` received, ignoring case:"), signature)
}

func aesSteps(t *testing.T, l i18n.Lang) string {
	sealed, err := saas.EncryptField(exampleV1Key, saas.AES256, exampleIV, "admin")
	if err != nil {
		t.Fatal(err)
	}
	short, err := saas.EncryptField(exampleV1Key, saas.AES128, exampleIV, "admin")
	if err != nil {
		t.Fatal(err)
	}
	state := sha1.Sum([]byte(exampleV1Key))
	first := sha1.Sum(state[:])
	key := saas.DeriveKey(exampleV1Key, 32)
	if !strings.HasPrefix(hex.EncodeToString(key), hex.EncodeToString(first[:])) {
		t.Fatal("the steps do not lead to the key")
	}
	return step(1, in(l, "Key 的 SHA-1，是发生器的状态：", "SHA-1 of the Key is the state of the generator:"), hex.EncodeToString(state[:])) +
		step(2, in(l, "状态的 SHA-1，是密钥的前 20 个字节：", "SHA-1 of the state gives the first 20 bytes of the key:"), hex.EncodeToString(first[:])) +
		step(3, in(l, "更新状态（见下），再取一次输出，凑够 32 字节，即 AES-256 密钥；AES-128 只取前 16 字节：",
			"Renew the state (see below), take its output again, and cut to 32 bytes for AES-256; AES-128 takes the first 16 of them:"), hex.EncodeToString(key)) +
		step(4, in(l, "`admin` 以 AES-CBC、PKCS#7 填充加密，IV 是 16 个字母或数字；结果是 IV 接上密文的 Base64（`encryptType` 为 `1`）：",
			"`admin` in AES-CBC with PKCS#7 padding, the IV being 16 letters or digits; the result is the IV followed by Base64 of the cipher text (`encryptType` `1`):"), sealed) +
		step(5, in(l, "同一内容用 AES-128（`encryptType` 为 `2`）：", "The same with AES-128 (`encryptType` `2`):"), short)
}

const exampleAK, exampleSK = "EXAMPLEACCESSKEY0001", "example-secret-key-shown-only-once-000001"

func orderQuerySteps(_ *testing.T, l i18n.Lang) string {
	r := openapi.Request{Method: http.MethodGet, Host: "market.example.com", Path: openapi.PathOrderQuery,
		RawQuery: "orderId=CS2601020304ABCA&orderLineId=CS2601020304ABCA-000001", Header: http.Header{}}
	authorization := r.Authorize(exampleAK, exampleSK, exampleTime)
	date, signed := r.Header.Get(openapi.HeaderDate), r.Signable()
	canonical := r.Canonical(signed)
	curl := strings.Join([]string{
		"curl 'https://" + r.Host + r.Path + "?" + r.RawQuery + "' \\",
		"  -H 'Content-Type: application/json' \\",
		"  -H '" + openapi.HeaderDate + ": " + date + "' \\",
		"  -H 'Authorization: " + authorization + "'"}, "\n")
	return step(1, in(l, "规范请求：方法、路径（末尾加 `/`）、按名称排序的查询串、参与签名的请求头、空行、请求头名称、报文的 SHA-256：",
		"The canonical request: method, path with `/` at its end, query sorted by name, the signed headers, an empty line, their names, SHA-256 of the body:"), canonical) +
		step(2, in(l, "待签名串：算法、时间、规范请求的 SHA-256：", "The string to sign: algorithm, time, SHA-256 of the canonical request:"), openapi.StringToSign(date, canonical)) +
		step(3, in(l, "HMAC-SHA256，密钥是 SK 本身，小写十六进制：", "HMAC-SHA256 with the SK itself, lower-case hex:"), openapi.Sign(exampleSK, openapi.StringToSign(date, canonical))) +
		in(l, "整个请求：\n\n", "The whole request:\n\n") + fence("sh", strings.Split(curl, "\n")...)
}

func orderAnswer(t *testing.T, _ i18n.Lang) string {
	info, ok := openapi.MockOrder(saas.DebugOrderYear, exampleTime, time.FixedZone("UTC+8", 8*60*60))
	if !ok {
		t.Fatal("no debug order")
	}
	return fence("json", string(openapi.Encode(openapi.OrderAnswer{ResultCode: openapi.Success.Code, ResultMsg: openapi.Success.Meaning, OrderInfo: &info})))
}

// schedules prints when a call is tried again, as the program computes it.
func schedules(_ *testing.T, l i18n.Lang) string {
	rows := []struct {
		zh, en  string
		profile fulfillment.Profile
	}{
		{"创建、升级、订单通知", "creation, upgrade, order notice", fulfillment.Window3h},
		{"续费、冻结、解冻、释放", "renewal, freeze, thaw, release", fulfillment.Window1h},
	}
	var b strings.Builder
	b.WriteString(in(l, "| 调用 | 各次尝试的时间（分钟） | 窗口 |\n|---|---|---|\n", "| Call | Attempts, in minutes from the first | Window |\n|---|---|---|\n"))
	for _, r := range rows {
		end := exampleTime.Add(r.profile.Window())
		points := []string{"0"}
		for at, ok := r.profile.Next(exampleTime, end, exampleTime); ok; at, ok = r.profile.Next(exampleTime, end, at) {
			points = append(points, fmt.Sprint(int(at.Sub(exampleTime).Minutes())))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", in(l, r.zh, r.en), strings.Join(points, in(l, "、", ", ")), in(l, fmt.Sprintf("%d 小时", int(r.profile.Window().Hours())), fmt.Sprintf("%d h", int(r.profile.Window().Hours()))))
	}
	return b.String()
}
