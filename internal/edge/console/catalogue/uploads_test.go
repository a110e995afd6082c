package catalogue_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

// Uploads are held in memory: slow ones must not pile up.
func TestOneAccountHasFewUploadsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var wg sync.WaitGroup
		var slow []*io.PipeWriter
		for range 4 {
			body, w := io.Pipe()
			slow = append(slow, w)
			wg.Go(func() {
				s.send("seller", "POST", "/files", body, "multipart/form-data; boundary=x")
				body.Close()
			})
			// The write returns when the server has read it: the upload is under way.
			if _, err := io.WriteString(w, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"proof.pdf\"\r\n\r\n%PDF"); err != nil {
				t.Fatal(err)
			}
		}
		proof := []byte("%PDF-1.7\n")
		if w := s.upload("seller", "proof", "proof.pdf", proof); w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), "http.too_many") {
			t.Errorf("a fifth one: %d %s", w.Code, w.Body)
		}
		if w := s.upload("other", "proof", "proof.pdf", proof); w.Code != http.StatusCreated {
			t.Errorf("another account's: %d %s", w.Code, w.Body)
		}
		for _, w := range slow {
			w.Close()
		}
		wg.Wait()
		if w := s.upload("seller", "proof", "proof.pdf", proof); w.Code != http.StatusCreated {
			t.Errorf("afterwards: %d %s", w.Code, w.Body)
		}
	})
}
