package koogallery

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/money"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

const (
	keyV1, keyV2 = "9fa6c870-0000-4e9b-b71e-4c2233001560", "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
	theInstance  = "03pf80c2bae96vc49b80b917bea776d7"
	theOrder     = "CS1906666666ABCDE"
	named        = "CS1907777777ABCDE"
)

var (
	sentAt     = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	zone       = time.FixedZone("UTC+8", 8*3600)
	lastSecond = "2027-12-31T15:59:59Z" // 23:59:59 in the zone
)

// wire is a seller's server that keeps one request and gives one answer.
type wire struct {
	*httptest.Server
	method, query, body, kind string
	answer                    string
}

func serve(t *testing.T) *wire {
	s := &wire{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.method, s.query, s.body, s.kind = r.Method, r.URL.RawQuery, string(body), r.Header.Get("Content-Type")
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodGet {
			w.Header().Set("Body-Sign", saas.SignBody(keyV1, []byte(s.answer)))
		}
		io.WriteString(w, s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// stored is a call as it stands in the database, with all that an attempt reads beside it.
func stored(s *wire, generation, mode string, activity saas.Activity, p fulfillment.Purpose, params map[string]string) fulfillment.Attempt {
	line := order.Line{ID: theOrder + "-000001", OrderID: theOrder, SkuCode: "sku-1", PlanNumber: "OFFI1", ChargingMode: mode, Amount: money.Amount(199_90)}
	if mode == "PERIOD" || mode == "ON_DEMAND_PKG" {
		line.PeriodType, line.PeriodNumber = "year", 1
	}
	return fulfillment.Attempt{
		Call: fulfillment.Call{Activity: string(activity), Generation: strings.ToLower(generation), Purpose: p, OrderID: theOrder, OrderLineID: line.ID,
			Path: "/produceAPI", Parameters: params},
		Order: order.Order{ID: theOrder, AccountID: "acc_1"}, Line: line,
		Instance:  subscription.Instance{ID: "ins_1", OrderID: theOrder, OrderLineID: line.ID, ExternalID: theInstance, Generation: generation, ChargingMode: mode},
		Endpoint:  seller.Endpoint{Origin: s.URL, Development: true, V1Key: secret.NewString(keyV1), V2Key: secret.NewString(keyV2)},
		BuyerName: "测试 & <Co>", At: sentAt, Start: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Zone: zone, BusinessID: "b0000000000000000000000000000001",
	}
}

const ok = `{"resultCode":"000000","resultMsg":"success."}`

func code(c string) string { return `{"resultCode":"` + c + `","resultMsg":"no"}` }

// Every activity of both generations: from the stored call to the bytes of the request, and from
// the answer to the outcome. V1: the query without timeStamp and authToken, which are checked apart.
func TestEveryCallOnTheWire(t *testing.T) {
	created := `{"resultCode":"000000","instanceId":"` + theInstance + `","appInfo":{"frontEndUrl":"https://app.example/"}}`
	queried := `{"resultCode":"000000","info":[{"instanceId":"` + theInstance + `","appInfo":{"frontEndUrl":"https://app.example/"}}]}`
	type params = map[string]string
	renewal := params{fulfillment.ParamExpireAt: lastSecond}
	newPlan := params{fulfillment.ParamExpireAt: lastSecond, fulfillment.ParamProductID: "OFFI2", fulfillment.ParamPeriodType: "month", fulfillment.ParamPeriodNumber: "3",
		fulfillment.ParamOrderAmount: "-19.90"}
	target := params{fulfillment.ParamProductID: "OFFI2", fulfillment.ParamSkuCode: "sku-2", fulfillment.ParamAmount: "20", fulfillment.ParamDiskSize: "100",
		fulfillment.ParamBandWidth: "5", fulfillment.ParamExtendParams: "W10="}
	const buyer = "&customerId=acc_1&customerName=%E6%B5%8B%E8%AF%95%20%26%20%3CCo%3E"
	const id = "instanceId=" + theInstance
	for _, c := range []struct {
		name, generation, mode string
		activity               saas.Activity
		purpose                fulfillment.Purpose
		params                 params
		order                  string // the number drawn for the call; a refund order with its line
		want                   string
		success                string // its answer
		taken                  bool   // takes something away: 000003 ends it
	}{
		{"create period", "V1", "PERIOD", saas.NewInstance, fulfillment.Create, nil, "",
			"activity=newInstance&businessId=b0000000000000000000000000000001&chargingMode=1" + buyer + "&expireTime=20270102235959&orderAmount=199.90&orderId=" + theOrder + "&periodNumber=1&periodType=year&productId=OFFI1&provisionType=1&skuCode=sku-1&testFlag=0&trialFlag=0", created, false},
		{"create a trial", "V1", "PERIOD", saas.NewInstance, fulfillment.Create, nil, "trial",
			"activity=newInstance&amount=20&businessId=b0000000000000000000000000000001&chargingMode=1" + buyer + "&expireTime=20270102235959&orderAmount=199.90&orderId=" + theOrder + "&periodNumber=1&periodType=year&productId=OFFI1&provisionType=1&skuCode=sku-1&testFlag=0&trialFlag=1", created, false},
		{"create one-time", "V1", "ONE_TIME", saas.NewInstance, fulfillment.Create, nil, "",
			"activity=newInstance&businessId=b0000000000000000000000000000001&chargingMode=3" + buyer + "&orderAmount=199.90&orderId=" + theOrder + "&productId=OFFI1&provisionType=1&skuCode=sku-1&testFlag=0&trialFlag=0", created, false},
		{"create on-demand", "V1", "ON_DEMAND", saas.NewInstance, fulfillment.Create, nil, "",
			"activity=newInstance&businessId=b0000000000000000000000000000001&chargingMode=0" + buyer + "&orderAmount=199.90&orderId=" + theOrder + "&productId=OFFI1&provisionType=1&skuCode=sku-1&testFlag=0&trialFlag=0", created, false},
		{"create package", "V1", "ON_DEMAND_PKG", saas.NewInstance, fulfillment.Create, nil, "",
			"activity=newInstance&businessId=b0000000000000000000000000000001&chargingMode=5" + buyer + "&expireTime=20270102235959&orderAmount=199.90&orderId=" + theOrder + "&productId=OFFI1&provisionType=1&skuCode=sku-1&testFlag=0&trialFlag=0", created, false},
		{"query", "V1", "PERIOD", saas.QueryInstance, fulfillment.Ask, nil, "", "activity=queryInstance&" + id + "&testFlag=0", queried, false},
		{"renewal", "V1", "PERIOD", saas.RefreshInstance, fulfillment.Renew, renewal, named,
			"activity=refreshInstance&expireTime=20271231235959&" + id + "&orderId=" + named + "&testFlag=0", ok, false},
		{"renewal, other plan", "V1", "PERIOD", saas.RefreshInstance, fulfillment.Renew, newPlan, named,
			"activity=refreshInstance&expireTime=20271231235959&" + id + "&orderAmount=-19.90&orderId=" + named + "&periodNumber=3&periodType=month&productId=OFFI2&testFlag=0", ok, false},
		{"conversion", "V1", "PERIOD", saas.RefreshInstance, fulfillment.Convert, renewal, named,
			"activity=refreshInstance&expireTime=20271231235959&" + id + "&orderId=" + named + "&testFlag=0&trialToFormal=1", ok, false},
		{"conversion, other plan", "V1", "PERIOD", saas.RefreshInstance, fulfillment.Convert, newPlan, named,
			"activity=refreshInstance&expireTime=20271231235959&" + id + "&orderAmount=-19.90&orderId=" + named + "&periodNumber=3&periodType=month&productId=OFFI2&testFlag=0&trialToFormal=1", ok, false},
		{"cancelled renewal", "V1", "PERIOD", saas.RefreshInstance, fulfillment.CancelRenewal, renewal, named,
			"activity=refreshInstance&expireTime=20271231235959&" + id + "&orderId=" + named + "&testFlag=0", ok, false},
		{"thaw by renewal", "V1", "PERIOD", saas.RefreshInstance, fulfillment.Thaw, renewal, named,
			"activity=refreshInstance&expireTime=20271231235959&" + id + "&orderId=" + named + "&testFlag=0", ok, false},
		{"expiry", "V1", "PERIOD", saas.ExpireInstance, fulfillment.Expire, nil, "", "activity=expireInstance&" + id + "&orderId=" + theOrder + "&testFlag=0", ok, true},
		{"violation", "V1", "PERIOD", saas.ExpireInstance, fulfillment.Freeze, nil, "", "activity=expireInstance&" + id + "&orderId=" + theOrder + "&testFlag=0", ok, true},
		{"freeze on-demand", "V1", "ON_DEMAND", saas.InstanceStatus, fulfillment.Freeze, nil, "", "activity=instanceStatus&" + id + "&instanceStatus=FREEZE&testFlag=0", ok, true},
		{"freeze package at its end", "V1", "ON_DEMAND_PKG", saas.InstanceStatus, fulfillment.Expire, nil, "", "activity=instanceStatus&" + id + "&instanceStatus=FREEZE&testFlag=0", ok, true},
		{"thaw on-demand", "V1", "ON_DEMAND", saas.InstanceStatus, fulfillment.Thaw, nil, "", "activity=instanceStatus&" + id + "&instanceStatus=NORMAL&testFlag=0", ok, false},
		{"upgrade", "V1", "PERIOD", saas.Upgrade, fulfillment.Upgrade, target, named,
			"activity=upgrade&amount=20&bandWidth=5&diskSize=100&" + id + "&orderId=" + named + "&productId=OFFI2&saasExtendParams=W10%3D&skuCode=sku-2&testFlag=0", ok, false},
		{"release", "V1", "PERIOD", saas.ReleaseInstance, fulfillment.Release, nil, "", "activity=releaseInstance&" + id + "&orderId=" + theOrder + "&testFlag=0", ok, true},
		{"release of another id", "V1", "PERIOD", saas.ReleaseInstance, fulfillment.Release, params{fulfillment.ParamInstanceID: "inst-b"}, "",
			"activity=releaseInstance&instanceId=inst-b&orderId=" + theOrder + "&testFlag=0", ok, true},

		{"create", "V2", "PERIOD", saas.NewInstance, fulfillment.Create, nil, "",
			`{"activity":"newInstance","businessId":"b0000000000000000000000000000001","orderId":"` + theOrder + `","orderLineId":"` + theOrder + `-000001"}`, created, false},
		{"query", "V2", "ONE_TIME", saas.QueryInstance, fulfillment.Ask, nil, "", `{"activity":"queryInstance","instanceId":"` + theInstance + `"}`, queried, false},
		{"renewal", "V2", "PERIOD", saas.RefreshInstance, fulfillment.Renew, renewal, named,
			`{"activity":"refreshInstance","expireTime":"20271231155959","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001","scene":"RENEWAL"}`, ok, false},
		{"renewal, other plan", "V2", "PERIOD", saas.RefreshInstance, fulfillment.Renew, newPlan, named,
			`{"activity":"refreshInstance","expireTime":"20271231155959","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001","productId":"OFFI2","scene":"RENEWAL"}`, ok, false},
		{"conversion", "V2", "PERIOD", saas.RefreshInstance, fulfillment.Convert, renewal, named,
			`{"activity":"refreshInstance","expireTime":"20271231155959","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001","scene":"TRIAL_TO_FORMAL"}`, ok, false},
		{"cancelled renewal", "V2", "PERIOD", saas.RefreshInstance, fulfillment.CancelRenewal, renewal, named,
			`{"activity":"refreshInstance","expireTime":"20271231155959","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001","scene":"UNSUBSCRIBE_RENEWAL_PERIOD"}`, ok, false},
		{"renewal with a change", "V2", "PERIOD", saas.RefreshInstance, fulfillment.RenewChange, newPlan, named,
			`{"activity":"refreshInstance","expireTime":"20271231155959","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001","productId":"OFFI2","scene":"RENEWAL_CHANGE"}`, ok, false},
		{"freeze", "V2", "PERIOD", saas.UpdateInstanceStatus, fulfillment.Freeze, nil, "", `{"activity":"updateInstanceStatus","instanceId":"` + theInstance + `","status":"FREEZE"}`, ok, true},
		{"expiry", "V2", "ON_DEMAND_PKG", saas.UpdateInstanceStatus, fulfillment.Expire, nil, "", `{"activity":"updateInstanceStatus","instanceId":"` + theInstance + `","status":"FREEZE"}`, ok, true},
		{"thaw", "V2", "ON_DEMAND", saas.UpdateInstanceStatus, fulfillment.Thaw, nil, "", `{"activity":"updateInstanceStatus","instanceId":"` + theInstance + `","status":"UNFREEZE"}`, ok, false},
		{"upgrade", "V2", "PERIOD", saas.UpgradeInstance, fulfillment.Upgrade, target, named,
			`{"activity":"upgradeInstance","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001"}`, ok, false},
		{"check", "V2", "PERIOD", saas.ChangeInstanceCheck, fulfillment.Check, target, "",
			`{"activity":"changeInstanceCheck","instanceId":"` + theInstance + `","productInfo":"{\"linearValue\":20,\"productId\":\"OFFI2\",\"skuCode\":\"sku-2\"}"}`, ok, false},
		{"release after retention", "V2", "PERIOD", saas.ReleaseInstance, fulfillment.Release, nil, "", `{"activity":"releaseInstance","instanceId":"` + theInstance + `"}`, ok, true},
		{"release after a refund", "V2", "PERIOD", saas.ReleaseInstance, fulfillment.Release, nil, "refund:" + named,
			`{"activity":"releaseInstance","instanceId":"` + theInstance + `","orderId":"` + named + `","orderLineId":"` + named + `-000001"}`, ok, true},
	} {
		t.Run(c.generation+" "+c.name, func(t *testing.T) {
			s := serve(t)
			client := outbound.New(outbound.Config{})
			defer client.CloseIdle()
			caller := &Caller{Client: client}
			a := stored(s, c.generation, c.mode, c.activity, c.purpose, c.params)
			if refund, found := strings.CutPrefix(c.order, "refund:"); found {
				a.Call.OrderID, a.Call.OrderLineID = refund, order.LineID(refund, 1)
			} else if c.order == "trial" {
				a.Order.Kind, a.Line.Chosen.Quantity = order.Trial, &pricing.ChosenQuantity{Field: pricing.FieldAmount, Value: 20}
			} else {
				a.Call.NamedOrder = c.order
			}
			s.answer = c.success
			if r := caller.Send(context.Background(), a); r.Outcome != fulfillment.OK || r.Problem != nil || len(r.Warnings) > 0 {
				t.Errorf("success: %+v", r)
			}
			s.check(t, c.generation, c.want)

			unknown := fulfillment.Bad
			if c.taken {
				unknown = fulfillment.Gone
			}
			processing := fulfillment.Bad
			inProcess := code(saas.CodeProcessing)
			if c.generation == "V2" && c.activity == saas.NewInstance {
				processing, inProcess = fulfillment.Accepted, `{"resultCode":"000004","instanceId":"`+theInstance+`"}`
			}
			for answer, want := range map[string]fulfillment.Outcome{
				code(saas.CodeNoInstance): unknown, inProcess: processing, code(saas.CodeInternal): fulfillment.Bad, code("999999"): fulfillment.Bad,
				`{}`: fulfillment.Bad, `[]`: fulfillment.Bad, `not json`: fulfillment.Bad,
			} {
				s.answer = answer
				if r := caller.Send(context.Background(), a); r.Outcome != want || want == fulfillment.Bad && r.Problem == nil {
					t.Errorf("%s: %s (%v), want %s", answer, r.Outcome, r.Problem, want)
				}
			}
		})
	}
}

// check compares the request with the bytes wanted and verifies its signature.
func (s *wire) check(t *testing.T, generation, want string) {
	t.Helper()
	p, err := saas.ParseQuery(s.query)
	if err != nil {
		t.Fatal(err)
	}
	if generation == "V1" {
		bare, token, _ := strings.Cut(s.query, "&authToken=")
		stamped := strings.Replace(want, "&trialFlag", "&timeStamp=20260102030405678&trialFlag", 1)
		stamped = strings.Replace(stamped, "&trialToFormal", "&timeStamp=20260102030405678&trialToFormal", 1)
		if stamped == want {
			stamped += "&timeStamp=20260102030405678"
		}
		if s.method != http.MethodGet || s.body != "" || bare != stamped {
			t.Errorf("%s ?%s\nwant GET ?%s", s.method, bare, stamped)
		}
		if plain, err := url.QueryUnescape(token); err != nil || plain != saas.AuthToken(keyV1, p) {
			t.Errorf("authToken %q, %v", token, err)
		}
		return
	}
	if s.method != http.MethodPost || s.body != want || s.kind != "application/json;charset=utf8" {
		t.Errorf("%s %s\n%s\nwant\n%s", s.method, s.kind, s.body, want)
	}
	if err := saas.VerifyV2(keyV2, p, []byte(s.body), sentAt); err != nil || len(p[saas.ParamNonce]) != 64 || p[saas.ParamTimestamp] != "1767323045678" {
		t.Errorf("signature: %v, %v", p, err)
	}
}

// The table above knows every activity of both generations.
func TestNoActivityIsForgotten(t *testing.T) {
	s := serve(t)
	for _, g := range []saas.Generation{saas.V1, saas.V2} {
		for _, activity := range saas.Activities(g) {
			p := map[saas.Activity]fulfillment.Purpose{saas.RefreshInstance: fulfillment.Renew}[activity]
			a := stored(s, strings.ToUpper(string(g)), "PERIOD", activity, p, map[string]string{fulfillment.ParamExpireAt: lastSecond, fulfillment.ParamProductID: "OFFI2", fulfillment.ParamSkuCode: "sku"})
			call, _, err := (&Caller{}).build(a)
			if err != nil {
				t.Errorf("%s %s: %v", g, activity, err)
				continue
			}
			if !strings.Contains(call.URL+string(call.Body), string(activity)) {
				t.Errorf("%s %s: %s %s", g, activity, call.URL, call.Body)
			}
		}
	}
	for _, g := range []string{"V1", "V2"} { // what a generation has not is not sent
		for _, activity := range []saas.Activity{"", "dance", map[string]saas.Activity{"V1": saas.ChangeInstanceCheck, "V2": saas.ExpireInstance}[g]} {
			if r := (&Caller{}).Send(context.Background(), stored(s, g, "PERIOD", activity, "", nil)); r.Outcome != fulfillment.Bad || r.Problem.Code != "fulfillment.cannot_call" {
				t.Errorf("%s %q: %+v", g, activity, r)
			}
		}
	}
}

// An attempt's nonce is its own, and so are all signatures (saas.md §10).
func TestEachAttemptIsFresh(t *testing.T) {
	s := serve(t)
	for _, g := range []string{"V1", "V2"} {
		seen := map[string]bool{}
		for i := range 3 {
			a := stored(s, g, "PERIOD", saas.NewInstance, fulfillment.Create, nil)
			a.At = a.At.Add(time.Duration(i) * time.Minute)
			call, _, err := (&Caller{}).build(a)
			if err != nil {
				t.Fatal(err)
			}
			u, _ := url.Parse(call.URL)
			q := u.Query()
			for _, part := range []string{q.Get("authToken"), q.Get("timeStamp"), q.Get("signature"), q.Get("timestamp"), q.Get("nonce")} {
				if part != "" && seen[part] {
					t.Errorf("%s: %s was sent before", g, part)
				}
				seen[part] = true
			}
		}
	}
}
