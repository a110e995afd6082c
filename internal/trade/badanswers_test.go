package trade_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
	"jishi/internal/edge/koogallery"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/trade/tradetest"
	"jishi/wire/saas"
)

// listen answers every connection's first request with bytes of the test's choice, as no HTTP library would.
func listen(t *testing.T) (origin string, respond func(func(net.Conn))) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	answers := make(chan func(net.Conn), 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, r.Body)
				(<-answers)(conn)
			}()
		}
	}()
	return "http://" + l.Addr().String(), func(f func(net.Conn)) { answers <- f }
}

func plain(text string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, text) }
}

func head(status string, lines ...string) string {
	return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + strings.Join(append(lines, "", ""), "\r\n")
}

const asJSON = "Content-Type: application/json"

// json answers 200 with a body as it stands.
func jsonBody(body string) func(net.Conn) { return plain(head("200 OK", asJSON) + body) }

// endless writes pieces of a body until the other side has gone.
func endless(intro, piece string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := io.WriteString(c, intro); err != nil {
			return
		}
		for range 10 << 20 / len(piece) {
			if _, err := io.WriteString(c, piece); err != nil {
				return
			}
		}
	}
}

// drip writes a byte now and then, so that a limit of silence alone would never end the call.
func drip(intro, rest string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := io.WriteString(c, intro); err != nil {
			return
		}
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i = (i + 1) % len(rest) {
			<-tick.C
			if _, err := io.WriteString(c, rest[i:i+1]); err != nil {
				return
			}
		}
	}
}

func packed(body string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, body)
	_ = w.Close()
	return b.String()
}

type badAnswer struct {
	name     string
	answer   func(net.Conn)
	code     string // of the problem; "" is a call that succeeds
	warnings []string
	id       string // the seller's instance id after success, "inst-1" when empty
}

const good = `{"resultCode":"000000","instanceId":"inst-1"}`

func badAnswers() []badAnswer {
	long := strings.Repeat("x", 65)
	return []badAnswer{
		{name: "as documented", answer: jsonBody(good)},

		{name: "10 MB", answer: endless(head("200 OK", asJSON, "Content-Length: 10485760"), strings.Repeat("a", 64<<10)), code: "outbound.too_large"},
		{name: "10 MB in chunks", answer: endless(head("200 OK", asJSON, "Transfer-Encoding: chunked"), "10000\r\n"+strings.Repeat("a", 64<<10)+"\r\n"), code: "outbound.too_large"},
		{name: "10 MB promised, little sent", answer: plain(head("200 OK", asJSON, "Content-Length: 10485760") + good), code: "outbound.closed"},
		{name: "headers of 100 KB", answer: plain(head("200 OK", asJSON, "X: "+strings.Repeat("a", 100<<10)) + good), code: "outbound.too_large_header"},
		{name: "headers drip", answer: drip("HTTP/1.1 200 OK\r\nX-Drip: ", "a"), code: "outbound.timeout"},
		{name: "body drips", answer: drip(head("200 OK", asJSON, "Content-Length: 100000")+"{", " "), code: "outbound.timeout"},
		{name: "chunks drip", answer: drip(head("200 OK", asJSON, "Transfer-Encoding: chunked"), "1\r\n \r\n"), code: "outbound.timeout"},

		{name: "GBK text", answer: jsonBody("{\"resultCode\":\"000000\",\"resultMsg\":\"\xb3\xc9\xb9\xa6\",\"instanceId\":\"inst-1\"}"), warnings: []string{saas.ProblemCharset}},
		{name: "GBK text, announced", answer: plain(head("200 OK", asJSON+";charset=GBK") + "{\"resultCode\":\"000000\",\"resultMsg\":\"\xb3\xc9\xb9\xa6\",\"instanceId\":\"inst-1\"}"), warnings: []string{saas.ProblemCharset}},
		{name: "GBK text that breaks the JSON", answer: jsonBody("{\"resultCode\":\"000000\",\"instanceId\":\"inst-1\",\"resultMsg\":\"\xbf\x5c\"}"), code: saas.ProblemJSON, warnings: []string{saas.ProblemCharset}},
		{name: "UTF-16", answer: jsonBody("\xff\xfe{\x00}\x00"), code: saas.ProblemJSON, warnings: []string{saas.ProblemCharset}},
		{name: "byte order mark", answer: jsonBody("\xef\xbb\xbf" + good)},

		{name: "key twice, the last is good", answer: jsonBody(`{"resultCode":"000005","instanceId":"other","resultCode":"000000","instanceId":"inst-1"}`)},
		{name: "key twice, the last is bad", answer: jsonBody(`{"resultCode":"000000","instanceId":"inst-1","resultCode":"000005"}`), code: saas.ProblemResultCode},
		{name: "blank in a name", answer: jsonBody(`{" resultCode ":"000000","instanceId ":"inst-1"}`)},
		{name: "id as a number", answer: jsonBody(`{"resultCode":"000000","instanceId":12345678901234567890}`), id: "12345678901234567890"},
		{name: "result code as a number", answer: jsonBody(`{"resultCode":0,"instanceId":"inst-1"}`), code: saas.ProblemResultCode},
		{name: "result code as a list", answer: jsonBody(`{"resultCode":["000000"],"instanceId":"inst-1"}`), code: saas.ProblemJSON},
		{name: "message as an object", answer: jsonBody(`{"resultCode":"000000","resultMsg":{"zh":"成功"},"instanceId":"inst-1"}`)},
		{name: "object as text", answer: jsonBody(`{"resultCode":"000000","instanceId":"inst-1","appInfo":"{\"frontEndUrl\":\"https://app.example/\"}"}`)},
		{name: "text for an object", answer: jsonBody(`{"resultCode":"000000","instanceId":"inst-1","appInfo":"soon"}`)},
		{name: "id too long", answer: jsonBody(`{"resultCode":"000000","instanceId":"` + long + `"}`), code: saas.ProblemLength},

		{name: "lower-case headers", answer: plain("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n" + good)},
		{name: "content type twice", answer: plain(head("200 OK", asJSON, "CONTENT-TYPE: text/html") + good)},
		{name: "no content type", answer: plain(head("200 OK") + good), warnings: []string{saas.ProblemContentType}},
		{name: "text/html", answer: plain(head("200 OK", "Content-Type: text/html; charset=utf-8") + good), warnings: []string{saas.ProblemContentType}},
		{name: "broken content type", answer: plain(head("200 OK", "Content-Type: application/json; =;") + good)},
		{name: "two lengths", answer: plain(head("200 OK", asJSON, "Content-Length: 46", "Content-Length: 45") + good), code: "outbound.protocol"},
		{name: "length that is none", answer: plain(head("200 OK", asJSON, "Content-Length: many") + good), code: "outbound.protocol"},
		{name: "header without colon", answer: plain(head("200 OK", "Content-Type") + good), code: "outbound.protocol"},

		{name: "garbage for a chunk's size", answer: plain(head("200 OK", asJSON, "Transfer-Encoding: chunked") + "zz\r\n" + good), code: "outbound.protocol"},
		{name: "chunk that is cut", answer: plain(head("200 OK", asJSON, "Transfer-Encoding: chunked") + "ff\r\n" + good), code: "outbound.closed"},
		{name: "unknown transfer encoding", answer: plain(head("200 OK", asJSON, "Transfer-Encoding: rot13") + good), code: "outbound.protocol"},
		{name: "gzip", answer: plain(head("200 OK", asJSON, "Content-Encoding: gzip") + packed(good)), code: saas.ProblemEncoding},
		{name: "gzip that is none", answer: plain(head("200 OK", asJSON, "Content-Encoding: gzip") + good)},
		{name: "gzip without a word", answer: jsonBody(packed(good)), code: saas.ProblemJSON, warnings: []string{saas.ProblemCharset}},

		{name: "moved", answer: plain(head("302 Found", "Location: http://127.0.0.1:1/") + good), code: saas.ProblemStatus},
		{name: "moved for good", answer: plain(head("308 Permanent Redirect", "Location: /elsewhere") + good), code: saas.ProblemStatus},
		{name: "accepted", answer: plain(head("202 Accepted", asJSON) + good), warnings: []string{saas.ProblemStatus}},
		{name: "no content", answer: plain(head("204 No Content")), code: saas.ProblemJSON, warnings: []string{saas.ProblemStatus, saas.ProblemContentType}},
		{name: "bad request with a good body", answer: plain(head("400 Bad Request", asJSON) + good), code: saas.ProblemStatus},
		{name: "early hints", answer: plain("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + head("200 OK", asJSON) + good)},
		{name: "early hints without end", answer: plain(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 5000) + head("200 OK", asJSON) + good), code: "outbound.too_large_header"},
		{name: "HTTP/1.0", answer: plain("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + good)},
		{name: "HTTP/2 frames", answer: plain("\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"), code: "outbound.protocol"},
		{name: "not HTTP", answer: plain("220 mail.example ESMTP\r\n"), code: "outbound.protocol"},
		{name: "closed at once", answer: plain(""), code: "outbound.closed"},

		{name: "empty body", answer: jsonBody(""), code: saas.ProblemJSON},
		{name: "null", answer: jsonBody("null"), code: saas.ProblemJSON},
		{name: "list", answer: jsonBody("[" + good + "]"), code: saas.ProblemJSON},
		{name: "two objects", answer: jsonBody(good + good), code: saas.ProblemJSON},
		{name: "deep nesting", answer: jsonBody(`{"x":` + strings.Repeat("[", 200_000) + `,"resultCode":"000000"}`), code: saas.ProblemJSON},
		{name: "zero bytes", answer: jsonBody("{\"resultCode\":\"000000\",\"instanceId\":\"inst-1\",\"resultMsg\":\"a\x00b\"}"), code: saas.ProblemJSON},
	}
}

// What a server answers, however odd, has one documented outcome, in words that a person reads in both languages. It
// loses no order, and what is kept of it can be stored and shown.
func TestBadAnswers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.TopUp(b.Buyer, 10_000_00)
		origin, respond := listen(t)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update production_addresses set origin = $1 where id = $2`, origin, b.Address)
		})
		client := outbound.New(outbound.Config{})
		t.Cleanup(client.CloseIdle)
		b.Trade.Provider = &koogallery.Caller{Client: client, Timeout: 5 * time.Second}
		for _, c := range badAnswers() {
			if c.code == "outbound.timeout" {
				b.Trade.Provider = &koogallery.Caller{Client: client, Timeout: 200 * time.Millisecond}
			}
			o := b.Buy("V2")
			respond(c.answer)
			b.Step()
			b.Trade.Provider = &koogallery.Caller{Client: client, Timeout: 5 * time.Second}
			b.judged(c, o)
			b.Update(func(tx *db.Tx) error { // the next case is about another order, with the same id of the seller
				for _, text := range []string{`delete from jobs where kind = 'fulfillment.call'`, `update instances set external_id = ''`} {
					if err := tradetest.Exec(tx, text); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
}

func (b *bundle) judged(c badAnswer, o order.Order) {
	t := b.T
	t.Helper()
	call := b.Calls(o)[0]
	tries, err := fulfillment.Attempts(t.Context(), b.DB, call.ID)
	if err != nil || len(tries) != 1 {
		t.Fatalf("%s: %d attempts, %v", c.name, len(tries), err)
	}
	state, done := fulfillment.Succeeded, order.Completed
	if c.code != "" {
		state, done = fulfillment.Retrying, order.Processing
	}
	if call.State != state || call.ErrorCode != c.code || b.Order(o).State != done {
		t.Errorf("%s: call %s with %q, order %s; want %s, %q, %s", c.name, call.State, call.ErrorCode, b.Order(o).State, state, c.code, done)
	}
	var warned []string
	problems := tries[0].Warnings
	for _, w := range problems {
		warned = append(warned, w.Code)
	}
	if fmt.Sprint(warned) != fmt.Sprint(c.warnings) {
		t.Errorf("%s: warnings %v, want %v", c.name, warned, c.warnings)
	}
	if c.code != "" {
		problems = append(problems, fulfillment.Problem{Code: tries[0].ErrorCode, Args: tries[0].ErrorArgs})
	} else if id := b.Instance(o).ExternalID; id != c.id && (c.id != "" || id != "inst-1") {
		t.Errorf("%s: the instance is %q", c.name, id)
	}
	for _, p := range problems {
		for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
			if text := i18n.Message(l, p.Code, p.Args); text == p.Code || strings.ContainsAny(text, "{}\x00") {
				t.Errorf("%s: %s reads %q in %s", c.name, p.Code, text, l)
			}
		}
	}
	if n := len(tries[0].ResponseBody); n > 20<<10 {
		t.Errorf("%s: %d bytes of the answer are kept", c.name, n)
	}
}

// Body-Sign is read in any case, and of several the one that holds counts (saas.md §3.3).
func TestBodySignAsServersSendIt(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.TopUp(b.Buyer, 10_000_00)
		origin, respond := listen(t)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update production_addresses set origin = $1 where id = $2`, origin, b.Address)
		})
		right, wrong := saas.SignBody(b.V1Key, []byte(tradetest.InstanceBody("inst-1"))), saas.SignBody("another", []byte("x"))
		spaced := strings.Replace(strings.Replace(right, "signature=", "signature = ", 1), ", ", " ,  ", 1)
		for name, c := range map[string]struct {
			lines []string
			code  string
		}{
			"as documented":         {[]string{"Body-Sign: " + right}, ""},
			"lower case":            {[]string{"body-sign: " + right}, ""},
			"upper case":            {[]string{"BODY-SIGN: " + right}, ""},
			"with blanks":           {[]string{"Body-Sign: " + spaced}, ""},
			"wrong, then right":     {[]string{"Body-Sign: " + wrong, "body-sign: " + right}, ""},
			"right, then garbage":   {[]string{"Body-Sign: " + right, "Body-Sign: x"}, ""},
			"another name":          {[]string{"bodySign: " + right}, saas.ProblemBodySignFormat},
			"no quotes":             {[]string{"Body-Sign: " + strings.ReplaceAll(right, `"`, "")}, saas.ProblemBodySignFormat},
			"another type":          {[]string{"Body-Sign: " + strings.Replace(right, "HMAC-SHA256", "SHA256", 1)}, saas.ProblemBodySignFormat},
			"wrong":                 {[]string{"Body-Sign: " + wrong}, "fulfillment.body_sign"},
			"both in one, no comma": {[]string{"Body-Sign: " + wrong + " " + right}, saas.ProblemBodySignFormat},
		} {
			o := b.Buy("V1")
			respond(plain(head("200 OK", append(c.lines, asJSON)...) + tradetest.InstanceBody("inst-1")))
			b.Step()
			if call := b.Calls(o)[0]; call.ErrorCode != c.code || (call.State == fulfillment.Succeeded) != (c.code == "") {
				t.Errorf("%s: %s with %q, want %q", name, call.State, call.ErrorCode, c.code)
			}
			b.Update(func(tx *db.Tx) error {
				if err := tradetest.Exec(tx, `delete from jobs where kind = 'fulfillment.call'`); err != nil {
					return err
				}
				return tradetest.Exec(tx, `update instances set external_id = ''`)
			})
		}
	})
}

// The switches of an address hold for what goes out and for how long an answer is awaited.
func TestSwitchesOfAnAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		var seen []string
		b.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then the end of the connection is noticed
			seen = append(seen, r.URL.RawQuery)
			if len(seen) == 3 {
				<-r.Context().Done()
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, good)
		}))
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update production_addresses set hex_case = 'lower', suppress = '["orderAmount","skuCode"]', timeout_seconds = 1, accept_unsigned = true where id = $1`, b.Address)
		})
		b.Trade.Provider.(*koogallery.Caller).Timeout = 0
		b.Buy("V1")
		b.Step()
		if strings.Contains(seen[0], "skuCode") || strings.Contains(seen[0], "orderAmount") || !strings.Contains(seen[0], "customerName") {
			t.Error(seen[0])
		}
		b.Buy("V2")
		b.Step()
		if q, err := saas.ParseQuery(seen[1]); err != nil || q["signature"] != strings.ToLower(q["signature"]) || len(q["signature"]) != 64 {
			t.Error(seen[1], err)
		}
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `delete from jobs where kind = 'fulfillment.call'`) })
		o := b.Buy("V2")
		b.Step()
		if c := b.Calls(o)[0]; c.ErrorCode != "outbound.timeout" || fmt.Sprint(c.ErrorArgs["seconds"]) != "1" {
			t.Errorf("%s %v", c.ErrorCode, c.ErrorArgs)
		}
	})
}
