package saas

import (
	"slices"
	"strings"
)

// Variant is how the calls to one address differ from the documents, for servers in use that demand it (saas.md §12).
// The zero value is the documented form.
type Variant struct {
	// LowerHex sends the V2 signature in lower-case hex digits instead of upper-case ones.
	LowerHex bool
	// ProductInfoObject sends productInfo of changeInstanceCheck as a JSON object instead of its text (saas.md §7.7).
	ProductInfoObject bool
	// Suppress names V1 parameters that are neither sent nor signed, for servers that compute authToken over a fixed
	// list of names. A parameter that the activity demands is sent all the same, and so is testFlag=1: without it a
	// debug call would look like a purchase.
	Suppress []string
}

// Suppressible are the names that Variant.Suppress may hold, ascending: parameters that at least one V1 activity does
// not demand. customerName is not among them, since one edition of the document demands it.
func Suppressible() []string {
	var names []string
	for _, a := range Activities(V1) {
		for _, f := range Fields(V1, a) {
			if !f.Mandatory && f.Name != "customerName" && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// suppress removes from a V1 call what the address does not want to see.
func (v Variant) suppress(p Params) {
	if len(v.Suppress) == 0 {
		return
	}
	allowed := Suppressible()
	for _, f := range Fields(V1, Activity(p[ParamActivity])) {
		if f.Mandatory {
			allowed = slices.DeleteFunc(allowed, func(n string) bool { return n == f.Name })
		}
	}
	for _, n := range v.Suppress {
		if slices.Contains(allowed, n) && !(n == ParamTestFlag && p[n] == "1") {
			delete(p, n)
		}
	}
}

// body is the canonical body of a V2 call, with productInfo as the address reads it. A productInfo that is no JSON
// object stays text.
func (v Variant) body(p Params) []byte {
	if v.ProductInfoObject && Activity(p[ParamActivity]) == ChangeInstanceCheck {
		if object, ok := canonicalObject(Clean(p[paramProductInfo])); ok {
			return canonicalBody(p, map[string][]byte{paramProductInfo: object})
		}
	}
	return CanonicalBody(p)
}

func (v Variant) signature(hex string) string {
	if v.LowerHex {
		return strings.ToLower(hex)
	}
	return hex
}
