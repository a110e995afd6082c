package arch

import (
	"bytes"
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// The seller's server on the front page is what people copy: it must compile.
func TestReadmeProgramsCompile(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		block := goBlock.FindSubmatch(text)
		if block == nil {
			t.Errorf("%s has no program", name)
			continue
		}
		compile(t, name, block[1])
	}
}

// compile builds a program that stands in a page. The overlay puts it into the module without a
// file in the repository.
func compile(t *testing.T, page string, text []byte) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if neat, err := format.Source(text); err != nil || !bytes.Equal(neat, text) {
		t.Errorf("%s: run gofmt over the program (%v)", page, err)
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "main.go")
	if err := os.WriteFile(program, text, 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "readme", "main.go"): program}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-overlay", list, "-o", filepath.Join(folder, "server"), "./readme")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", page, err, out)
	}
}
