package integration

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/integration"
	"jishi/wire/saas"
)

// fieldView is a parameter of a scenario's form.
type fieldView struct {
	Name      string   `json:"name" doc:"Of the parameter; the key in parameters"`
	Kind      string   `json:"kind" doc:"text, number, choice, time (yyyyMMddHHmmss), json, extend_params (JSON list of {name, value}, sent as Base64), encrypted (entered plain, sent encrypted), generated (drawn anew by each run) or fixed (makes the scenario what it is)"`
	Editable  bool     `json:"editable" doc:"Only these are sent back"`
	Mandatory bool     `json:"mandatory"`
	Max       int      `json:"max" doc:"Characters, 0 is no documented limit"`
	Values    []string `json:"values" doc:"Of a choice"`
	Value     string   `json:"value" doc:"To begin with: of the saved case, else the preset one"`
}

// scenarioView is a scenario of the debug page with its form.
type scenarioView struct {
	Key          string           `json:"key" doc:"Stable name, for example refreshInstance.renewal"`
	Title        string           `json:"title"`
	Activity     saas.Activity    `json:"activity" doc:"The call; scenarios of one activity share a tab"`
	Modes        []string         `json:"modes" doc:"Products with one of these charging modes need the case: PERIOD, ONE_TIME, ON_DEMAND, ON_DEMAND_PKG"`
	Feature      saas.Feature     `json:"feature" doc:"What a product offers that needs the case: upgrade, change, trial, extend-params, contact; empty when the charging mode alone decides"`
	Creates      bool             `json:"creates" doc:"It makes an instance, which later scenarios call"`
	InstanceFrom string           `json:"instanceFrom" doc:"Scenario whose instance is called, * for any"`
	EncryptType  saas.EncryptType `json:"encryptType" doc:"Of the saved case; only forms with encrypted fields use it: 1 is AES-256, 2 is AES-128"`
	Fields       []fieldView      `json:"fields"`
	Case         *CaseView        `json:"case,omitempty" doc:"The saved case, if there is one"`
}

func modesOf(list []saas.ChargingMode) []string {
	out := []string{}
	for _, m := range list {
		out = append(out, integration.ModeName(m))
	}
	return out
}

// runBody is what is run.
type runBody struct {
	TargetBody
	Scenario       string            `json:"scenario" doc:"Key of a scenario"`
	Parameters     map[string]string `json:"parameters" doc:"All editable fields that are to be sent; blank ones are not sent"`
	EncryptType    saas.EncryptType  `json:"encryptType" required:"false" doc:"1 (AES-256, default) or 2 (AES-128): how encrypted fields are sent, V1"`
	Save           bool              `json:"save" required:"false" doc:"Debug and save: a passed run becomes the case of the scenario, in the place of an older one"`
	Pending        bool              `json:"pending" required:"false" doc:"Sign with the second key of a rotation (V2); cannot be saved"`
	WrongSignature bool              `json:"wrongSignature" required:"false" doc:"Sign wrongly on purpose: the server must refuse. Nothing is saved"`
}

func (b runBody) input(sellerID string) integration.RunInput {
	return integration.RunInput{Target: b.target(sellerID), Scenario: b.Scenario, Parameters: b.Parameters, EncryptType: b.EncryptType,
		Save: b.Save, Pending: b.Pending, WrongSignature: b.WrongSignature}
}

type runInput struct{ Body runBody }

// RunsInput are the filters of the history.
type RunsInput struct {
	console.ListInput
	AddressID  string `query:"addressId" required:"false"`
	Path       string `query:"path" required:"false"`
	Generation string `query:"generation" required:"false" doc:"v1 or v2"`
	Scenario   string `query:"scenario" required:"false"`
	Source     string `query:"source" required:"false" doc:"debug, rerun, submit, approve, probe or pending"`
	Result     string `query:"result" required:"false" doc:"passed or failed"`
}

func (in RunsInput) filter(sellerID string) integration.RunFilter {
	return integration.RunFilter{SellerID: sellerID, AddressID: in.AddressID, Path: in.Path, Generation: in.Generation, Scenario: in.Scenario, Source: in.Source, Result: in.Result}
}

func (a api) debugging() {
	console.Read(a.c, console.Op{Path: "/seller/integration/scenarios", ID: "list-integration-scenarios", Tag: tagSeller, Need: access.AddressRead,
		Summary: "Scenarios of the debug page for an address and path, with their forms"}, a.scenarios)
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/seller/integration/requests", ID: "build-integration-request", Tag: tagSeller, Need: access.AddressWrite,
		Summary: "The signed request of a run, without making it: link address in V1, command in V2"},
		func(ctx context.Context, in *runInput) (requestView, error) {
			id, err := own(ctx)
			if err != nil {
				return requestView{}, err
			}
			call, err := a.Integration.Request(ctx, in.Body.input(id))
			if err != nil {
				return requestView{}, err
			}
			return requestOf(integration.ExchangeOf(call)), nil
		})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/seller/integration/runs", ID: "run-integration-scenario", Tag: tagSeller, Need: access.AddressWrite,
		Summary: "Make one debug run and judge the answer; what the server does wrong is in the answer's problem and checks"},
		func(ctx context.Context, in *runInput) (runDetail, error) {
			id, err := own(ctx)
			if err != nil {
				return runDetail{}, err
			}
			r, err := a.Integration.Debug(ctx, in.Body.input(id))
			if err != nil {
				return runDetail{}, err
			}
			return runDetailOf(console.LangFrom(ctx), r), nil
		})
	console.Read(a.c, console.Op{Path: "/seller/integration/runs", ID: "list-integration-runs", Tag: tagSeller, Need: access.AddressRead, Summary: "History of runs, kept for 180 days, newest first"},
		func(ctx context.Context, in *RunsInput) (page.Page[RunView], error) {
			id, err := own(ctx)
			if err != nil {
				return page.Page[RunView]{}, err
			}
			p, err := a.Integration.Runs(ctx, a.c.DB, in.filter(id), in.Page())
			return page.Map(p, func(r integration.Run) RunView { return runOf(console.LangFrom(ctx), readable(ctx, r)) }), err
		})
	console.Read(a.c, console.Op{Path: "/seller/integration/runs/{id}", ID: "get-integration-run", Tag: tagSeller, Need: access.AddressRead, Summary: "A run with request, answer and every check"},
		func(ctx context.Context, in *idInput) (runDetail, error) {
			id, err := own(ctx)
			if err != nil {
				return runDetail{}, err
			}
			r, err := a.Integration.RunOf(ctx, a.c.DB, id, in.ID)
			return runDetailOf(console.LangFrom(ctx), readable(ctx, r)), err
		})
}

// readable is a run or a case as the caller may read it: whoever may not read keys gets no signatures either.
func readable[T interface{ Masked() T }](ctx context.Context, v T) T {
	if console.CallerFrom(ctx).Can(access.AddressWrite) {
		return v
	}
	return v.Masked()
}

func (a api) scenarios(ctx context.Context, in *TargetInput) (page.Page[scenarioView], error) {
	out := page.Page[scenarioView]{Items: []scenarioView{}}
	id, err := own(ctx)
	if err != nil {
		return out, err
	}
	l := console.LangFrom(ctx)
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		forms, err := a.Integration.Forms(ctx, q, in.target(id))
		for _, f := range forms {
			if f.Case != nil {
				c := readable(ctx, *f.Case)
				f.Case = &c
			}
			out.Items = append(out.Items, scenarioOf(l, f))
		}
		out.Total = len(out.Items)
		return err
	})
	return out, err
}

func scenarioOf(l i18n.Lang, f integration.Form) scenarioView {
	v := scenarioView{Key: f.Key, Title: integration.ScenarioTitle(f.Generation, f.Key).In(l), Activity: f.Activity, Modes: modesOf(f.Modes), Feature: f.Feature,
		Creates: f.Creates(), InstanceFrom: f.Instance, Fields: []fieldView{}}
	if f.Case != nil {
		c := caseOf(l, *f.Case)
		v.Case, v.EncryptType = &c, f.Case.EncryptType
	}
	for _, x := range f.Fields {
		one := fieldView{Name: x.Name, Kind: x.Kind, Editable: x.Editable(), Mandatory: x.Mandatory, Max: x.Max, Values: x.Values, Value: x.Preset}
		if one.Values == nil {
			one.Values = []string{}
		}
		v.Fields = append(v.Fields, one)
	}
	return v
}
