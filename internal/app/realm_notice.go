package app

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
)

// post takes a notice of the sandbox's play gateway. The address stands below the path of the
// sandbox, where nobody comes in without a session, and the notice has none: it goes to the
// sandbox's own API inside this process, which checks its signature like that of any other. So
// nothing of a sandbox is open to the network, and no proxy or network rule can lose a notice.
func (in *inside) post(ctx context.Context, to string, header http.Header, body []byte) (int, []byte, error) {
	u, err := url.Parse(to)
	if err != nil {
		return 0, nil, err
	}
	_, u.Path = splitRealm(u.Path)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header, r.RemoteAddr = header.Clone(), "127.0.0.1:0"
	w := &answer{header: http.Header{}, status: http.StatusOK}
	in.api.ServeHTTP(w, r)
	return w.status, w.body.Bytes(), nil
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	begun  bool
}

func (w *answer) Header() http.Header { return w.header }

func (w *answer) WriteHeader(status int) {
	if !w.begun {
		w.begun, w.status = true, status
	}
}

func (w *answer) Write(b []byte) (int, error) {
	w.begun = true
	return w.body.Write(b)
}
