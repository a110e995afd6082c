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
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		block := goBlock.FindSubmatch(text)
		if block == nil {
			t.Errorf("%s has no program", name)
			continue
		}
		if neat, err := format.Source(block[1]); err != nil || !bytes.Equal(neat, block[1]) {
			t.Errorf("%s: run gofmt over the program (%v)", name, err)
		}
		// The overlay puts the program into the module without a file in the repository.
		folder := t.TempDir()
		program := filepath.Join(folder, "main.go")
		if err := os.WriteFile(program, block[1], 0o600); err != nil {
			t.Fatal(err)
		}
		overlay, _ := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "readme", "main.go"): program}})
		list := filepath.Join(folder, "overlay.json")
		if err := os.WriteFile(list, overlay, 0o600); err != nil {
			t.Fatal(err)
		}
		build := exec.Command("go", "build", "-overlay", list, "-o", filepath.Join(folder, "server"), "./readme")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
