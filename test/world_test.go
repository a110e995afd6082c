package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/id"
)

// worldKey is where a script keeps its world.
type worldKey struct{}

// world is what a script knows: who has signed in, and the last answer.
type world struct {
	data   string
	people map[string]signedIn
	last   any
	client *http.Client
}

type signedIn struct{ cookie, csrf string }

func newWorld(data string) *world {
	return &world{data: data, people: map[string]signedIn{}, client: &http.Client{Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// demoState is the part of the demo's file that scripts need.
type demoState struct {
	Accounts []struct{ Role, Email, Password string }
	Servers  []struct{ Port int }
}

func (w *world) demo() (demoState, error) {
	var s demoState
	raw, err := os.ReadFile(filepath.Join(w.data, "demo.json"))
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	return s, err
}

// signIn signs a person of the demo in at a node.
func (w *world) signIn(node, email string) error {
	s, err := w.demo()
	if err != nil {
		return err
	}
	for _, a := range s.Accounts {
		if a.Email != email {
			continue
		}
		path := "/api/v1/session"
		if a.Role == "operator" {
			path = "/api/v1/operator/session"
		}
		body, err := json.Marshal(map[string]string{"email": email, "password": a.Password})
		if err != nil {
			return err
		}
		r, err := w.client.Post("http://"+node+path, "application/json", bytes.NewReader(body))
		if err != nil {
			return err
		}
		defer r.Body.Close()
		var session struct{ CSRFToken string }
		if err := json.NewDecoder(r.Body).Decode(&session); err != nil || r.StatusCode != http.StatusOK {
			return fmt.Errorf("sign in as %s: %s, %v", email, r.Status, err)
		}
		for _, c := range r.Cookies() {
			w.people[email] = signedIn{cookie: c.Name + "=" + c.Value, csrf: session.CSRFToken}
		}
		return nil
	}
	return fmt.Errorf("the demo has no %s", email)
}

// call makes one API call; the answer becomes the world's last one.
func (w *world) call(node, who, method, path, body string) (int, []byte, error) {
	u, err := url.Parse("http://" + node + "/api/v1" + path)
	if err != nil {
		return 0, nil, err
	}
	u.RawQuery = u.Query().Encode() // scripts write plain words
	r, err := http.NewRequest(method, u.String(), strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Accept-Language", "zh")
	if p, ok := w.people[who]; ok {
		r.Header.Set("Cookie", p.cookie)
		r.Header.Set("X-CSRF-Token", p.csrf)
	} else if who != "-" {
		return 0, nil, fmt.Errorf("%s has not signed in", who)
	}
	if method != http.MethodGet {
		r.Header.Set("Idempotency-Key", id.New("idk"))
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return answer.StatusCode, raw, err
	}
	w.last = nil
	_ = json.Unmarshal(raw, &w.last) // an empty answer has no members
	return answer.StatusCode, raw, nil
}

// pick reads a member of the last answer by its path: "items.0.id".
func (w *world) pick(path string) (string, error) {
	at := w.last
	for _, part := range strings.Split(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return "", fmt.Errorf("no %s in the answer", path)
			}
			at = v[i]
		default:
			return "", fmt.Errorf("no %s in the answer", path)
		}
	}
	if at == nil {
		return "", fmt.Errorf("no %s in the answer", path)
	}
	return fmt.Sprint(at), nil
}

// opens signs in at a delivered application and tells whether its first page answers.
func (w *world) opens(frontEnd, user, password string) error {
	u := strings.TrimSuffix(frontEnd, "/")
	if !strings.HasSuffix(u, "/login") {
		return fmt.Errorf("the delivered address %q has no sign-in page", frontEnd)
	}
	form := "user=" + url.QueryEscape(user) + "&password=" + url.QueryEscape(password)
	r, err := w.client.Post(u, "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		return err
	}
	r.Body.Close()
	if r.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("sign-in at %s: %s", u, r.Status)
	}
	page, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(u, "/login")+r.Header.Get("Location"), nil)
	if err != nil {
		return err
	}
	for _, c := range r.Cookies() {
		page.AddCookie(c)
	}
	answer, err := w.client.Do(page)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s after sign-in: %s", page.URL, answer.Status)
	}
	return nil
}
