// Package koogallery speaks the KooGallery-compatible protocol (云商店生产接口) to sellers'
// servers. It turns an attempt of fulfillment into signed bytes, sends them, and judges the
// answer with wire/saas; what the judgement means for an order is decided in trade. The other
// direction, the open API (开放接口) that sellers' programs call, is its Server.
package koogallery

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"jishi/internal/base/outbound"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

// Caller implements fulfillment.Provider.
type Caller struct {
	Client *outbound.Client
	// Timeout bounds what addresses may ask for per attempt, the body included; 0 is no bound but the address's own,
	// 20 s where it says nothing (saas.md §10).
	Timeout time.Duration
}

var _ fulfillment.Provider = (*Caller)(nil)

// Send makes one attempt: fresh timestamp, nonce, businessId and signature (saas.md §10).
func (c *Caller) Send(ctx context.Context, a fulfillment.Attempt) fulfillment.Result {
	call, want, err := c.build(a)
	if err != nil {
		return refused(err)
	}
	reply, err := c.exchange(ctx, a.Endpoint, call)
	r := fulfillment.Result{Outcome: fulfillment.Bad, Exchange: logged(call, reply)}
	if err != nil {
		r.Problem = &fulfillment.Problem{Code: "internal"}
		if e, ok := outbound.As(err); ok {
			r.Problem = &fulfillment.Problem{Code: e.Code(), Args: e.Args()}
		}
		return r
	}
	judge(a, saas.CheckAnswer(want, saas.Reply{Status: reply.Status, Header: reply.Header, Body: reply.Body}), &r)
	return r
}

// exchange makes the call within the address's time-out.
func (c *Caller) exchange(ctx context.Context, e seller.Endpoint, call saas.Call) (outbound.Response, error) {
	timeout := e.Timeout()
	if c.Timeout > 0 {
		timeout = min(timeout, c.Timeout)
	}
	return c.Client.Do(ctx, outbound.Request{Method: call.Method, URL: call.URL, Header: call.Header, Body: call.Body,
		Timeout: timeout, Development: e.Development})
}

// missing says what a call cannot be built without; code names the text.
type missing struct{ code string }

func (m missing) Error() string { return m.code }

// refused is an attempt that could not even be built: the address or the key is missing.
func refused(err error) fulfillment.Result {
	var m missing
	if errors.As(err, &m) {
		return fulfillment.Result{Outcome: fulfillment.Bad, Problem: &fulfillment.Problem{Code: m.code}}
	}
	return fulfillment.Result{Outcome: fulfillment.Bad, Problem: &fulfillment.Problem{
		Code: "fulfillment.cannot_call", Args: map[string]any{"reason": err.Error()}}}
}

func (c *Caller) build(a fulfillment.Attempt) (saas.Call, saas.Expectation, error) {
	want := saas.Expectation{Generation: saas.Generation(a.Call.Generation), Activity: saas.Activity(a.Call.Activity), Status: statusOf(a)}
	if want.Activity == saas.OrderNotify {
		notice := noticeOf(a)
		want.Key, want.Debug = a.Endpoint.GeneralKey.Reveal(), notice.Test
		if want.Key == "" && a.Endpoint.Origin != "" {
			return saas.Call{}, want, missing{"fulfillment.no_key_general"}
		}
		call, err := signV2(a.Endpoint, a.Call.Path, want.Key, a.At, notice)
		return call, want, err
	}
	if want.Generation == saas.V1 {
		r, err := requestV1(a)
		if err != nil {
			return saas.Call{}, want, err
		}
		want.Key, want.AcceptUnsigned = a.Endpoint.V1Key.Reveal(), a.Endpoint.AcceptUnsigned
		call, err := signV1(a.Endpoint, a.Call.Path, a.At, r)
		return call, want, err
	}
	r, err := requestV2(a)
	if err != nil {
		return saas.Call{}, want, err
	}
	want.Key = a.Endpoint.V2Key.Reveal()
	call, err := signV2(a.Endpoint, a.Call.Path, want.Key, a.At, r)
	return call, want, err
}

// signV1 builds a V1 call to the address as its switches want it.
func signV1(e seller.Endpoint, path string, at time.Time, r saas.V1Request) (saas.Call, error) {
	key := e.V1Key.Reveal()
	switch {
	case e.Origin == "":
		return saas.Call{}, missing{"fulfillment.address_gone"}
	case key == "":
		return saas.Call{}, missing{"fulfillment.no_key_v1"}
	}
	return saas.BuildV1As(e.Variant(), addressOf(e, path), key, at, r)
}

// signV2 builds a V2 call to the address, signed by the given key, as its switches want it.
func signV2(e seller.Endpoint, path, key string, at time.Time, r saas.V2Request) (saas.Call, error) {
	switch {
	case e.Origin == "":
		return saas.Call{}, missing{"fulfillment.address_gone"}
	case key == "":
		return saas.Call{}, missing{"fulfillment.no_key_base"}
	}
	return saas.BuildV2As(e.Variant(), addressOf(e, path), key, at, nonce(), r)
}

func addressOf(e seller.Endpoint, path string) string {
	return strings.TrimSuffix(e.Origin, "/") + path
}

// nonce is 32 random bytes as 64 upper-case hex digits (saas.md §5.1).
func nonce() string {
	var b [32]byte
	rand.Read(b[:])
	return strings.ToUpper(hex.EncodeToString(b[:]))
}

// judge turns the verdict on the answer into what fulfillment understands.
func judge(a fulfillment.Attempt, v saas.Verdict, r *fulfillment.Result) {
	r.Outcome = fulfillment.Outcome(v.Outcome)
	r.ResultCode, r.ResultMsg = plain(v.Answer.ResultCode, 20), plain(v.Answer.ResultMsg, 255)
	if v.Problem != nil {
		p := problemOf(v.Problem)
		r.Problem = &p
		if m, known := saas.Meaning(v.Answer.ResultCode); known && v.Problem.Code == saas.ProblemResultCode {
			r.Problem.Args["meaning"] = m.Key
		}
	}
	for _, w := range v.Warnings {
		r.Warnings = append(r.Warnings, problemOf(w))
		r.Partly = r.Partly || w.Code == saas.ProblemDecrypt
	}
	r.InstanceID = clip(v.Answer.InstanceID, 64)
	if v.Instance != nil {
		r.InstanceID, r.Access = v.Instance.InstanceID, access(v.Instance.Access)
	}
	for _, i := range v.Instances {
		if i.InstanceID == a.Instance.ExternalID {
			r.InstanceID, r.Access = i.InstanceID, access(i.Access)
		}
	}
	if a.Call.Activity == string(saas.QueryInstance) && r.Outcome == fulfillment.OK && r.InstanceID != a.Instance.ExternalID {
		r.InstanceID, r.Outcome = "", fulfillment.NotYet
		r.Problem = &fulfillment.Problem{Code: "fulfillment.instance_not_named"}
	}
	if strings.ContainsRune(r.InstanceID, 0) { // no id, and nothing that a database could keep
		r.Outcome, r.InstanceID, r.Access = fulfillment.Bad, "", nil
		r.Problem = &fulfillment.Problem{Code: saas.ProblemField, Args: map[string]any{"field": "instanceId"}}
	}
}

// plain is a text of the answer for rows and messages: short, and without the zero byte,
// which PostgreSQL's text has not. An attempt that cannot be recorded would be made for ever.
func plain(s string, n int) string { return clip(strings.ReplaceAll(s, "\x00", "\uFFFD"), n) }

func access(i *saas.AppInfo) *subscription.AccessData {
	if i == nil || *i == (saas.AppInfo{}) {
		return nil
	}
	return &subscription.AccessData{FrontEndURL: clip(i.FrontEndURL, 512), AdminURL: clip(i.AdminURL, 512),
		UserName: clip(i.UserName, 128), Password: clip(i.Password, 128), Memo: clip(i.Memo, 1024)}
}

func problemOf(p *saas.Problem) fulfillment.Problem {
	args := map[string]any{}
	for k, v := range p.Values {
		if p.Code == saas.ProblemBodySign && k == "expected" {
			continue // it would let readers of the log sign; only the debug page of the key's owner shows it
		}
		args[k] = plain(v, 300)
	}
	code := p.Code
	if code == saas.ProblemBodySign {
		code = "fulfillment.body_sign"
	}
	return fulfillment.Problem{Code: code, Args: args}
}

func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
