package errs

import (
	"strings"
	"unicode/utf8"
)

// Check gathers the faults of an input, one per field, so that a person sees all of
// them at once. The zero value is ready.
type Check struct{ fields []Field }

// maxFields bounds the faults that are told: nobody reads more, and a list that was made
// to be long must not cost the square of its length.
const maxFields = 100

// Add notes a fault of a field. Only the first fault of a field is kept, and the first
// hundred faults of an input.
func (c *Check) Add(path, code string, pairs ...any) {
	if len(c.fields) >= maxFields {
		return
	}
	for _, f := range c.fields {
		if f.Path == path {
			return
		}
	}
	c.fields = append(c.fields, Field{Path: path, Code: code, Args: args(pairs)})
}

// Required wants a text that is not blank.
func (c *Check) Required(path, value string) bool {
	if strings.TrimSpace(value) == "" {
		c.Add(path, "required")
		return false
	}
	return true
}

// Length wants min to max characters (a full-width character counts as one). An
// empty text passes when min is 0 and is "required" otherwise.
func (c *Check) Length(path, value string, min, max int) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(value))
	switch {
	case n == 0 && min > 0:
		c.Add(path, "required")
	case n < min || n > max:
		c.Add(path, "length", "min", min, "max", max, "actual", n)
	default:
		return true
	}
	return false
}

// OneOf wants one of the allowed values.
func (c *Check) OneOf(path, value string, allowed ...string) bool {
	for _, a := range allowed {
		if a == value {
			return true
		}
	}
	if value == "" {
		c.Add(path, "required")
	} else {
		c.Add(path, "one_of", "allowed", strings.Join(allowed, ", "))
	}
	return false
}

// Range wants min ≤ value ≤ max.
func (c *Check) Range(path string, value, min, max int64) bool {
	if value < min || value > max {
		c.Add(path, "range", "min", min, "max", max)
		return false
	}
	return true
}

// Merge takes over the field faults of err under a path prefix and reports whether
// err was such an error; another error is not swallowed.
func (c *Check) Merge(prefix string, err error) bool {
	e, ok := As(err)
	if !ok || len(e.Fields) == 0 {
		return false
	}
	for _, f := range e.Fields {
		c.fields = append(c.fields, Field{Path: prefix + f.Path, Code: f.Code, Args: f.Args})
	}
	return true
}

// OK tells whether no fault was found so far.
func (c *Check) OK() bool { return len(c.fields) == 0 }

// Err is nil, or an Invalid error with the code "invalid" and one entry per field.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Fields: c.fields}
}
