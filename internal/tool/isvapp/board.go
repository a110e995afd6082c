package isvapp

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	maxNote  = 200
	maxNotes = 200
)

type note struct {
	ID   int64
	Text string
	Done bool
}

type board struct {
	Instance instance
	Notes    []note
	Open     int
	Message  string
	Draft    string
}

func (a *App) boardPage(w http.ResponseWriter, r *http.Request, i instance) {
	a.showBoard(w, r, http.StatusOK, board{Instance: i})
}

func (a *App) showBoard(w http.ResponseWriter, r *http.Request, status int, b board) {
	rows, err := a.db.QueryContext(r.Context(), `select id, text, done from notes where instance_id = $1 order by done, id`, b.Instance.ID)
	if err != nil {
		a.broken(w, r, err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var n note
		if err := rows.Scan(&n.ID, &n.Text, &n.Done); err != nil {
			a.broken(w, r, err)
			return
		}
		if !n.Done {
			b.Open++
		}
		b.Notes = append(b.Notes, n)
	}
	if err := rows.Err(); err != nil {
		a.broken(w, r, err)
		return
	}
	a.render(w, r, status, "board", b)
}

func (a *App) addNote(w http.ResponseWriter, r *http.Request, i instance) {
	text := strings.TrimSpace(r.PostFormValue("text"))
	if n := utf8.RuneCountInString(text); n == 0 || n > maxNote {
		a.showBoard(w, r, http.StatusUnprocessableEntity, board{Instance: i, Message: "board.length", Draft: text})
		return
	}
	a.writeNotes(w, r, `insert into notes (instance_id, text, created_at) select $1, $2, $3 where (select count(*) from notes where instance_id = $1) < $4`,
		i.ID, text, a.config.Now().UnixMicro(), maxNotes)
}

func (a *App) toggleNote(w http.ResponseWriter, r *http.Request, i instance) {
	a.writeNotes(w, r, `update notes set done = 1 - done where instance_id = $1 and id = $2`, i.ID, r.PathValue("id"))
}

func (a *App) deleteNote(w http.ResponseWriter, r *http.Request, i instance) {
	a.writeNotes(w, r, `delete from notes where instance_id = $1 and id = $2`, i.ID, r.PathValue("id"))
}

func (a *App) writeNotes(w http.ResponseWriter, r *http.Request, query string, args ...any) {
	if _, err := a.db.ExecContext(r.Context(), query, args...); err != nil {
		a.broken(w, r, err)
		return
	}
	http.Redirect(w, r, "/board", http.StatusSeeOther)
}

func (a *App) managePage(w http.ResponseWriter, r *http.Request, i instance) {
	a.render(w, r, http.StatusOK, "manage", i)
}

type adminView struct {
	ProductionURL string
	Generations   string
	Instances     []instance
	Calls         []received
}

// adminPage lists the newest instances and calls.
func (a *App) adminPage(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.session(r, adminSession); !ok {
		http.Redirect(w, r, "/admin/login", http.StatusSeeOther)
		return
	}
	v := adminView{ProductionURL: a.ProductionURL()}
	for _, g := range []struct{ name, key string }{{"V1", a.config.V1Key}, {"V2", a.config.V2Key}} {
		if g.key != "" {
			v.Generations = strings.TrimSpace(v.Generations + " " + g.name)
		}
	}
	var err error
	if v.Instances, err = a.instances(r.Context(), 200); err == nil {
		v.Calls, err = a.receivedCalls(r.Context(), 200)
	}
	if err != nil {
		a.broken(w, r, err)
		return
	}
	a.render(w, r, http.StatusOK, "admin", v)
}
