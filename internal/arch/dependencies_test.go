package arch

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var dependencyLine = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (\\S+) \\| (\\S+) \\| .+ \\|$")

// docs/dependencies.md lists what our code names directly, in the versions in use.
func TestDependenciesAreListed(t *testing.T) {
	root := filepath.Join("..", "..")
	listed := map[string]string{}
	for _, m := range dependencyLine.FindAllStringSubmatch(read(t, root, "docs/dependencies.md"), -1) {
		listed[m[1]] = m[2]
	}
	modules, packages := goModules(t, root), npmPackages(t, root)
	used := map[string]string{}
	for _, f := range sources(t) {
		for imported := range f.imports() {
			if m := moduleOf(imported, modules); m != "" {
				used[m] = modules[m]
			}
		}
	}
	for name, version := range packages {
		used[name] = version
	}
	for name, version := range used {
		if listed[name] != version {
			t.Errorf("docs/dependencies.md: %s %s is used, listed is %q", name, version, listed[name])
		}
	}
	for name, version := range listed {
		if modules[name] != version && packages[name] != version {
			t.Errorf("docs/dependencies.md: %s %s is listed but not required", name, version)
		}
	}
}

func read(t *testing.T, root, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// goModules are the required modules and their versions.
func goModules(t *testing.T, root string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(read(t, root, "go.mod")) {
		fields := slices.DeleteFunc(strings.Fields(line), func(s string) bool { return s == "require" })
		if len(fields) >= 2 && strings.HasPrefix(fields[1], "v") && strings.Contains(fields[0], ".") {
			out[fields[0]] = fields[1]
		}
	}
	return out
}

func npmPackages(t *testing.T, root string) map[string]string {
	var manifest struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, root, "web/package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, group := range []map[string]string{manifest.Dependencies, manifest.DevDependencies} {
		for name, version := range group {
			out[name] = version
		}
	}
	return out
}

// moduleOf is the required module that an import path belongs to, "" for our own and
// the standard library's.
func moduleOf(imported string, modules map[string]string) string {
	best := ""
	for m := range modules {
		if within(imported, m) && len(m) > len(best) {
			best = m
		}
	}
	return best
}
