package isv

import (
	"context"
	"errors"
	"time"

	"jishi/wire/saas"
)

// v1Zone is the default zone of V1 expiry times, UTC+8.
var v1Zone = time.FixedZone("UTC+8", 8*60*60)

// dispatch reads the parameters and calls the function of their activity.
func (h *Handler) dispatch(ctx context.Context, g saas.Generation, p saas.Params) (saas.Answer, error) {
	for _, f := range saas.Fields(g, saas.Activity(p[saas.ParamActivity])) {
		if f.Mandatory && p[f.Name] == "" {
			return saas.Answer{}, Fail(saas.CodeBadParameter, "parameter "+f.Name+" is missing")
		}
	}
	request, err := saas.ParseRequest(g, p)
	if err != nil {
		return saas.Answer{}, Fail(saas.CodeBadParameter, err.Error())
	}
	switch r := request.(type) {
	case saas.NewInstanceV1:
		return h.createV1(ctx, r)
	case saas.NewInstanceV2:
		return h.create(ctx, Create{Generation: g, Test: r.Test, OrderID: r.OrderID, OrderLineID: r.OrderLineID, BusinessID: r.BusinessID})
	case saas.QueryInstanceV1:
		return h.query(ctx, r.InstanceID, Query{Generation: g, Test: r.Test})
	case saas.QueryInstanceV2:
		return h.query(ctx, r.InstanceID, Query{Generation: g, Test: r.Test})
	case saas.RefreshInstanceV1:
		scene := saas.SceneRenewal
		if r.TrialToFormal {
			scene = saas.SceneTrialToFormal
		}
		return h.renew(ctx, r.ExpireTime, h.zone(), Renewal{
			Generation: g, Test: r.Test, InstanceID: r.InstanceID, OrderID: r.OrderID, ProductID: r.ProductID, Scene: scene,
		})
	case saas.RefreshInstanceV2:
		return h.renew(ctx, r.ExpireTime, time.UTC, Renewal{
			Generation: g, Test: r.Test, InstanceID: r.InstanceID, OrderID: r.OrderID, OrderLineID: r.OrderLineID, ProductID: r.ProductID, Scene: r.Scene,
		})
	case saas.ExpireInstanceV1:
		return call(ctx, h.Freeze, Freeze{Generation: g, Test: r.Test, InstanceID: r.InstanceID, Frozen: true})
	case saas.InstanceStatusV1:
		return h.freeze(ctx, g, r.Test, r.InstanceID, r.Status, saas.StatusNormal)
	case saas.UpdateInstanceStatusV2:
		return h.freeze(ctx, g, r.Test, r.InstanceID, r.Status, saas.StatusUnfreeze)
	case saas.ReleaseInstanceV1:
		return h.release(ctx, Release{Generation: g, Test: r.Test, InstanceID: r.InstanceID, OrderID: r.OrderID})
	case saas.ReleaseInstanceV2:
		return h.release(ctx, Release{Generation: g, Test: r.Test, InstanceID: r.InstanceID, OrderID: r.OrderID, OrderLineID: r.OrderLineID})
	case saas.UpgradeV1:
		return call(ctx, h.Upgrade, Upgrade{Generation: g, Test: r.Test, InstanceID: r.InstanceID, OrderID: r.OrderID, V1: &r})
	case saas.UpgradeInstanceV2:
		return call(ctx, h.Upgrade, Upgrade{Generation: g, Test: r.Test, InstanceID: r.InstanceID, OrderID: r.OrderID, OrderLineID: r.OrderLineID})
	case saas.ChangeInstanceCheckV2:
		target, err := saas.DecodeProductInfo(r.ProductInfo)
		if err != nil {
			return saas.Answer{}, Fail(saas.CodeBadParameter, err.Error())
		}
		return call(ctx, h.CheckChange, Change{Test: r.Test, InstanceID: r.InstanceID, Target: target})
	case saas.OrderNotice:
		return call(ctx, h.Notify, OrderNotice{Test: r.Test, OrderID: r.OrderID, OrderLineID: r.OrderLineID})
	}
	return saas.Answer{}, errNotServed()
}

func errNotServed() error {
	return Fail(saas.CodeBadParameter, "this server does not serve the activity")
}

// call runs a function that only succeeds or fails.
func call[T any](ctx context.Context, f func(context.Context, T) error, in T) (saas.Answer, error) {
	if f == nil {
		return saas.Answer{}, errNotServed()
	}
	return saas.Answer{}, f(ctx, in)
}

func (h *Handler) createV1(ctx context.Context, r saas.NewInstanceV1) (saas.Answer, error) {
	c := Create{
		Generation: saas.V1, Test: r.Test, OrderID: r.OrderID, BusinessID: r.BusinessID, ProductID: r.ProductID, V1: &r,
	}
	var err error
	if c.Extend, err = saas.DecodeExtendParams(r.ExtendParams); err != nil {
		return saas.Answer{}, Fail(saas.CodeBadParameter, err.Error())
	}
	for _, f := range []struct {
		name, text string
		plain      *string
	}{{"mobilePhone", r.MobilePhone, &c.Mobile}, {"email", r.Email, &c.Email}} {
		if f.text == "" {
			continue
		}
		if *f.plain, err = saas.DecryptField(h.V1Key, h.Encryption, f.text); err != nil {
			return saas.Answer{}, Fail(saas.CodeBadParameter, f.name+" cannot be decrypted, check the algorithm chosen for the product")
		}
	}
	return h.create(ctx, c)
}

func (h *Handler) create(ctx context.Context, c Create) (saas.Answer, error) {
	if h.Create == nil {
		return saas.Answer{}, errNotServed()
	}
	i, err := h.Create(ctx, c)
	if err != nil {
		return saas.Answer{}, err
	}
	answer := saas.Answer{InstanceID: i.ID}
	if i.InProcess {
		m, _ := saas.Meaning(saas.CodeProcessing)
		answer.ResultCode, answer.ResultMsg = m.Code, m.EN
	}
	if c.Generation == saas.V1 { // a V2 answer carries no access data, queryInstance reads them
		answer.AppInfo, answer.EncryptType, err = h.seal(saas.V1, i.Access)
	}
	return answer, err
}

// query answers for each id that Query knows; only when it knows none of them the answer is 000003.
func (h *Handler) query(ctx context.Context, list string, q Query) (saas.Answer, error) {
	ids := saas.SplitInstanceIDs(list)
	switch {
	case h.Query == nil:
		return saas.Answer{}, errNotServed()
	case len(ids) == 0 || len(ids) > saas.MaxQueryInstances:
		return saas.Answer{}, Fail(saas.CodeBadParameter, "instanceId must name 1 to 100 instances")
	}
	var answer saas.Answer
	for _, id := range ids {
		q.InstanceID = id
		i, err := h.Query(ctx, q)
		var f *Failure
		if errors.As(err, &f) && f.Code == saas.CodeNoInstance {
			continue
		}
		if err != nil {
			return saas.Answer{}, err
		}
		info := saas.InstanceInfo{InstanceID: id, UsageInfo: i.Usage}
		var kind string
		if info.AppInfo, kind, err = h.seal(q.Generation, i.Access); err != nil {
			return saas.Answer{}, err
		}
		if kind != "" {
			answer.EncryptType = kind
		}
		answer.Info = append(answer.Info, info)
	}
	if len(answer.Info) == 0 {
		return saas.Answer{}, NoInstance()
	}
	return answer, nil
}

func (h *Handler) renew(ctx context.Context, expire string, zone *time.Location, r Renewal) (saas.Answer, error) {
	var err error
	if r.ExpireAt, err = saas.ParseExpireTime(expire, zone); err != nil {
		return saas.Answer{}, Fail(saas.CodeBadParameter, err.Error())
	}
	return call(ctx, h.Renew, r)
}

// freeze reads the status, whose word for "resume" differs by generation.
func (h *Handler) freeze(ctx context.Context, g saas.Generation, test bool, id, status, resume string) (saas.Answer, error) {
	if status != saas.StatusFreeze && status != resume {
		return saas.Answer{}, Fail(saas.CodeBadParameter, "status must be "+saas.StatusFreeze+" or "+resume)
	}
	return call(ctx, h.Freeze, Freeze{Generation: g, Test: test, InstanceID: id, Frozen: status == saas.StatusFreeze})
}

// release answers a repeated release with success even if the seller's function reports the instance as unknown.
func (h *Handler) release(ctx context.Context, r Release) (saas.Answer, error) {
	answer, err := call(ctx, h.Release, r)
	var f *Failure
	if errors.As(err, &f) && f.Code == saas.CodeNoInstance {
		return saas.Answer{}, nil
	}
	return answer, err
}

func (h *Handler) zone() *time.Location {
	if h.Zone != nil {
		return h.Zone
	}
	return v1Zone
}
