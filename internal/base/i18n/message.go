package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"jishi/internal/texts"
)

// catalogue is read once, at the first message, and never changes.
var catalogue = sync.OnceValue(func() map[Lang]map[string]string {
	all := make(map[Lang]map[string]string, 2)
	for _, l := range []Lang{ZH, EN} {
		loaded, err := load(texts.Files, l)
		if err != nil {
			panic(err) // the files are part of the program; a test reads them all
		}
		all[l] = loaded
	}
	return all
})

// load merges all files of one language.
func load(files fs.FS, l Lang) (map[string]string, error) {
	names, err := fs.Glob(files, string(l)+"/*.json")
	if err != nil {
		return nil, err
	}
	out := make(map[string]string)
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var part map[string]string
		if err := json.Unmarshal(raw, &part); err != nil {
			return nil, fmt.Errorf("texts %s: %w", name, err)
		}
		for code, text := range part {
			if _, twice := out[code]; twice {
				return nil, fmt.Errorf("texts %s: %s stands in another file too", path.Base(name), code)
			}
			out[code] = text
		}
	}
	return out, nil
}

// Message gives the text of a code in l with its {name} placeholders filled from
// args. A code of a module without a text of its own ("seller.length") falls back to
// the generic one ("length"), a text missing in l to the other language, and an
// unknown code to itself. A placeholder without a value stays as it is.
func Message(l Lang, code string, args map[string]any) string {
	text, ok := lookup(l, code)
	if !ok {
		return code
	}
	return fill(text, l, args)
}

// Has tells whether Message knows a text for the code.
func Has(code string) bool {
	_, ok := lookup(ZH, code)
	return ok
}

func lookup(l Lang, code string) (string, bool) {
	generic := code[strings.LastIndexByte(code, '.')+1:]
	for _, c := range [...]string{code, generic} {
		for _, lang := range [...]Lang{l, l.Other()} {
			if text, ok := catalogue()[lang][c]; ok {
				return text, true
			}
		}
	}
	return "", false
}

// fill puts values into placeholders in one pass: braces inside a value stay text.
func fill(text string, l Lang, args map[string]any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := args[name]
		switch {
		case !closed:
			out.WriteString("{" + rest)
			return out.String()
		case known:
			out.WriteString(show(value, l))
		default:
			out.WriteString("{" + name + "}")
		}
		text = after
	}
}

func show(value any, l Lang) string {
	switch v := value.(type) {
	case Text:
		return v.In(l)
	case string:
		return v
	}
	return fmt.Sprint(value)
}
