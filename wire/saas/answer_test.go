package saas

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestParseBodySign(t *testing.T) {
	for _, h := range []string{
		`sign_type="HMAC-SHA256", signature="abc="`,
		`sign_type="HMAC-SHA256",signature= "abc="`,
		` sign_type = "HMAC-SHA256" ,	signature = "abc=" `,
		`signature="abc=", sign_type="HMAC-SHA256"`,
		`Sign_Type="HMAC-SHA256", Signature="abc=", version="1"`,
	} {
		if got, err := ParseBodySign(h); err != nil || got != "abc=" {
			t.Errorf("%s: %q %v", h, got, err)
		}
	}
	for _, h := range []string{
		"", `signature="abc="`, `sign_type="HMAC-SHA256"`, `sign_type=HMAC-SHA256, signature=abc=`, `sign_type="HMAC-SHA1", signature="abc="`,
		`sign_type="HMAC-SHA256", signature=""`, `sign_type="HMAC-SHA256" signature="abc="`, `sign_type="HMAC-SHA256", signature="abc=`,
		`sign_type="HMAC-SHA256", signature="abc=", signature="x"`, `="x"`, `"a"="b"`, `sign_type`,
	} {
		if got, err := ParseBodySign(h); err != ErrBodySignMalformed {
			t.Errorf("%s: %q %v", h, got, err)
		}
	}
	body := []byte(vector13_4Body)
	if err := VerifyBodySign(k1, body, []string{"nonsense", SignBody(k2, body), SignBody(k1, body)}); err != nil {
		t.Errorf("one good header of three: %v", err)
	}
	if err := VerifyBodySign("", body, []string{SignBody("", body)}); err != ErrSignature {
		t.Errorf("empty key: %v", err)
	}
}

func TestFieldEncryptionNegative(t *testing.T) {
	good, _ := EncryptField(k1, AES256, iv, "admin")
	for name, text := range map[string]string{
		"empty": "", "IV only": iv, "no Base64": iv + "***", "half a block": iv + "YWJj", "cut": good[:len(good)-4],
	} {
		if _, err := DecryptField(k1, AES256, text); err != ErrDecrypt {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := DecryptField(k1, AES128, good); err != ErrDecrypt {
		t.Errorf("wrong size: %v", err)
	}
	if _, err := DecryptField(k1, "9", good); err == nil || err == ErrDecrypt {
		t.Errorf("unknown type: %v", err)
	}
	if _, err := EncryptField(k1, "9", iv, "x"); err == nil {
		t.Error("unknown type must be refused")
	}
	for _, bad := range []string{"", iv + "x", "Qw3rTy7UiOpA5dF!"} {
		if _, err := EncryptField(k1, AES256, bad, "x"); err == nil {
			t.Errorf("IV %q must be refused", bad)
		}
	}
	fits, _ := EncryptField(k1, AES256, iv, strings.Repeat("x", 79))
	over, _ := EncryptField(k1, AES256, iv, strings.Repeat("x", 80))
	if len(fits) != 124 || len(over) != 144 {
		t.Errorf("lengths %d and %d", len(fits), len(over))
	}
}

func TestDecodeAnswerIsLenient(t *testing.T) {
	want := Answer{ResultCode: "000000", ResultMsg: "1", InstanceID: "42", Info: []InstanceInfo{{
		InstanceID: "7", AppInfo: &AppInfo{FrontEndURL: "https://a", Memo: "true"},
		UsageInfo: []UsageInfo{{UsageValue: "12.5", StatisticalTime: "20260102030405678"}},
	}}}
	for _, body := range []string{
		`{"resultCode":"000000","resultMsg":1,"instanceId":42,"info":[{"instanceId":7,"appInfo":{"frontEndUrl":"https://a","memo":true},"usageInfo":[{"usageValue":12.5,"statisticalTime":20260102030405678}]}]}`,
		`{" resultCode":"000000","resultMsg ":"1","instanceId":"42","info":{"instanceId":"7","appInfo":[{"frontEndUrl":"https://a","memo":"true"}],"usageInfo":{"usageValue":"12.5","statisticalTime":"20260102030405678"}}}`,
		"\xef\xbb\xbf" + `{"resultCode":"999","resultCode":"000000","resultMsg":"1","instanceId":"42","appInfo":null,"info":"[{\"instanceId\":7,\"appInfo\":{\"frontEndUrl\":\"https://a\",\"memo\":\"true\"},\"usageInfo\":[{\"usageValue\":12.5,\"statisticalTime\":\"20260102030405678\"}]}]","more":{}}`,
	} {
		got, err := DecodeAnswer([]byte(body))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{"", "null", "[]", `"x"`, "<html>", `{"a":1} x`, `{`} {
		if _, err := DecodeAnswer([]byte(body)); err == nil {
			t.Errorf("%q must be refused", body)
		}
	}
	if got := string(Answer{ResultCode: "000000", ResultMsg: "云😀<&>"}.Encode()); got != `{"resultCode":"000000","resultMsg":"\u4e91\ud83d\ude00<&>"}` {
		t.Errorf("encoded %s", got)
	}
}

// reply is a well-signed JSON reply of a V1 server.
func reply(body string) Reply {
	return Reply{Status: 200, Body: []byte(body), Header: http.Header{
		"Content-Type": {"application/json;charset=UTF-8"}, HeaderBodySign: {SignBody(k1, []byte(body))},
	}}
}

func TestCheckAnswerRows(t *testing.T) {
	const access = `"appInfo":{"frontEndUrl":"https://a","userName":"Qw3rTy7UiOpA5dFgdKpRvaPI3dhm2IcyPoCVxw=="}`
	const ok = `{"resultCode":"000000","instanceId":"i",` + access + `}`
	with := func(r Reply, change func(*Reply)) Reply {
		change(&r)
		return r
	}
	for _, c := range []struct {
		name       string
		x          Expectation
		r          Reply
		production Outcome
		row        int // in a debug run; 0 = passes
		code       string
	}{
		{"good", Expectation{}, reply(ok), Succeeded, 0, ""},
		{"500 with a good body", Expectation{}, with(reply(ok), func(r *Reply) { r.Status = 500 }), Failed, 3, ProblemStatus},
		{"redirect", Expectation{}, with(reply(ok), func(r *Reply) { r.Status = 302 }), Failed, 3, ProblemStatus},
		{"201", Expectation{}, with(reply(ok), func(r *Reply) { r.Status = 201 }), Succeeded, 3, ProblemStatus},
		{"text/html", Expectation{}, with(reply(ok), func(r *Reply) { r.Header.Set("Content-Type", "text/html") }), Succeeded, 4, ProblemContentType},
		{"no content type", Expectation{}, with(reply(ok), func(r *Reply) { r.Header.Del("Content-Type") }), Succeeded, 4, ProblemContentType},
		{"html body", Expectation{}, reply("<html>"), Failed, 5, ProblemJSON},
		{"empty object", Expectation{}, reply("{}"), Failed, 5, ProblemJSON},
		{"no Body-Sign", Expectation{}, with(reply(ok), func(r *Reply) { r.Header.Del(HeaderBodySign) }), Failed, 6, ProblemBodySignFormat},
		{"unsigned allowed", Expectation{AcceptUnsigned: true}, with(reply(ok), func(r *Reply) { r.Header.Del(HeaderBodySign) }), Succeeded, 0, ""},
		{"wrong Body-Sign", Expectation{}, with(reply(ok), func(r *Reply) { r.Body = append(r.Body, '\n') }), Failed, 7, ProblemBodySign},
		{"code 000106", Expectation{}, reply(`{"resultCode":"000106","resultMsg":"no"}`), Failed, 8, ProblemResultCode},
		{"V1 000004", Expectation{}, reply(`{"resultCode":"000004","instanceId":"i"}`), Failed, 8, ProblemResultCode},
		{"V2 000004", Expectation{Generation: V2}, reply(`{"resultCode":"000004","instanceId":"i"}`), Accepted, 0, ""},
		{"V2 000004 without id", Expectation{Generation: V2}, reply(`{"resultCode":"000004"}`), Failed, 9, ProblemField},
		{"release of unknown", Expectation{Activity: ReleaseInstance}, reply(`{"resultCode":"000003"}`), Gone, 8, ProblemResultCode},
		{"freeze of unknown", Expectation{Activity: InstanceStatus, Status: StatusFreeze}, reply(`{"resultCode":"000003"}`), Gone, 8, ProblemResultCode},
		{"thaw of unknown", Expectation{Activity: InstanceStatus, Status: StatusNormal}, reply(`{"resultCode":"000003"}`), Failed, 8, ProblemResultCode},
		{"no instanceId", Expectation{}, reply(`{"resultCode":"000000",` + access + `}`), Failed, 9, ProblemField},
		{"no appInfo", Expectation{}, reply(`{"resultCode":"000000","instanceId":"i"}`), Succeeded, 9, ProblemField},
		{"V2 no appInfo", Expectation{Generation: V2}, reply(`{"resultCode":"000000","instanceId":"i"}`), Succeeded, 0, ""},
		{"query names nothing", Expectation{Activity: QueryInstance}, reply(`{"resultCode":"000000","info":[]}`), Failed, 9, ProblemField},
		{"query at top level", Expectation{Activity: QueryInstance}, reply(ok), Succeeded, 0, ""},
		{"query entry without id", Expectation{Activity: QueryInstance}, reply(`{"resultCode":"000000","info":[{}]}`), Failed, 9, ProblemField},
		{"usage without value", Expectation{Activity: QueryInstance}, reply(`{"resultCode":"000000","info":[{"instanceId":"i","usageInfo":[{"statisticalTime":"1"}]}]}`), Succeeded, 9, ProblemField},
		{"usage without time", Expectation{Activity: QueryInstance}, reply(`{"resultCode":"000000","info":[{"instanceId":"i","usageInfo":[{"usageValue":1}]}]}`), Succeeded, 9, ProblemField},
		{"long id", Expectation{}, reply(`{"resultCode":"000000","instanceId":"` + strings.Repeat("i", 65) + `",` + access + `}`), Failed, 10, ProblemLength},
		{"long memo", Expectation{}, reply(`{"resultCode":"000000","instanceId":"i","appInfo":{"frontEndUrl":"a","memo":"` + strings.Repeat("云", 1025) + `"}}`), Succeeded, 10, ProblemLength},
		{"plain user name", Expectation{}, reply(`{"resultCode":"000000","instanceId":"i","appInfo":{"frontEndUrl":"a","userName":"admin"}}`), Succeeded, 11, ProblemDecrypt},
		{"V2 plain user name", Expectation{Generation: V2, Activity: QueryInstance}, reply(`{"resultCode":"000000","info":[{"instanceId":"i","appInfo":{"frontEndUrl":"a","userName":"admin"}}]}`), Succeeded, 0, ""},
		{"V2 encrypted, wrong key", Expectation{Generation: V2, Activity: QueryInstance, Key: k2}, reply(`{"resultCode":"000000","encryptType":"1","info":[{"instanceId":"i",` + access + `}]}`), Succeeded, 11, ProblemDecrypt},
	} {
		x := c.x
		if x.Generation == "" {
			x.Generation = V1
		}
		if x.Activity == "" {
			x.Activity = NewInstance
		}
		if x.Key == "" {
			x.Key = k1
		}
		v := CheckAnswer(x, c.r)
		if v.Outcome != c.production || (v.Problem == nil) != (c.production == Succeeded || c.production == Accepted) {
			t.Errorf("%s: production %s, %v", c.name, v.Outcome, v.Problem)
		}
		x.Debug = true
		v = CheckAnswer(x, c.r)
		switch {
		case c.row == 0 && v.Problem != nil:
			t.Errorf("%s: debug %v", c.name, v.Problem)
		case c.row != 0 && (v.Problem == nil || v.Problem.Row != c.row || v.Problem.Code != c.code):
			t.Errorf("%s: debug %+v, want row %d", c.name, v.Problem, c.row)
		case v.Problem != nil && strings.ContainsAny(v.Problem.Error(), "{}") && c.row != 5:
			t.Errorf("%s: text %q has an unfilled placeholder", c.name, v.Problem.Error())
		}
	}
}

func TestCheckAnswerOpensAccessData(t *testing.T) {
	v := CheckAnswer(Expectation{Generation: V1, Activity: NewInstance, Key: k1}, reply(`{"resultCode":"000000","encryptType":"1","instanceId":"i","appInfo":{"frontEndUrl":"https://a","userName":"Qw3rTy7UiOpA5dFgdKpRvaPI3dhm2IcyPoCVxw==","password":"broken"}}`))
	if v.Instance == nil || v.Instance.Access.UserName != "admin" || v.Instance.Access.Password != "" || len(v.Warnings) != 1 {
		t.Errorf("%+v %+v", v.Instance, v.Warnings)
	}
	v = CheckAnswer(Expectation{Generation: V2, Activity: QueryInstance, Key: k2}, reply(`{"resultCode":"000000","info":[{"instanceId":"a","appInfo":{"frontEndUrl":"https://a","userName":"u","password":"p"}},{"instanceId":"b"}]}`))
	if len(v.Instances) != 2 || v.Instances[0].Access.Password != "p" || v.Instances[1].Access != nil {
		t.Errorf("%+v", v.Instances)
	}
	if len(v.Warnings) != 1 || v.Warnings[0].Code != ProblemBodySign {
		t.Errorf("a V2 answer signed with another key only warns: %v", v.Warnings)
	}
	r := reply(`{"resultCode":"000000","instanceId":"i"}`)
	r.Header.Set(HeaderBodySign, SignBody(k2, r.Body))
	if v := CheckAnswer(Expectation{Generation: V1, Activity: NewInstance, Key: k1}, r); v.Answer.InstanceID != "" {
		t.Error("nothing of an unverified answer may be handed on")
	}
}

func TestResultCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range ResultCodes() {
		if len(r.Code) != 6 || r.ZH == "" || r.EN == "" || r.Key != "saas.result_"+r.Code || seen[r.Code] {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
		if m, ok := Meaning(r.Code); !ok || m != r {
			t.Errorf("meaning of %s: %+v", r.Code, m)
		}
	}
	if len(seen) != 14 {
		t.Errorf("%d codes", len(seen))
	}
	if _, ok := Meaning("999999"); ok {
		t.Error("999999 is not documented")
	}
}

// An order notice takes HTTP 200 alone (open-api.md §11), where other calls in production only warn.
func TestOrderNoticeTakesStatus200(t *testing.T) {
	body := []byte(`{"resultCode":"000000"}`)
	for status, want := range map[int]Outcome{200: Succeeded, 201: Failed, 202: Failed, 500: Failed} {
		v := CheckAnswer(Expectation{Generation: V2, Activity: OrderNotify, Key: k2}, Reply{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body})
		if v.Outcome != want {
			t.Errorf("%d: %s, want %s", status, v.Outcome, want)
		}
	}
	v := CheckAnswer(Expectation{Generation: V2, Activity: OrderNotify, Key: k2}, Reply{Status: 200, Header: http.Header{}, Body: []byte(`{"resultCode":"000004"}`)})
	if v.Outcome != Failed {
		t.Error("000004 is no success of a notice")
	}
}
