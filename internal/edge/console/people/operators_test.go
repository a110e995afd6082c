package people_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/db"
)

func TestRealNameFromBothSides(t *testing.T) {
	run(t, func(s *site) {
		b, ops := s.owner("lin@example.com"), s.operator()
		account := b.call("GET", "/account", nil, 200).text("id")
		if err := s.d.Update(s.ctx, func(tx *db.Tx) error {
			_, err := db.Exec(s.ctx, tx, `insert into files (key, account_id, purpose, private, name, content_type, size, width, height, sha256, created_at)
values ('fil_1.pdf', $1, 'licence', true, 'licence.pdf', 'application/pdf', 1, 0, 0, '', 1)`, account)
			return err
		}); err != nil {
			s.Fatal(err)
		}
		in := map[string]any{"name": "Bamboo Works Ltd", "number": "91310000MA1K4XYZ8B", "files": []string{"fil_other.pdf"}}
		b.refused("PUT", "/account/real-name", in, 422, "invalid")
		in["files"] = slices.Repeat([]string{"fil_1.pdf"}, 6)
		if a := b.refused("PUT", "/account/real-name", in, 422, "invalid"); !strings.Contains(fmt.Sprint(a["fields"]), "too_many_items") {
			s.Errorf("%v", a)
		}
		in["files"] = []string{"fil_1.pdf"}
		if a := b.call("PUT", "/account/real-name", in, 200); a.text("realNameState") != "pending" || len(a["files"].([]any)) != 1 {
			s.Errorf("%v", a)
		}
		b.refused("PUT", "/account/real-name", in, 409, "realname.bad_transition")
		if list := ops.call("GET", "/messages", nil, 200).items(); len(list) != 1 || !strings.Contains(fmt.Sprint(list[0]), "Bamboo Works") {
			s.Errorf("%v", list)
		}
		if list := ops.call("GET", "/operator/accounts/"+account+"/users?q=nobody", nil, 200).items(); len(list) != 0 {
			s.Errorf("the filters of an account's users are not read: %v", list)
		}
		if list := ops.call("GET", "/operator/real-names", nil, 200).items(); len(list) != 1 {
			s.Errorf("%v", list)
		}
		c := ops.call("GET", "/operator/real-names/"+account, nil, 200)
		if ops.call("POST", "/operator/real-names/"+account+"/reveal", nil, 200).text("value") != "91310000MA1K4XYZ8B" {
			s.Error("the number is another")
		}
		path := "/operator/real-names/" + account
		ops.refused("POST", path+"/reject", map[string]any{"version": c["version"]}, 422, "invalid")
		ops.call("POST", path+"/reject", map[string]any{"version": c["version"], "reason": "the scan is blurred"}, 200)
		b.call("PUT", "/account/real-name", in, 200)
		ops.refused("POST", path+"/approve", map[string]any{"version": c["version"]}, 409, "realname.bad_transition")
		c = ops.call("GET", path, nil, 200)
		ops.call("POST", path+"/approve", map[string]any{"version": c["version"]}, 200)
		if a := b.call("GET", "/session", nil, 200); a["account"].(map[string]any)["realNameState"] != "verified" || a["unread"] != 2.0 {
			s.Errorf("%v", a)
		}
		if a := b.call("POST", "/messages/read-all", nil, 200); a["unread"] != 0.0 {
			s.Errorf("%v", a)
		}
		s.token("lin@example.com", "Your real name is confirmed")
		if w := ops.raw("GET", path+"/files/fil_2.pdf", nil); w.Code != 404 {
			s.Error(w.Code)
		}
	})
}

func TestOperatorsWork(t *testing.T) {
	run(t, func(s *site) {
		b, ops := s.owner("lin@example.com"), s.operator()
		list := ops.call("GET", "/operator/accounts?q=LIN@", nil, 200).items()
		if len(list) != 1 {
			s.Fatalf("%v", list)
		}
		id := list[0].(map[string]any)["id"].(string)
		ops.refused("POST", "/operator/accounts/"+id+"/suspend", map[string]any{}, 422, "invalid")
		ops.call("POST", "/operator/accounts/"+id+"/suspend", map[string]any{"reason": "unpaid bills"}, 200)
		b.refused("GET", "/account", nil, 401, "access.sign_in")
		ops.refused("POST", "/operator/accounts/"+id+"/suspend", map[string]any{"reason": "again"}, 409, "account.bad_transition")
		ops.call("POST", "/operator/accounts/"+id+"/reactivate", map[string]any{"reason": "paid"}, 200)
		ops.refused("GET", "/operator/accounts/acc_none", nil, 404, "account.not_found")
		if n := len(ops.call("GET", "/operator/accounts/"+id+"/users", nil, 200).items()); n != 1 {
			s.Error(n)
		}

		o := ops.call("POST", "/operator/operators", map[string]any{"email": "fin@example.com", "name": "=Finance", "roles": []string{"finance"}}, 201)
		fin := s.browser()
		fin.call("POST", "/invitations/accept", map[string]any{"token": s.token("fin@example.com", "operator"), "kind": "operator", "password": password}, 200)
		fin.refused("GET", "/operator/settings", nil, 403, "access.denied")
		fin.refused("GET", "/users", nil, 403, "access.denied")
		me := ops.call("GET", "/operator/operators", nil, 200).items()[0].(map[string]any)
		ops.refused("PUT", "/operator/operators/"+me["id"].(string), map[string]any{"version": me["version"], "name": "Operator", "roles": []string{"finance"}, "state": "active"}, 409, "operator.last_admin")
		_ = o

		set := ops.call("GET", "/operator/settings", nil, 200)
		shop := set["site"].(map[string]any)
		set = answer{"site": shop, "version": 0}
		shop["mail"] = map[string]any{"mode": "smtp", "host": "mx.example", "port": 587, "tls": "starttls", "user": "shop", "password": "mail password", "fromAddress": "shop@example.com", "fromName": ""}
		saved := ops.call("PUT", "/operator/settings", set, 200)
		if saved["mailPasswordSet"] != true || strings.Contains(fmt.Sprint(saved), "mail password") || saved["site"].(map[string]any)["mail"].(map[string]any)["password"] != "" {
			s.Errorf("%v", saved)
		}
		ops.refused("PUT", "/operator/settings", set, 409, "settings.changed")
		shop["logoKey"] = "fil_none.png"
		ops.refused("PUT", "/operator/settings", set, 422, "invalid")
		shop["logoKey"], shop["timeZone"], set["version"] = "", "Nowhere", 1
		ops.refused("PUT", "/operator/settings", set, 422, "invalid")

		if n := len(ops.call("GET", "/operator/audit?action=account.", nil, 200).items()); n != 3 {
			s.Errorf("%d entries", n)
		}
		ops.refused("GET", "/operator/audit?createdFrom=yesterday", nil, 422, "invalid")
		w := ops.raw("GET", "/operator/audit.csv?object=operator", nil)
		if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "\ufefftime,") || strings.Count(w.Body.String(), "\n") < 5 || strings.Contains(w.Body.String(), ",=Finance") {
			s.Errorf("%d %s", w.Code, w.Body)
		}
		if w := fin.raw("GET", "/operator/audit.csv", nil); w.Code != 403 {
			s.Error(w.Code)
		}
		if h := ops.call("GET", "/operator/jobs/health", nil, 200); h["ready"].(float64) < 3 {
			s.Errorf("%v", h)
		}
		if l := ops.call("GET", "/operator/jobs?kind=mail.send&limit=2", nil, 200); len(l.items()) != 2 || l["total"].(float64) < 3 {
			s.Errorf("%v", l)
		}
		if l := ops.call("GET", "/operator/mails?state=waiting", nil, 200).items(); len(l) < 3 || strings.Contains(fmt.Sprint(l), "#") {
			s.Errorf("%v", l)
		}
		if l := s.browser().call("GET", "/demo/mails?to=fin@example.com", nil, 200).items(); len(l) != 1 || !strings.Contains(fmt.Sprint(l), "/invitation?kind=operator#") {
			s.Errorf("%v", l)
		}
		if a := s.browser().call("GET", "/legal/terms", nil, 200); !strings.Contains(a.text("html"), "Terms of use</h") {
			s.Errorf("%v", a)
		}
	})
}

// Making somebody an operator is worth a password, as showing a secret is.
func TestOperatorsAreChangedAfterAFreshPasswordOnly(t *testing.T) {
	run(t, func(s *site) {
		ops := s.operator()
		guest := map[string]any{"email": "fin@example.com", "name": "Finance", "roles": []string{"finance"}}
		o := ops.call("POST", "/operator/operators", guest, 201)
		if err := s.d.Update(s.ctx, func(tx *db.Tx) error {
			_, err := db.Exec(s.ctx, tx, `update sessions set authenticated_at = 1`)
			return err
		}); err != nil {
			s.Fatal(err)
		}
		ops.call("PUT", "/profile", map[string]any{"name": "Operator", "locale": "en"}, 200) // known sessions are read anew
		guest["email"] = "eve@example.com"
		ops.refused("POST", "/operator/operators", guest, 403, "access.reauthenticate")
		change := map[string]any{"version": o["version"], "name": "Finance", "roles": []string{"platform_admin"}, "state": "active"}
		ops.refused("PUT", "/operator/operators/"+o.text("id"), change, 403, "access.reauthenticate")
		ops.call("POST", "/session/reauthenticate", map[string]any{"password": password}, 204)
		ops.call("PUT", "/operator/operators/"+o.text("id"), change, 200)
	})
}
