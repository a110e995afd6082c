package blob

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeS3 stands for the service: objects of one bucket in memory, path style.
type fakeS3 struct {
	mu      sync.Mutex
	objects map[string]object
	fail    int // answer so many requests with 503 first
}

type object struct {
	content     []byte
	contentType string
	at          time.Time
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=access/") {
		fault(w, r, http.StatusForbidden, "AccessDenied")
		return
	}
	var body []byte
	if r.Method == http.MethodPut {
		var err error
		if body, err = content(r); err != nil {
			fault(w, r, http.StatusBadRequest, "IncompleteBody")
			return
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail > 0 {
		f.fail--
		fault(w, r, http.StatusServiceUnavailable, "SlowDown")
		return
	}
	key, inBucket := strings.CutPrefix(r.URL.Path, "/files/")
	if !inBucket {
		fault(w, r, http.StatusNotFound, "NoSuchBucket")
		return
	}
	if key == "" { // the bucket itself
		if r.Method != http.MethodHead {
			_ = xml.NewEncoder(w).Encode(struct {
				XMLName xml.Name `xml:"LocationConstraint"`
			}{})
		}
		return
	}
	switch r.Method {
	case http.MethodPut:
		f.objects[key] = object{body, r.Header.Get("Content-Type"), time.Now()}
		w.Header().Set("ETag", tag(body))
	case http.MethodDelete:
		delete(f.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		o, ok := f.objects[key]
		if !ok {
			fault(w, r, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", tag(o.content))
		w.Header().Set("Content-Type", o.contentType)
		http.ServeContent(w, r, "", o.at, bytes.NewReader(o.content))
	}
}

func tag(b []byte) string {
	sum := md5.Sum(b)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func fault(w http.ResponseWriter, r *http.Request, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code)
	}
}

// content takes the signature framing off an upload: "size;chunk-signature=…" lines.
func content(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	in, out := bufio.NewReader(r.Body), []byte{}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 32)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			want := r.Header.Get("X-Amz-Decoded-Content-Length")
			if want != strconv.Itoa(len(out)) {
				return nil, io.ErrUnexpectedEOF
			}
			return out, nil
		}
		chunk := make([]byte, n+2) // and CR LF
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		out = append(out, chunk[:n]...)
	}
}

func newS3(t *testing.T, fake *fakeS3, change func(*S3Config)) *S3 {
	t.Helper()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	config := S3Config{Endpoint: server.URL, Bucket: "files", Prefix: "main/", AccessKey: "access", SecretKey: "secret-key", PathStyle: true}
	if change != nil {
		change(&config)
	}
	s, err := OpenS3(config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestS3(t *testing.T) {
	fake := &fakeS3{objects: map[string]object{}}
	conform(t, newS3(t, fake, nil))
	for key := range fake.objects {
		if !strings.HasPrefix(key, "main/") {
			t.Errorf("%s is outside the prefix", key)
		}
	}
}

func TestS3Stream(t *testing.T) {
	s := newS3(t, &fakeS3{objects: map[string]object{}}, nil)
	big := bytes.Repeat([]byte{7}, maxBuffered+1)
	if err := s.Put(t.Context(), "big", bytes.NewBuffer(big), int64(len(big)), "application/zip"); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "over", bytes.NewBuffer(append(big, 1)), int64(len(big)), "application/zip"); err == nil {
		t.Error("more than announced was stored")
	}
	if _, _, err := s.Get(t.Context(), "over"); err != ErrNotFound {
		t.Error(err)
	}
	r, info, err := s.Get(t.Context(), "big")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, _ := io.ReadAll(r); !bytes.Equal(got, big) || info.Size != int64(len(big)) {
		t.Errorf("%d bytes", len(got))
	}
}

func TestS3Faults(t *testing.T) {
	fake := &fakeS3{objects: map[string]object{}}
	if err := newS3(t, fake, nil).Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := newS3(t, fake, func(c *S3Config) { c.Bucket = "other" }).Check(t.Context()); err == nil {
		t.Error("a missing bucket passes")
	}
	denied := newS3(t, fake, func(c *S3Config) { c.AccessKey = "wrong" })
	if _, _, err := denied.Get(t.Context(), "x"); err == nil || err == ErrNotFound || strings.Contains(err.Error(), "secret-key") {
		t.Errorf("refused keys: %v", err)
	}
	fake.fail = 1
	if err := newS3(t, fake, nil).Put(t.Context(), "again", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Errorf("one 503 is not final: %v", err)
	}
	for _, bad := range []string{"", "s3.example.com", "ftp://s3.example.com", "https://s3.example.com/path"} {
		if _, err := OpenS3(S3Config{Endpoint: bad, Bucket: "files"}); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}
