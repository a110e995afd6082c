package console

import (
	"path"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// schemaName names a type in the API's document by its package and its own name, since
// several modules have a Step or a Row: seller.Step is SellerStep, orders.orderView is
// OrderView (what the package's name says already is not said twice), and
// page.Page[orders.row] is PageOrdersRow. A type without a name is named after the
// operation that is being registered: SubmitProductRequest.
func (c *Console) schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		operation := ""
		for part := range strings.SplitSeq(c.registering, "-") {
			operation += capital(part)
		}
		switch {
		case strings.Contains(hint, "["): // output[struct…]
			return operation + "Response"
		case strings.HasSuffix(hint, "Body") || strings.HasSuffix(hint, "Request"):
			return operation + "Request"
		}
		return operation + capital(hint)
	}
	name, arguments, _ := strings.Cut(t.Name(), "[")
	out := qualified(t.PkgPath(), name)
	for _, argument := range strings.FieldsFunc(arguments, func(r rune) bool { return r == '[' || r == ']' || r == '*' || r == ',' }) {
		dot := strings.LastIndexByte(argument, '.')
		out += qualified(argument[:max(dot, 0)], argument[dot+1:])
	}
	return out
}

func qualified(pkg, name string) string {
	name = capital(name)
	short := path.Base(pkg)
	if pkg == "" || short == "console" || strings.HasPrefix(pkg, reflect.TypeFor[huma.Operation]().PkgPath()) ||
		strings.HasPrefix(strings.ToLower(name), strings.TrimSuffix(short, "s")) {
		return name
	}
	return capital(short) + name
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
