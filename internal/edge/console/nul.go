package console

import (
	"net/http"
	"reflect"
	"strings"
	"time"

	"jishi/internal/base/errs"
)

// A text with a zero character is no text that PostgreSQL keeps; SQLite would. It is
// refused here for both, as "http.bad_request" (Invalid), before any query sees it.
var errNUL = errs.Invalidf("http.bad_request")

// nulInURL looks at the path and the query, which plain handlers read by themselves.
func nulInURL(r *http.Request) bool {
	return strings.ContainsRune(r.URL.Path, 0) || strings.Contains(r.URL.RawQuery, "%00")
}

var timeType = reflect.TypeFor[time.Time]()

// nulIn looks into all texts of an input.
func nulIn(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return strings.IndexByte(v.String(), 0) >= 0
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && nulIn(v.Elem())
	case reflect.Struct:
		if v.Type() == timeType {
			return false
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); (f.IsExported() || f.Anonymous) && nulIn(v.Field(i)) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		if k := v.Type().Elem().Kind(); k >= reflect.Bool && k <= reflect.Complex128 {
			return false
		}
		for i := range v.Len() {
			if nulIn(v.Index(i)) {
				return true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if nulIn(it.Key()) || nulIn(it.Value()) {
				return true
			}
		}
	}
	return false
}
