package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/errs"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

// document is what the test reads of the API's document.
type document struct {
	Paths map[string]map[string]struct {
		OperationID string
		Description string
		Security    []map[string][]string
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   schemaOf
		}
		RequestBody *struct {
			Content map[string]struct{ Schema schemaOf }
		}
	}
	Components struct{ Schemas map[string]schemaOf }
}

type schemaOf struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Enum       []any
	Required   []string
	Properties map[string]schemaOf
}

// least is the smallest value that has the form of a schema.
func (d *document) least(s schemaOf) any {
	if s.Ref != "" {
		return d.least(d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]])
	}
	kind, _ := s.Type.(string)
	if kinds, ok := s.Type.([]any); ok {
		kind, _ = kinds[0].(string)
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case kind == "object":
		out := map[string]any{}
		for _, name := range s.Required {
			out[name] = d.least(s.Properties[name])
		}
		return out
	case kind == "array":
		return []any{}
	case kind == "integer", kind == "number":
		return 1
	case kind == "boolean":
		return false
	case s.Format == "date-time":
		return "2026-01-01T00:00:00Z"
	}
	return "1"
}

var needs = regexp.MustCompile("Needs the permission `([a-z_]+:[a-z_]+)`")
var parameter = regexp.MustCompile(`\{[a-zA-Z]+\}`)

// Whoever has every permission but the one that an operation needs is refused, and so are
// visitors, and users at operators' operations: all operations of the document.
func TestEveryOperationRefusesTheWrongUser(t *testing.T) {
	a := &App{Config: Config{Demo: true, NoLimits: true}, Log: quiet}
	a.build()
	var caller access.Caller
	c := a.Console()
	c.TokenOf = func(context.Context, string, string) (access.Caller, error) {
		if caller.Kind == "" {
			return caller, errs.Unauthenticatedf("access.bad_token")
		}
		return caller, nil
	}
	raw, err := c.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	h := c.Handler()
	ofOperators := []access.Permission{}
	for _, role := range access.Roles {
		ofOperators = append(ofOperators, role...)
	}
	ofUsers := slices.Concat(access.Buyer, access.Seller)
	without := func(all []access.Permission, p string) []access.Permission {
		return slices.DeleteFunc(slices.Clone(all), func(x access.Permission) bool { return string(x) == p })
	}
	tried := 0
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op.OperationID == "" || len(op.Security) == 0 {
				if strings.HasPrefix(path, "/operator/") && op.OperationID != "sign-in-operator" {
					t.Errorf("%s %s is open to visitors", method, path)
				}
				continue
			}
			var body []byte
			if op.RequestBody != nil {
				content, ok := op.RequestBody.Content["application/json"]
				if !ok {
					continue // an upload: its own tests
				}
				if body, err = json.Marshal(d.least(content.Schema)); err != nil {
					t.Fatal(err)
				}
			}
			try := func(who string, as access.Caller, want int) {
				tried++
				caller = as
				target := "/api/v1" + parameter.ReplaceAllString(path, "1")
				for i, p := range op.Parameters {
					if p.Required && p.In == "query" {
						target += map[bool]string{true: "?", false: "&"}[i == 0 || !strings.Contains(target, "?")] + p.Name + "=1"
					}
				}
				r := httptest.NewRequest(strings.ToUpper(method), target, bytes.NewReader(body))
				r.Header.Set("Authorization", "Bearer jst_x")
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Idempotency-Key", "1")
				w := httptest.NewRecorder()
				func() {
					defer func() {
						if recover() != nil { // it went to the database, which is not there
							w.Code = http.StatusOK
						}
					}()
					h.ServeHTTP(w, r)
				}()
				if w.Code != want {
					t.Errorf("%s (%s %s) as %s: %d, want %d %.200s", op.OperationID, method, path, who, w.Code, want, w.Body)
				}
			}
			user := access.Caller{Kind: identity.KindUser, UserID: "usr_1", AccountID: "acc_1", SellerID: "sel_1", Owner: true, TokenID: "tok_1"}
			operator := access.Caller{Kind: "operator", UserID: "opr_1", TokenID: "tok_2"}
			try("a visitor", access.Caller{}, http.StatusUnauthorized)
			needed := ""
			if m := needs.FindStringSubmatch(op.Description); m != nil {
				needed = m[1]
				u, o := user, operator
				u.Permissions, o.Permissions = without(ofUsers, needed), without(ofOperators, needed)
				try("a user without "+needed, u, http.StatusForbidden)
				try("an operator without "+needed, o, http.StatusForbidden)
				if slices.Contains(access.Seller, access.Permission(needed)) && needed != string(access.SellerApply) {
					u.SellerID, u.Permissions = "", ofUsers
					try("an account that is no seller", u, http.StatusForbidden)
				}
			}
			if strings.HasPrefix(path, "/operator/") {
				user.Permissions = ofUsers
				try("a user with all that users can have", user, http.StatusForbidden)
			} else if needed != "" {
				operator.Permissions = ofOperators
				try("an operator with all that operators can have", operator, http.StatusForbidden)
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d requests", tried)
	}
}
