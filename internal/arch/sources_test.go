package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file that is not a test.
type source struct {
	path string // from the root of the repository
	pkg  string // its folder
	file *ast.File
	set  *token.FileSet
}

// sources reads all Go files of the repository but tests.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var out []source
	for _, folder := range []string{"cmd", "internal", "isv", "wire"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil && d == nil:
				return nil // no such folder yet
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "dist"):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
				return nil
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(root, name)
			if err != nil {
				return err
			}
			relative = filepath.ToSlash(relative)
			out = append(out, source{path: relative, pkg: path.Dir(relative), file: file, set: set})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) == 0 {
		t.Fatal("no sources found")
	}
	return out
}

// imports gives each import path with the name it has in the file.
func (s source) imports() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, i := range s.file.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			name := path.Base(p)
			if i.Name != nil {
				name = i.Name.Name
			}
			if !yield(p, name) {
				return
			}
		}
	}
}

// uses finds every use of an exported name of an imported package.
func (s source) uses(importPath string, names ...string) []token.Position {
	var local string
	for p, name := range s.imports() {
		if p == importPath {
			local = name
		}
	}
	if local == "" {
		return nil
	}
	var out []token.Position
	ast.Inspect(s.file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := selector.X.(*ast.Ident)
		if !ok || x.Name != local {
			return true
		}
		for _, name := range names {
			if selector.Sel.Name == name {
				out = append(out, s.set.Position(selector.Pos()))
			}
		}
		return true
	})
	return out
}
