package arch

import (
	"context"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

// statements evaluates the string constants of a package whose names begin with "sql";
// those that begin like a statement are statements, the others parts of some.
func statements(files []*ast.File) map[string]string {
	values := map[string]ast.Expr{}
	for _, f := range files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i, n := range v.Names {
					if i < len(v.Values) {
						values[n.Name] = v.Values[i]
					}
				}
			}
		}
	}
	var eval func(e ast.Expr, depth int) (string, bool)
	eval = func(e ast.Expr, depth int) (string, bool) {
		if depth > 20 {
			return "", false
		}
		switch e := e.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(e.Value)
			return s, err == nil && e.Kind == token.STRING
		case *ast.BinaryExpr:
			a, okA := eval(e.X, depth+1)
			b, okB := eval(e.Y, depth+1)
			return a + b, okA && okB && e.Op == token.ADD
		case *ast.ParenExpr:
			return eval(e.X, depth+1)
		case *ast.Ident:
			v, ok := values[e.Name]
			if !ok {
				return "", false
			}
			return eval(v, depth+1)
		}
		return "", false
	}
	out := map[string]string{}
	for name, e := range values {
		if !strings.HasPrefix(name, "sql") {
			continue
		}
		if text, ok := eval(e, 0); ok && statement.MatchString(text) {
			out[name] = text
		}
	}
	return out
}

var (
	statement   = regexp.MustCompile(`(?is)^\s*(select|insert into|update|delete from|with)\s`)
	placeholder = regexp.MustCompile(`\$(\d+)`)
)

// onlyPostgres are statements for one engine, chosen at run time.
var onlyPostgres = map[string]bool{"sqlClaimPostgres": true}

// parts begin like a statement, but others add their end.
var parts = map[string]bool{"sqlClaimHead": true, "sqlClaimable": true}

func TestEveryStatementIsUnderstoodByBothEngines(t *testing.T) {
	packages := map[string][]*ast.File{}
	for _, f := range sources(t) {
		packages[f.pkg] = append(packages[f.pkg], f.file)
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		n := 0
		for pkg, files := range packages {
			for name, text := range statements(files) {
				if parts[name] || onlyPostgres[name] && d.Engine() != db.Postgres {
					continue
				}
				n++
				if err := d.Prepare(context.Background(), text); err != nil {
					t.Errorf("%s.%s: %v", pkg, name, err)
				}
				highest := 0
				for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
					if i, _ := strconv.Atoi(m[1]); i > highest+1 {
						t.Errorf("%s.%s: $%d comes before $%d; SQLite numbers them by their first use", pkg, name, i, highest+1)
					} else {
						highest = max(highest, i)
					}
				}
			}
		}
		if n < 100 {
			t.Errorf("only %d statements were found", n)
		}
	})
}
