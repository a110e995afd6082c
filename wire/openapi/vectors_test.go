package openapi

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Inputs of the published vectors, open-api.md §2.5.
const (
	ak   = "JSTESTAK0000000000001"
	sk   = "jsTestSecretKey0123456789abcdefABCDEF0001"
	date = "20260115T083000Z"
	b3   = `{"license":"PL0000000000000001"}`
	b4   = `{"usage_records":[{"instance_id":"a0000001-0000-4000-8000-000000000001","record_time":"20260115T081500Z","begin_time":"20260115T070000Z","end_time":"20260115T080000Z","usage_value":12.5}]}`
	q5   = "tag=b&region=&asset_version=V1.0~beta_%E4%BA%91&deployed_type=software_package&tag=a&asset_id=as+1%2F2%2B3"
)

var instant = time.Date(2026, 1, 15, 8, 30, 0, 0, time.UTC)

func head(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

const (
	api  = "/api/mkp-openapi-public"
	host = "mkt.example.test"
)

// The requests S1 to S7 with what the document says of them.
var vectors = []struct {
	name      string
	request   Request
	signed    string
	canonical string // its hash
	signature string
}{
	{"S1", Request{Method: "GET", Path: PathOrderQuery, RawQuery: "orderId=MOCKPERIODYEARNEW&orderLineId=MOCKPERIODYEARNEW-000001", Header: head(HeaderDate, date)},
		"x-sdk-date", "9d0c49111c7eef14ef2342e07a67fdd0ff41d9da05c7eb1c9cee2dd5ddee1371", "d14507ef0ef14871f305c518d7b6fe285ce31847284178813e3405b5a64906fe"},
	{"S2", Request{Method: "GET", Host: host, Path: PathOrderQuery, RawQuery: "orderId=MOCKPERIODYEARNEW", Header: head(HeaderDate, date, "Content-Type", "application/json")},
		"host;x-sdk-date", "e25cd832093376d239f2821a2d7e3ef8ff0075c51140895a4d0612cff59e35ee", "512dbec5aaf01850703ed9258465e5e3d4000687ef53aadadc74696786e8e386"},
	{"S3", Request{Method: "POST", Host: host, Path: api + "/global/v1/license/activate", Header: head(HeaderDate, date, "Content-Type", "application/json"), Body: []byte(b3)},
		"host;x-sdk-date", "c9465180101dcbac95cf7b22245adaa1e37448c76f485c522d1c88f23ef7d3f4", "4fb25edfd8a1920bb81ec903437351f66df9743af0fe87ca0ecfebfe1612dfba"},
	{"S4", Request{Method: "POST", Host: host, Path: "/rest/marketplace/v1/isv/usage-data", Header: head(HeaderDate, date, "Content-Type", "application/json;charset=utf8"), Body: []byte(b4)},
		"host;x-sdk-date", "99b39ddb905a738519a3fb4a50bb14fda0a51e266188a990e339fb602b740dfb", "a8e1d267fd5f09cae6273dc259ac5b950642bef22c29117e67c475cb439d51f7"},
	{"S5", Request{Method: "GET", Path: api + "/v1/asset/deployed-object", RawQuery: q5, Header: head(HeaderDate, date, "X-Domain-Id", "d000", "My_Header", "ignored")},
		"x-domain-id;x-sdk-date", "98cc124eecccd6eb8dea534e80bc79ea000b2a9c0eac25fa7637fc36e124421d", "c94c2eca83d1e9b20c8cc4434dfa68da28392cea608373ffc529248fd90c2fa8"},
	{"S6", Request{Method: "POST", Path: api + "/global/v1/market-event/ev-1/file", Header: head(HeaderDate, date, "Content-Type", "multipart/form-data; boundary=x", HeaderPayload, UnsignedPayload), Body: []byte("--x--\r\n")},
		"x-sdk-content-sha256;x-sdk-date", "abbc8db8a51ce362d1352d171fa7502237ccc195bb5d291a945b831a12dfc0d1", "abaaa7f378ba39de200f54ac1a7d8c2311c106832dfd6171b8d4018689b7fd3f"},
	{"S7", Request{Method: "POST", Path: "/v1.0/p%201/a:b/", Header: head(HeaderDate, date)},
		"x-sdk-date", "5f68425ca2d03dd03933f44eafb626104cc7a621df1b2893c354d41fe16de253", "a1afdb4e3859d5ad3cc95a37808925657b6c88cf5a872fd772e37f1274ab7169"},
}

func TestVectorsS1toS7(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			signed := v.request.Signable()
			equal(t, "SignedHeaders", strings.Join(signed, ";"), v.signed)
			canonical := v.request.Canonical(signed)
			equal(t, "canonical request", HashPayload([]byte(canonical)), v.canonical)
			equal(t, "signature", v.request.Signature(sk, signed), v.signature)
			value := v.request.Authorize(ak, sk, instant)
			equal(t, "Authorization", value, "SDK-HMAC-SHA256 Access="+ak+", SignedHeaders="+v.signed+", Signature="+v.signature)
			a, err := ParseAuthorization(value)
			if err != nil || a.Access != ak {
				t.Fatal(a, err)
			}
			received := v.request
			received.Host = host + ":443"
			if err := received.Verify(a, sk, instant.Add(Window)); err != nil {
				t.Error("verify:", err)
			}
			a.Signature = strings.ToUpper(a.Signature)
			if err := received.Verify(a, sk, instant.Add(-Window)); err != nil {
				t.Error("verify upper case:", err)
			}
			if err := received.Verify(a, sk+" ", instant); err != ErrSignature {
				t.Error("a key with a trailing blank:", err)
			}
			if err := received.Verify(a, sk, instant.Add(16*time.Minute)); err != ErrStale {
				t.Error("16 minutes old:", err)
			}
			if err := received.Verify(a, sk, instant.Add(-16*time.Minute)); err != ErrStale {
				t.Error("16 minutes ahead:", err)
			}
		})
	}
}

func TestVectorS2Canonical(t *testing.T) {
	r := vectors[1].request
	equal(t, "canonical request", r.Canonical(r.Signable()), strings.Join([]string{
		"GET", "/api/mkp-openapi-public/global/v1/order/query/", "orderId=MOCKPERIODYEARNEW",
		"host:mkt.example.test", "x-sdk-date:20260115T083000Z", "", "host;x-sdk-date",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "\n"))
}

func TestVectorParts(t *testing.T) {
	equal(t, "B3", HashPayload([]byte(b3)), "48711654c367145198b4514b6609fc1635501b54f2d542b3bdfe2b0d9e9fb322")
	equal(t, "B4", HashPayload([]byte(b4)), "610b49400f3252af0c7fb1c7d8ec92163ca3c5a00404c0e57956fc4b2fd64439")
	equal(t, "Q5", CanonicalQuery(q5), "asset_id=as%201%2F2%2B3&asset_version=V1.0~beta_%E4%BA%91&deployed_type=software_package&region=&tag=a&tag=b")
	equal(t, "S7 URI", CanonicalURI("/v1.0/p 1/a:b/"), "/v1.0/p%201/a%3Ab/")
}

// The published call of another client, which signs content-type as well.
func TestVectorS8(t *testing.T) {
	r := Request{Method: "POST", Host: "mkt.myhuaweicloud.com", Path: api + "/global/v1/license/activate",
		Header: head("x-stage", "RELEASE", HeaderDate, "20240317T144237Z", "Content-Type", "application/json")}
	a, err := ParseAuthorization("SDK-HMAC-SHA256 Access=test, SignedHeaders=content-type;host;x-sdk-date;x-stage, Signature=77595ad624b6e4e49990b8c4e84bf1c287457fca61069c4e60b9b6765b52053d")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "signature", r.Signature("123", a.SignedHeaders), a.Signature)
	if err := r.Verify(a, "123", time.Date(2024, 3, 17, 14, 42, 37, 0, time.UTC)); err != nil {
		t.Error(err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	base := vectors[2].request // S3
	a := Authorization{Access: ak, SignedHeaders: base.Signable(), Signature: vectors[2].signature}
	for _, c := range []struct {
		name   string
		change func(r *Request, a *Authorization)
		want   error
	}{
		{"one changed body byte", func(r *Request, _ *Authorization) { r.Body = []byte(strings.Replace(b3, "1", "2", 1)) }, ErrSignature},
		{"another method", func(r *Request, _ *Authorization) { r.Method = "PUT" }, ErrSignature},
		{"another host", func(r *Request, _ *Authorization) { r.Host = "other.example.test" }, ErrSignature},
		{"another path", func(r *Request, _ *Authorization) { r.Path += "x" }, ErrSignature},
		{"an added parameter", func(r *Request, _ *Authorization) { r.RawQuery = "a=b" }, ErrSignature},
		{"another date", func(r *Request, _ *Authorization) { r.Header.Set(HeaderDate, "20260115T083001Z") }, ErrSignature},
		{"a named header is absent", func(_ *Request, a *Authorization) { a.SignedHeaders = append(a.SignedHeaders, "x-stage") }, ErrHeader},
		{"no date", func(r *Request, _ *Authorization) { r.Header.Del(HeaderDate) }, ErrNoDate},
		{"a date in another form", func(r *Request, _ *Authorization) { r.Header.Set(HeaderDate, "2026-01-15T08:30:00Z") }, ErrNoDate},
		{"an unsigned JSON body", func(r *Request, _ *Authorization) { r.Header.Set(HeaderPayload, UnsignedPayload) }, ErrPayload},
		{"an unsigned body of no type", func(r *Request, _ *Authorization) {
			r.Header.Set(HeaderPayload, UnsignedPayload)
			r.Header.Del("Content-Type")
		}, ErrPayload},
		{"the hash of another body", func(r *Request, _ *Authorization) { r.Header.Set(HeaderPayload, HashPayload(nil)) }, ErrPayload},
		{"no signature", func(_ *Request, a *Authorization) { a.Signature = "" }, ErrSignature},
	} {
		r := base
		r.Header = base.Header.Clone()
		x := Authorization{Access: a.Access, SignedHeaders: append([]string(nil), a.SignedHeaders...), Signature: a.Signature}
		c.change(&r, &x)
		if err := r.Verify(x, sk, instant); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if err := base.Verify(a, "", instant); err != ErrSignature {
		t.Error("an empty key:", err)
	}
	// The body's own hash may be declared.
	r := base
	r.Header = base.Header.Clone()
	r.Header.Set(HeaderPayload, HashPayload(r.Body))
	a, _ = ParseAuthorization(r.Authorize(ak, sk, instant))
	if err := r.Verify(a, sk, instant); err != nil {
		t.Error("declared hash:", err)
	}
}

// A client that signs the path as it sends it, without encoding it anew.
func TestVerifyTakesTheRawPath(t *testing.T) {
	r := vectors[6].request
	signature := Sign(sk, StringToSign(date, r.canonical(r.Path, "", []string{"x-sdk-date"})))
	if err := r.Verify(Authorization{Access: ak, SignedHeaders: []string{"x-sdk-date"}, Signature: signature}, sk, instant); err != nil {
		t.Error(err)
	}
}

func TestParseAuthorization(t *testing.T) {
	for _, good := range []string{
		"SDK-HMAC-SHA256 Access=A, SignedHeaders=host;x-sdk-date, Signature=00",
		"SDK-HMAC-SHA256 Signature=00,SignedHeaders=Host;X-Sdk-Date,Access=A",
		"SDK-HMAC-SHA256  Access = A ,SignedHeaders= host;x-sdk-date , Signature= 00",
		"SDK-HMAC-SHA256 Credential=A/20260115/region/service, SignedHeaders=host;x-sdk-date, Signature=00",
	} {
		a, err := ParseAuthorization(good)
		if err != nil || a.Access != "A" || a.Signature != "00" || strings.Join(a.SignedHeaders, ";") != "host;x-sdk-date" {
			t.Errorf("%q: %+v, %v", good, a, err)
		}
	}
	for bad, want := range map[string]error{
		"": ErrAlgorithm, "Bearer x": ErrAlgorithm, "SDK-HMAC-SM3 Access=A": ErrAlgorithm,
		"V11-HMAC-SHA256 Credential=A/1/2/3, SignedHeaders=x, Signature=00": ErrAlgorithm,
		"SDK-HMAC-SHA256":                                                   ErrMalformed,
		"SDK-HMAC-SHA256 Access=A, Signature=00":                            ErrMalformed,
		"SDK-HMAC-SHA256 SignedHeaders=host, Signature=00":                  ErrMalformed,
		"SDK-HMAC-SHA256 Access=A, SignedHeaders=host;, Signature=00":       ErrMalformed,
		"SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=":          ErrMalformed,
		"SDK-HMAC-SHA256 Access=A, Access=B, SignedHeaders=h, Signature=00": ErrMalformed,
	} {
		if _, err := ParseAuthorization(bad); err != want {
			t.Errorf("%q: %v, want %v", bad, err, want)
		}
	}
}
