package i18n_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jishi/internal/base/i18n"
	"jishi/internal/texts"
)

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// Both languages have the same files, keys and placeholders, and no key stands twice.
func TestCatalogueIsComplete(t *testing.T) {
	names, _ := fs.Glob(texts.Files, "*/*.json")
	owner := map[string]string{}
	for _, name := range names {
		file := filepath.Base(name)
		other := "en/" + file
		if strings.HasPrefix(name, "en/") {
			other = "zh/" + file
		}
		mine, theirs := read(t, name), read(t, other)
		for code, text := range mine {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is empty", name, code)
			}
			want, ok := theirs[code]
			if !ok {
				t.Errorf("%s: %s is missing in %s", name, code, other)
				continue
			}
			if a, b := marks(text), marks(want); !slices.Equal(a, b) {
				t.Errorf("%s: %s has the placeholders %v, %s has %v", name, code, a, other, b)
			}
			if !codeShape.MatchString(code) {
				t.Errorf("%s: %q is not a code", name, code)
			}
			if first, twice := owner[code]; twice && first != file {
				t.Errorf("%s stands in %s and %s", code, first, file)
			}
			owner[code] = file
		}
	}
	if len(owner) == 0 {
		t.Fatal("no texts found")
	}
}

func read(t *testing.T, name string) map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(texts.Files, name)
	if err != nil {
		t.Fatalf("each module has one file in each language: %v", err)
	}
	var out map[string]string
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

func marks(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-zA-Z0-9_]*)*$`)

// Every code that the sources give to errs as a string literal has a text.
func TestEveryErrorCodeHasAText(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	missing := map[string]string{}
	for _, dir := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				if d == nil {
					return nil // the folder does not exist
				}
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
				return fs.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			if name, ok := importsErrs(file); ok {
				for code, pos := range codes(file, name) {
					if !i18n.Has(code) {
						missing[code] = set.Position(pos).String()
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("%s has no text (%s)", code, strings.TrimPrefix(missing[code], root+"/"))
	}
}

// importsErrs gives the name under which a file imports package errs.
func importsErrs(f *ast.File) (name string, ok bool) {
	for _, i := range f.Imports {
		if i.Path.Value == `"jishi/internal/base/errs"` {
			if i.Name != nil {
				return i.Name.Name, true
			}
			return "errs", true
		}
	}
	return "", false
}

// codes finds errs.New(kind, code), errs.XxxF(code), errs.Is(err, code) and check.Add(path, code).
func codes(f *ast.File, errs string) map[string]token.Pos {
	out := map[string]token.Pos{}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fun, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, _ := fun.X.(*ast.Ident)
		fromErrs := pkg != nil && pkg.Name == errs
		var arg int
		switch {
		case fromErrs && (fun.Sel.Name == "New" || fun.Sel.Name == "Is"):
			arg = 1
		case fromErrs && strings.HasSuffix(fun.Sel.Name, "f"):
			arg = 0
		case !fromErrs && fun.Sel.Name == "Add" && len(call.Args)%2 == 0:
			arg = 1
		default:
			return true
		}
		if arg >= len(call.Args) {
			return true
		}
		if lit, ok := call.Args[arg].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if code, err := strconv.Unquote(lit.Value); err == nil && codeShape.MatchString(code) {
				out[code] = lit.Pos()
			}
		}
		return true
	})
	return out
}
