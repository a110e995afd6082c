package orders

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A fault in the middle breaks the connection off, so that half a file does not look like a whole one.
func TestAFileIsWholeOrBroken(t *testing.T) {
	serve := func(batches ...any) (w *httptest.ResponseRecorder, broken any) {
		w = httptest.NewRecorder()
		defer func() { broken = recover() }()
		file{name: "x.csv", title: "order.column.", columns: []string{"number", "kind"}, next: func(context.Context) ([][]string, error) {
			if len(batches) == 0 {
				return nil, nil
			}
			b := batches[0]
			batches = batches[1:]
			if err, bad := b.(error); bad {
				return nil, err
			}
			return b.([][]string), nil
		}}.serve(w, httptest.NewRequest("GET", "/x.csv", nil))
		return w, broken
	}
	one, fault := [][]string{{"CS1", "=1"}}, errors.New("gone")
	w, broken := serve(one, one)
	if rows, err := csv.NewReader(strings.NewReader(w.Body.String())).ReadAll(); err != nil || broken != nil || len(rows) != 3 || rows[2][1] != "'=1" {
		t.Error(rows, err, broken)
	}
	if w, broken := serve(); broken != nil || strings.Count(w.Body.String(), "\n") != 1 {
		t.Error("an empty file:", w.Body, broken)
	}
	if _, broken := serve(one, fault); broken != http.ErrAbortHandler {
		t.Error("a fault in the middle:", broken)
	}
	if w, broken := serve(fault); broken != nil || w.Code != 500 || strings.Contains(w.Body.String(), "gone") {
		t.Error("a fault at the beginning:", w.Code, w.Body, broken)
	}
}
