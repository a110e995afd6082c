package arch

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// Time comes from base/clock. wire takes it as a parameter; what runs at the seller
// (isv and the sample application) may default to the machine's clock.
func TestOnlyTheClockReadsTheTime(t *testing.T) {
	for _, f := range sources(t) {
		if f.pkg == "internal/base/clock" || within(f.pkg, "isv") || f.pkg == "internal/tool/isvapp" {
			continue
		}
		for _, at := range f.uses("time", "Now", "Since", "Until") {
			t.Errorf("%s:%d reads the time; take it from clock.Clock or tx.Now", f.path, at.Line)
		}
	}
}

// Calls to servers go through base/outbound, which refuses private addresses. Tools
// talk to servers that the person at the keyboard names.
func TestOnlyOutboundCallsServers(t *testing.T) {
	for _, f := range sources(t) {
		if f.pkg == "internal/base/outbound" || within(f.pkg, "internal/tool") || within(f.pkg, "isv") {
			continue
		}
		for _, at := range f.uses("net/http", "Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport") {
			t.Errorf("%s:%d makes HTTP calls; use outbound.Client", f.path, at.Line)
		}
	}
}

// What starts by itself cannot be read in app, where everything is put together.
func TestNoInitFunctions(t *testing.T) {
	for _, f := range sources(t) {
		for _, d := range f.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s:%d has an init function", f.path, f.set.Position(fn.Pos()).Line)
			}
		}
	}
}

// A package is named after its subject.
func TestPackageNames(t *testing.T) {
	layers := strings.Fields("service services repository repositories handler handlers controller controllers")
	empty := strings.Fields("model models type types util utils common helper helpers misc")
	for _, f := range sources(t) {
		name := path.Base(f.pkg)
		file := strings.TrimSuffix(path.Base(f.path), ".go")
		if slices.Contains(empty, name) || slices.Contains(empty, file) || slices.Contains(layers, name) {
			t.Errorf("%s: the name says nothing about its subject", f.path)
		}
	}
}

// Package-level variables are tables, sentinels and embedded files: nobody writes to
// them, and none is a lock or a counter. What only remembers a pure function's results
// (sync.Map, sync.Once, sync.Pool) is fine; support packages of tests are left out.
func TestNoMutablePackageState(t *testing.T) {
	byPackage := map[string][]source{}
	for _, f := range sources(t) {
		if !strings.HasSuffix(path.Base(f.pkg), "test") {
			byPackage[f.pkg] = append(byPackage[f.pkg], f)
		}
	}
	for _, files := range byPackage {
		vars := map[string]bool{}
		for _, f := range files {
			for _, spec := range packageVars(f) {
				for _, name := range spec.Names {
					if name.Name != "_" { // "var _ I = T{}" only asks the compiler
						vars[name.Name] = true
					}
				}
				if selector, ok := spec.Type.(*ast.SelectorExpr); ok && isState(selector) {
					t.Errorf("%s:%d: a package-level %s is shared state", f.path, f.set.Position(spec.Pos()).Line, selector.Sel.Name)
				}
			}
		}
		for _, f := range files {
			for name, pos := range writes(f, vars) {
				t.Errorf("%s:%d writes to the package-level variable %s", f.path, f.set.Position(pos).Line, name)
			}
		}
	}
}

func packageVars(f source) []*ast.ValueSpec {
	var out []*ast.ValueSpec
	for _, d := range f.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				out = append(out, s.(*ast.ValueSpec))
			}
		}
	}
	return out
}

func isState(s *ast.SelectorExpr) bool {
	pkg, _ := s.X.(*ast.Ident)
	if pkg == nil {
		return false
	}
	return pkg.Name == "atomic" || pkg.Name == "sync" && (s.Sel.Name == "Mutex" || s.Sel.Name == "RWMutex" || s.Sel.Name == "WaitGroup")
}

// writes finds assignments whose target begins with one of the variables. A function
// that declares the name itself is left alone.
func writes(f source, vars map[string]bool) map[string]token.Pos {
	out := map[string]token.Pos{}
	for _, d := range f.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		local := declared(fn)
		note := func(target ast.Expr) {
			if id := root(target); id != nil && vars[id.Name] && !local[id.Name] {
				out[id.Name] = id.Pos()
			}
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, l := range n.Lhs {
						note(l)
					}
				}
			case *ast.IncDecStmt:
				note(n.X)
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(n.Args) > 0 {
					note(n.Args[0])
				}
			}
			return true
		})
	}
	return out
}

// declared are the names that a function declares anywhere.
func declared(fn *ast.FuncDecl) map[string]bool {
	out := map[string]bool{}
	if fn.Recv != nil {
		for _, field := range fn.Recv.List {
			for _, name := range field.Names {
				out[name.Name] = true
			}
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, l := range n.Lhs {
					if id, ok := l.(*ast.Ident); ok {
						out[id.Name] = true
					}
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok {
					out[id.Name] = true
				}
			}
		case *ast.FuncType:
			for _, list := range []*ast.FieldList{n.Params, n.Results} {
				if list == nil {
					continue
				}
				for _, field := range list.List {
					for _, name := range field.Names {
						out[name.Name] = true
					}
				}
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				out[name.Name] = true
			}
		}
		return true
	})
	return out
}

// root is the variable that a.b[c].d begins with.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
