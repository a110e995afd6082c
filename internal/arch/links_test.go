package arch

import (
	"bufio"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The pages lead readers from one to the next and into the code. A renamed file or
// heading breaks that silently, so every relative link must have its target.
func TestLinksBetweenPages(t *testing.T) {
	pages := markdown(t)
	for name, page := range pages {
		for _, link := range page.links {
			u, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %q is not a link", name, link)
				continue
			}
			if u.Scheme != "" || u.Host != "" {
				continue // other sites are not ours to check
			}
			target := name
			if u.Path != "" {
				target = filepath.Join(filepath.Dir(name), filepath.FromSlash(u.Path))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s leads nowhere", name, link)
				continue
			}
			if other, ok := pages[target]; ok && u.Fragment != "" && !other.headings[u.Fragment] {
				t.Errorf("%s: %s names a heading that does not exist", name, link)
			}
		}
	}
}

type page struct {
	links    []string
	headings map[string]bool
}

var (
	linkPattern    = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)`)
	htmlPattern    = regexp.MustCompile(`\b(?:src|href)="([^"]+)"`)
	codePattern    = regexp.MustCompile("`[^`]*`")
	headingPattern = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*$`)
	notInAnchor    = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`)
)

// markdown reads all pages of the repository, code in them left out.
func markdown(t *testing.T) map[string]page {
	t.Helper()
	out := map[string]page{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || elsewhere[d.Name()]):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".md":
			return nil
		}
		out[name], err = readPage(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("no pages found")
	}
	return out
}

// elsewhere are folders whose pages are not ours or not committed.
var elsewhere = map[string]bool{"node_modules": true, "dist": true, "bin": true, "data": true, "test-results": true, "testdata": true}

func readPage(name string) (page, error) {
	f, err := os.Open(name)
	if err != nil {
		return page{}, err
	}
	defer f.Close()
	p := page{headings: map[string]bool{}}
	inCode := false
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inCode = !inCode
			continue
		}
		if inCode {
			continue
		}
		if m := headingPattern.FindStringSubmatch(line); m != nil {
			p.headings[anchor(m[1])] = true
		}
		line = codePattern.ReplaceAllString(line, "")
		for _, pattern := range []*regexp.Regexp{linkPattern, htmlPattern} {
			for _, m := range pattern.FindAllStringSubmatch(line, -1) {
				p.links = append(p.links, m[1])
			}
		}
	}
	return p, lines.Err()
}

// anchor is the name under which a heading is linked to.
func anchor(heading string) string {
	text := regexp.MustCompile(`\]\([^)]*\)`).ReplaceAllString(heading, "")
	text = notInAnchor.ReplaceAllString(strings.ToLower(text), "")
	return strings.ReplaceAll(text, " ", "-")
}
