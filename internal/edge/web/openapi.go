package web

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// openAPI is the part of an OpenAPI 3.1 document that the reference page shows.
type openAPI struct {
	Info struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Version     string `json:"version"`
	} `json:"info"`
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	ID          string             `json:"operationId"`
	Summary     string             `json:"summary"`
	Description string             `json:"description"`
	Tags        []string           `json:"tags"`
	Parameters  []parameter        `json:"parameters"`
	RequestBody *content           `json:"requestBody"`
	Responses   map[string]content `json:"responses"`
	Security    []json.RawMessage  `json:"security"`

	Method, Path string          `json:"-"`
	Body         []field         `json:"-"`
	Answer       []field         `json:"-"`
	Status       string          `json:"-"`
	Problems     []problemStatus `json:"-"`
}

type parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Required    bool   `json:"required"`
	Description string `json:"description"`
	Schema      schema `json:"schema"`
}

// Type is the parameter's type for people.
func (p parameter) Type() string { return p.Schema.name() }

type content struct {
	Description string `json:"description"`
	Content     map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

type problemStatus struct{ Status, Text string }

type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"`
	Format               string            `json:"format"`
	Description          string            `json:"description"`
	Enum                 []any             `json:"enum"`
	Properties           map[string]schema `json:"properties"`
	Required             []string          `json:"required"`
	Items                *schema           `json:"items"`
	AdditionalProperties any               `json:"additionalProperties"`
}

// name is the type for people: "string (date-time)", "list of Order".
func (s schema) name() string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	if s.Items != nil {
		return "list of " + s.Items.name()
	}
	var kinds []string
	switch t := s.Type.(type) {
	case string:
		kinds = []string{t}
	case []any:
		for _, k := range t {
			if text, ok := k.(string); ok && text != "null" {
				kinds = append(kinds, text)
			}
		}
	}
	out := strings.Join(kinds, " or ")
	if out == "" {
		out = "any"
	}
	if s.Format != "" {
		out += " (" + s.Format + ")"
	}
	return out
}

// field is one line of a body; Depth is its indentation.
type field struct {
	Name, Type, Description string
	Required                bool
	Depth                   int
}

type group struct {
	Name       string
	Operations []operation
}

var methods = []string{"get", "post", "put", "patch", "delete"}

// groups are the operations by tag, in the order of their paths.
func (d openAPI) groups() []group {
	byTag := map[string][]operation{}
	base := ""
	if len(d.Servers) > 0 {
		base = strings.TrimSuffix(d.Servers[0].URL, "/")
	}
	for path, item := range d.Paths {
		for _, method := range methods {
			raw, ok := item[method]
			if !ok {
				continue
			}
			var op operation
			if json.Unmarshal(raw, &op) != nil {
				continue // the document is our own; what does not read is left out
			}
			op.Method, op.Path = strings.ToUpper(method), base+path
			d.fill(&op)
			tag := "other"
			if len(op.Tags) > 0 && op.Tags[0] != "" {
				tag = op.Tags[0]
			}
			byTag[tag] = append(byTag[tag], op)
		}
	}
	var out []group
	for name, list := range byTag {
		slices.SortFunc(list, func(a, b operation) int {
			return cmp.Or(strings.Compare(a.Path, b.Path), slices.Index(methods, strings.ToLower(a.Method))-slices.Index(methods, strings.ToLower(b.Method)))
		})
		out = append(out, group{name, list})
	}
	slices.SortFunc(out, func(a, b group) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (d openAPI) fill(op *operation) {
	if op.RequestBody != nil {
		op.Body = d.fieldsOf(*op.RequestBody)
	}
	for status, c := range op.Responses {
		if strings.HasPrefix(status, "2") {
			op.Status, op.Answer = status, d.fieldsOf(c)
		} else if status != "default" {
			op.Problems = append(op.Problems, problemStatus{status, c.Description})
		}
	}
	slices.SortFunc(op.Problems, func(a, b problemStatus) int { return strings.Compare(a.Status, b.Status) })
}

// maxDepth bounds how deep bodies are unfolded; a type that holds itself ends there.
const maxDepth = 4

func (d openAPI) fieldsOf(c content) []field {
	for _, media := range c.Content {
		return d.unfold(nil, media.Schema, 0)
	}
	return nil
}

func (d openAPI) unfold(out []field, s schema, depth int) []field {
	s = d.resolve(s)
	if s.Items != nil && depth == 0 {
		out = append(out, field{Name: "[]", Type: s.name()})
		return d.unfold(out, *s.Items, 1)
	}
	if depth > maxDepth {
		return out
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		if name != "$schema" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		p := s.Properties[name]
		inner := d.resolve(p)
		text := cmp.Or(p.Description, inner.Description)
		if values := enum(inner); values != "" {
			text = strings.TrimSpace(text + " " + values)
		}
		out = append(out, field{Name: name, Type: p.name(), Description: text, Required: slices.Contains(s.Required, name), Depth: depth})
		if p.Items != nil {
			inner = d.resolve(*p.Items)
		}
		out = d.unfold(out, inner, depth+1)
	}
	return out
}

func (d openAPI) resolve(s schema) schema {
	if s.Ref == "" {
		return s
	}
	return d.Components.Schemas[s.name()]
}

func enum(s schema) string {
	var out []string
	for _, v := range s.Enum {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return strings.Join(out, " | ")
}
