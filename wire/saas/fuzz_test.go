package saas

import (
	"bytes"
	"net/http"
	"testing"
)

func FuzzParseBodySign(f *testing.F) {
	f.Add(`sign_type="HMAC-SHA256", signature="abc="`)
	f.Add(`signature= "x" , sign_type ="HMAC-SHA256",`)
	f.Add(`a="`)
	f.Fuzz(func(t *testing.T, header string) {
		if signature, err := ParseBodySign(header); (err == nil) != (signature != "") {
			t.Errorf("%q: %q %v", header, signature, err)
		}
	})
}

func FuzzParseBody(f *testing.F) {
	f.Add([]byte(`{"activity":"newInstance","orderId":"o","flag":1,"list":[1, 2],"n":null}`))
	f.Add([]byte(`{"activity":"changeInstanceCheck","instanceId":"i","productInfo":{"productId":"p"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := ParseBody(body)
		if err != nil {
			return
		}
		canonical := CanonicalBody(p)
		again, err := ParseBody(canonical)
		if err != nil {
			t.Fatalf("%s is not read back: %v", canonical, err)
		}
		if b := CanonicalBody(again); !bytes.Equal(b, canonical) {
			t.Errorf("canonical %s, again %s", canonical, b)
		}
		_ = CheckParams(V2, p)
		_, _ = ParseRequest(V2, p)
	})
}

func FuzzParseQuery(f *testing.F) {
	f.Add("activity=newInstance&orderId=CS1&saasExtendParams=a%2Bb&amount=1")
	f.Add("a=%zz;b")
	f.Fuzz(func(t *testing.T, query string) {
		p, err := ParseQuery(query)
		if err != nil {
			return
		}
		again, err := ParseQuery(p.Query())
		if err != nil || again.Join() != p.Join() {
			t.Errorf("%q: %v, again %v, %v", query, p, again, err)
		}
		_ = VerifyV1(k1, p)
		_, _ = ParseRequest(V1, p)
		_, _ = DecodeExtendParams(p["saasExtendParams"])
	})
}

func FuzzCheckAnswer(f *testing.F) {
	f.Add([]byte(vector13_4Body), "application/json", true)
	f.Add([]byte(`{"resultCode":"000000","info":"[{\"instanceId\":1}]","appInfo":[{}]}`), "text/html", false)
	f.Fuzz(func(t *testing.T, body []byte, contentType string, signed bool) {
		r := Reply{Status: 200, Body: body, Header: http.Header{"Content-Type": {contentType}}}
		if signed {
			r.Header.Set(HeaderBodySign, SignBody(k1, body))
		}
		for _, g := range []Generation{V1, V2} {
			for _, a := range Activities(g) {
				for _, debug := range []bool{false, true} {
					v := CheckAnswer(Expectation{Generation: g, Activity: a, Key: k1, Debug: debug}, r)
					passed := v.Outcome == Succeeded || v.Outcome == Accepted
					if passed != (v.Problem == nil) || passed && g == V1 && !signed {
						t.Errorf("%s %s: %+v", g, a, v)
					}
				}
			}
		}
	})
}

func FuzzDecryptField(f *testing.F) {
	f.Add("Qw3rTy7UiOpA5dFgdKpRvaPI3dhm2IcyPoCVxw==", "1")
	f.Add("Qw3rTy7UiOpA5dFg+qrfEnA9kFZ7F9Y4uTH3uw==", "2")
	f.Fuzz(func(t *testing.T, text, kind string) {
		plain, err := DecryptField(k1, EncryptType(kind), text)
		if err != nil {
			return
		}
		if validIV(text[:IVSize]) {
			again, err := EncryptField(k1, EncryptType(kind), text[:IVSize], plain)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := DecryptField(k1, EncryptType(kind), again); err != nil || back != plain {
				t.Errorf("%q: %q %v", plain, back, err)
			}
		}
	})
}
