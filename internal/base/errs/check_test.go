package errs_test

import (
	"fmt"
	"testing"

	"jishi/internal/base/errs"
)

// A client decides how long a list is; telling its faults must not cost the square of it.
func TestFaultsAreBounded(t *testing.T) {
	var c errs.Check
	for i := range 300_000 {
		c.Add(fmt.Sprintf("items[%d]", i), "required")
	}
	e, ok := errs.As(c.Err())
	if !ok || e.Kind != errs.Invalid || len(e.Fields) != 100 || e.Fields[99].Path != "items[99]" {
		t.Errorf("%v, %d fields", ok, len(e.Fields))
	}
}
