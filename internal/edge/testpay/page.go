package testpay

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
)

// Path is where the company's pages lie.
const Path = "/testpay/"

//go:embed page.html page.css
var files embed.FS

// What a visitor may have happen, in the order of the page.
const (
	actPay    = "pay"    // paid; the notice goes out at once
	actLate   = "late"   // paid; the notice comes later
	actTwice  = "twice"  // paid; the notice comes twice
	actSilent = "silent" // paid; no notice ever comes
	actGone   = "gone"   // paid; the browser does not return
	actFail   = "fail"   // the bank refuses
	actLeave  = "leave"  // back without paying
)

var actions = []string{actPay, actLate, actTwice, actSilent, actGone, actFail, actLeave}

// lateness is how late a late notice is.
const lateness = 20 * time.Second

// Handler serves the company's pages.
func (s *Server) Handler() http.Handler {
	page := template.Must(template.ParseFS(files, "page.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "page.css") })
	mux.HandleFunc("GET "+Path+"{id}", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, page) })
	mux.HandleFunc("POST "+Path+"{id}", s.act)
	return mux
}

type choice struct{ Name, Text string }

type view struct {
	Lang     string
	Title    string
	Warning  string
	Subject  string
	Amount   string
	Currency string
	State    string
	Waiting  bool
	Choices  []choice
	Path     string
	Style    string
	Return   string
	Back     string
}

func (s *Server) show(w http.ResponseWriter, r *http.Request, page *template.Template) {
	a, found, err := db.Maybe[account](r.Context(), s.db, sqlByID, r.PathValue("id"))
	switch {
	case err != nil:
		s.log.Error("testpay", "error", err)
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	case !found:
		http.NotFound(w, r)
		return
	}
	l := i18n.Parse(r.Header.Get("Accept-Language"))
	if c, err := r.Cookie("jishi_lang"); err == nil {
		if known, ok := i18n.Known(c.Value); ok {
			l = known
		}
	}
	say := func(code string) string { return i18n.Message(l, "testpay."+code, nil) }
	v := view{Lang: string(l), Title: say("title"), Warning: say("warning"), Subject: a.Subject, Amount: a.Amount.String(), Currency: a.Currency,
		State: say("state_" + a.State), Waiting: a.State == "waiting", Path: s.path + a.ID, Style: s.path + "style.css", Return: a.ReturnURL, Back: say("back")}
	for _, x := range actions {
		v.Choices = append(v.Choices, choice{x, say("act_" + x)})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := page.Execute(w, v); err != nil {
		s.log.Debug("testpay page", "error", err)
	}
}

func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	what := r.PostFormValue("act")
	a, err := s.Act(r.Context(), r.PathValue("id"), what)
	switch {
	case db.IsNoRows(err):
		http.NotFound(w, r)
	case err != nil:
		s.log.Error("testpay", "error", err)
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
	case what == actGone:
		http.Redirect(w, r, s.path+a.ID, http.StatusSeeOther)
	default:
		http.Redirect(w, r, a.ReturnURL, http.StatusSeeOther)
	}
}

// Act does what a visitor of the page chose; one that is over stays as it is.
func (s *Server) Act(ctx context.Context, paymentID, what string) (account, error) {
	var a account
	err := s.db.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if a, err = db.One[account](ctx, tx, sqlByID, paymentID); err != nil {
			return err
		}
		to, pauses := "succeeded", []time.Duration{0}
		switch what {
		case actPay, actGone:
		case actLate:
			pauses = []time.Duration{lateness}
		case actTwice:
			pauses = []time.Duration{0, 0, time.Second}
		case actSilent:
			pauses = nil
		case actFail:
			to = "failed"
		default:
			return nil
		}
		now := clock.Wall{}.Now()
		if !now.Before(a.ExpiresAt) {
			to, pauses = "closed", nil
		}
		n, err := db.Exec(ctx, tx, sqlEnd, to, now, a.ID)
		if err != nil || n == 0 {
			return err
		}
		a.State = to
		event := id.New("tpe")
		for _, p := range pauses {
			if err := queue(ctx, tx, a, event, p); err != nil {
				return err
			}
		}
		return nil
	})
	return a, err
}
