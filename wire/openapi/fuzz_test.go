package openapi

import (
	"net/http"
	"testing"
)

func FuzzParseAuthorization(f *testing.F) {
	f.Add("SDK-HMAC-SHA256 Access=A, SignedHeaders=host;x-sdk-date, Signature=00")
	f.Add("SDK-HMAC-SHA256 Credential=A/b/c,SignedHeaders=,Signature==")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAuthorization(text)
		if err != nil {
			return
		}
		if back, err := ParseAuthorization(a.String()); err != nil || back.Access != a.Access || back.Signature != a.Signature || len(back.SignedHeaders) != len(a.SignedHeaders) {
			t.Fatalf("%q became %+v, then %+v, %v", text, a, back, err)
		}
	})
}

// What Authorize signs, Verify takes, whatever path, query and body are; and nothing else does.
func FuzzSignature(f *testing.F) {
	f.Add("GET", "/a%2Fb/ü", "q=1&q=%zz&=&a+b=%20", "text/plain", []byte("body"))
	f.Add("POST", "", "", "application/json", []byte(nil))
	f.Fuzz(func(t *testing.T, method, path, query, extra string, body []byte) {
		r := Request{Method: method, Host: "h", Path: path, RawQuery: query, Header: http.Header{"X-Stage": {extra}}, Body: body}
		a, err := ParseAuthorization(r.Authorize(ak, sk, instant))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Verify(a, sk, instant); err != nil {
			t.Fatal(err)
		}
		r.Body = append(r.Body, '!')
		if err := r.Verify(a, sk, instant); err != ErrSignature {
			t.Fatal("a changed body:", err)
		}
	})
}

func FuzzCanonicalQuery(f *testing.F) {
	f.Add("b=2&a=1&a=%E4%BA%91&c")
	f.Fuzz(func(t *testing.T, raw string) {
		once := CanonicalQuery(raw)
		if again := CanonicalQuery(once); again != once {
			t.Fatalf("%q: %q, then %q", raw, once, again)
		}
	})
}
