package isvapp

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"time"
)

//go:embed pages
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"time": func(t time.Time) string {
		if t.IsZero() {
			return "–"
		}
		return t.In(zone).Format("2006-01-02 15:04:05")
	},
}).ParseFS(files, "pages/*.html"))

// view is what each template gets.
type view struct {
	Lang string
	Name string
	Page string
	Data any
}

// T returns a text in the reader's language.
func (v view) T(key string) string { return text(v.Lang, key) }

func (a *App) render(w http.ResponseWriter, r *http.Request, status int, page string, data any) {
	var b bytes.Buffer
	v := view{Lang: language(r.Header.Get("Accept-Language")), Name: a.config.Name, Page: page, Data: data}
	if err := templates.ExecuteTemplate(&b, page+".html", v); err != nil {
		a.config.Logger.Error("page not rendered", "page", page, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", v.Lang)
	w.Header().Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

func (a *App) broken(w http.ResponseWriter, r *http.Request, err error) {
	a.config.Logger.Error("page failed", "path", r.URL.Path, "error", err)
	http.Error(w, text(language(r.Header.Get("Accept-Language")), "broken"), http.StatusInternalServerError)
}

func (a *App) styleSheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=300")
	http.ServeFileFS(w, r, files, "pages/style.css")
}
