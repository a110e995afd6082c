package orders_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

// What an operator may see and send for an instance, and who may not.
func TestOperatorsSendCallsForInstances(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		o := a.Buy("V1")
		pending := a.Instance(o).ID
		shown := a.want(200, "", "support", "GET", "/operator/instances/"+pending, nil)
		if refused := possible(shown, "freeze")["refused"]; refused == nil || refused.(map[string]any)["code"] != "instance.not_at_seller" {
			t.Error("a freeze before the delivery:", refused)
		}
		a.Step()
		path := "/operator/instances/" + pending
		freeze := map[string]any{"call": "freeze", "reason": "spam was sent from it"}
		for who, status := range map[string]int{"": 401, "buyer": 403, "seller": 403, "rival": 403, "support": 403, "finance": 403, "reviewer": 403} {
			a.want(status, "", who, "POST", path+"/calls", freeze)
			a.want(status, "", who, "POST", path+"/ask", map[string]any{"call": "ask"})
		}
		for who, status := range map[string]int{"": 401, "buyer": 403, "seller": 403, "reviewer": 403, "support": 200, "finance": 200} {
			a.want(status, "", who, "GET", path, nil)
			a.want(status, "", who, "GET", "/operator/instances", nil)
		}
		a.want(404, "instance.not_found", "manager", "GET", "/operator/instances/ins_none", nil)
		a.want(404, "instance.not_found", "manager", "POST", "/operator/instances/ins_none/calls", freeze)

		shown = a.want(200, "", "manager", "GET", path, nil)
		if shown["access"] != nil || strings.Contains(shown["planNumber"].(string), " ") || len(shown["plans"].([]any)) != 1 {
			t.Error(shown)
		}
		if activity := possible(shown, "freeze")["activity"]; activity != "expireInstance" {
			t.Error("a V1 period product is frozen by", activity)
		}
		if x := possible(shown, "check"); x != nil {
			t.Error("V1 has no check:", x)
		}
		wrong := a.want(422, "invalid", "manager", "POST", path+"/calls", map[string]any{"call": "renew", "reason": "x", "expiresAt": time.Now().AddDate(-1, 0, 0)})
		if text := fields(wrong); text != "expiresAt reason" {
			t.Error("faults of", text)
		}
		sent := a.want(201, "", "manager", "POST", path+"/calls", freeze)
		if again := a.want(201, "", "manager", "POST", path+"/calls", freeze); again["callId"] != sent["callId"] {
			t.Error("the same key sent twice")
		}
		if n := a.Count(`select count(*) from fulfillment_calls where purpose = 'freeze'`); n != 1 {
			t.Error(n, "calls")
		}
		a.Step()
		if list := a.want(200, "", "support", "GET", "/operator/instances?frozen=true&state=RETENTION&generation=V1&q=buyer", nil); list["total"] != float64(1) {
			t.Error("the list of frozen ones:", list)
		}
		if list := a.want(200, "", "support", "GET", "/operator/instances?generation=V2", nil); list["total"] != float64(0) {
			t.Error(list)
		}
		if mine := a.want(200, "", "buyer", "GET", "/instances/"+pending, nil); mine["state"] != "RETENTION" || mine["frozen"] != true || mine["frozenReason"] != "spam was sent from it" {
			t.Error("the buyer sees", mine)
		}
		if calls := a.want(200, "", "support", "GET", "/operator/calls?q="+pending, nil); calls["total"] != float64(2) {
			t.Error("calls of the instance:", calls["total"])
		}
	})
}

func possible(shown map[string]any, call string) map[string]any {
	for _, x := range shown["possible"].([]any) {
		if m := x.(map[string]any); m["call"] == call {
			return m
		}
	}
	return nil
}

func fields(problem map[string]any) string {
	var names []string
	list, _ := problem["fields"].([]any)
	for _, f := range list {
		names = append(names, f.(map[string]any)["field"].(string))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
