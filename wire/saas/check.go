package saas

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Reply is what came back from a seller's server: status, headers and the body's raw bytes, unpacked only from a
// transfer encoding.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Expectation says what an answer is measured against.
type Expectation struct {
	Generation Generation
	Activity   Activity
	Status     string // instanceStatus, updateInstanceStatus: the value that was sent
	Key        string // the key that signed the request
	// AcceptUnsigned lets a V1 answer pass without Body-Sign, and with a wrong one, warnings left. The operator allows it per address.
	AcceptUnsigned bool
	// Debug makes the strict measure of the debug page: what only warns in production is a problem here.
	Debug bool
}

// Outcome is what an answer means for the call.
type Outcome string

// The outcomes (saas.md §9).
const (
	// Succeeded ends the call.
	Succeeded Outcome = "succeeded"
	// Accepted: a V2 newInstance answered 000004; queryInstance tells when the instance is there.
	Accepted Outcome = "accepted"
	// Gone: release, expiry or freeze of an instance the seller does not know (000003). There is nothing left to do, the
	// retries end; the problem stays visible.
	Gone Outcome = "gone"
	// Failed calls are retried.
	Failed Outcome = "failed"
)

// Verdict is the judgement of an answer.
type Verdict struct {
	Outcome  Outcome
	Problem  *Problem   // the first fault; nil on Succeeded and Accepted
	Warnings []*Problem // faults that do not fail the call, in the order of the checks
	Answer   Answer     // as received, as far as it could be read
	// Instance is the instance of a newInstance answer, Instances those of queryInstance, both with decrypted access data.
	Instance  *Instance
	Instances []Instance
}

// Instance is an instance as an answer describes it, decrypted. UserName and Password are "" when they could not be
// decrypted.
type Instance struct {
	InstanceID string
	Access     *AppInfo // nil: the seller delivers access data himself
	Usage      []UsageInfo
}

// CheckAnswer judges an answer by rows 3 to 11 of saas.md §11.4, in that order; the first fault becomes the Problem.
//
// In production content type, fields beside the instance id, lengths beside that of the instance id, decryption and a
// 2xx status other than 200 only warn: a paid order must not fail for them. An order notice, which no order hangs on, takes
// 200 alone. V2 answers need no signature; a wrong
// Body-Sign there only warns, too. With Debug all but the V2 signature are problems. Bytes that are not UTF-8 always only
// warn: what they spell is read as U+FFFD.
func CheckAnswer(x Expectation, r Reply) Verdict {
	c := checker{Expectation: x}
	c.v.Outcome = Failed
	c.check(r)
	return c.v
}

type checker struct {
	Expectation
	v Verdict
}

// fail records a fault that fails the call in production too.
func (c *checker) fail(p *Problem) { c.v.Problem = p }

// flag records a fault that fails debug runs only; it tells whether to stop.
func (c *checker) flag(p *Problem) (stop bool) {
	if c.Debug {
		c.v.Problem = p
		return true
	}
	c.v.Warnings = append(c.v.Warnings, p)
	return false
}

func (c *checker) check(r Reply) {
	if !c.status(r) || !c.contentType(r) {
		return
	}
	encoding := strings.TrimSpace(r.Header.Get("Content-Encoding"))
	packed := encoding != "" && !strings.EqualFold(encoding, "identity")
	if !packed && !utf8.Valid(r.Body) {
		c.v.Warnings = append(c.v.Warnings, problem(5, ProblemCharset))
	}
	answer, err := DecodeAnswer(r.Body)
	if err != nil || answer.ResultCode == "" {
		c.fail(problem(5, ProblemJSON))
		if packed {
			c.fail(problem(5, ProblemEncoding, "encoding", encoding))
		}
		return
	}
	c.v.Answer = answer
	if !c.signature(r) || !c.resultCode(answer) || !c.fields(answer) {
		return
	}
	if !c.lengths(answer) || !c.open(answer) {
		return
	}
	c.v.Outcome = Succeeded
	if answer.ResultCode == CodeProcessing {
		c.v.Outcome = Accepted
	}
}

func (c *checker) status(r Reply) bool {
	if r.Status == http.StatusOK {
		return true
	}
	p := problem(3, ProblemStatus, "httpCode", strconv.Itoa(r.Status))
	if r.Status < 200 || r.Status > 299 || c.Activity == OrderNotify {
		c.fail(p)
		return false
	}
	return !c.flag(p)
}

func (c *checker) contentType(r Reply) bool {
	got := r.Header.Get("Content-Type")
	media, _, _ := mime.ParseMediaType(got)
	return media == "application/json" || !c.flag(problem(4, ProblemContentType, "contentType", got))
}

func (c *checker) signature(r Reply) bool {
	headers := r.Header.Values(HeaderBodySign)
	if c.Generation != V1 && len(headers) == 0 {
		return true
	}
	var p *Problem
	switch err := VerifyBodySign(c.Key, r.Body, headers); err {
	case nil:
		return true
	case ErrBodySignMalformed:
		p = problem(6, ProblemBodySignFormat)
	default:
		p = problem(7, ProblemBodySign, "expected", BodySignature(c.Key, r.Body))
	}
	if c.Generation != V1 || c.AcceptUnsigned {
		c.v.Warnings = append(c.v.Warnings, p)
		return true
	}
	// Nothing of an answer that nobody vouches for may be used.
	c.v.Answer = Answer{}
	c.fail(p)
	return false
}

func (c *checker) resultCode(a Answer) bool {
	if a.ResultCode == CodeSuccess || a.ResultCode == CodeProcessing && c.Generation == V2 && c.Activity == NewInstance {
		return true
	}
	c.fail(problem(8, ProblemResultCode, "code", a.ResultCode, "msg", a.ResultMsg))
	if a.ResultCode == CodeNoInstance && c.takesAway() {
		c.v.Outcome = Gone
	}
	return false
}

// takesAway tells whether the call wanted the instance gone or frozen.
func (c *checker) takesAway() bool {
	switch c.Activity {
	case ReleaseInstance, ExpireInstance:
		return true
	case InstanceStatus, UpdateInstanceStatus:
		return c.Status == StatusFreeze
	}
	return false
}

func (c *checker) fields(a Answer) bool {
	lacks := func(field string) *Problem { return problem(9, ProblemField, "field", field) }
	switch c.Activity {
	case NewInstance:
		if a.InstanceID == "" {
			c.fail(lacks("instanceId"))
			return false
		}
		if c.Generation == V1 && (a.AppInfo == nil || a.AppInfo.FrontEndURL == "") {
			return !c.flag(lacks("appInfo.frontEndUrl"))
		}
	case QueryInstance:
		if len(a.Info) == 0 && a.InstanceID == "" {
			c.fail(lacks("info.instanceId"))
			return false
		}
		for _, i := range a.Info {
			if i.InstanceID == "" {
				c.fail(lacks("info.instanceId"))
				return false
			}
			for _, u := range i.UsageInfo {
				if u.UsageValue == "" && c.flag(lacks("info.usageInfo.usageValue")) {
					return false
				}
				if u.StatisticalTime == "" && c.flag(lacks("info.usageInfo.statisticalTime")) {
					return false
				}
			}
		}
	}
	return true
}

func (c *checker) lengths(a Answer) bool {
	tooLong := func(field, value string, limit int) *Problem {
		if utf8.RuneCountInString(value) <= limit {
			return nil
		}
		return problem(10, ProblemLength, "field", field, "max", strconv.Itoa(limit))
	}
	// An id over its limit cannot be stored and found again, on either side.
	if p := tooLong("instanceId", a.InstanceID, 64); p != nil {
		c.fail(p)
		return false
	}
	for _, i := range a.Info {
		if p := tooLong("info.instanceId", i.InstanceID, 64); p != nil {
			c.fail(p)
			return false
		}
	}
	type limit struct {
		field, value string
		max          int
	}
	limits := []limit{{"resultMsg", a.ResultMsg, 255}, {"encryptType", a.EncryptType, 3}}
	access := func(path string, i *AppInfo) {
		if i != nil {
			limits = append(limits, limit{path + "frontEndUrl", i.FrontEndURL, 512}, limit{path + "adminUrl", i.AdminURL, 512},
				limit{path + "userName", i.UserName, MaxEncryptedField}, limit{path + "password", i.Password, MaxEncryptedField},
				limit{path + "memo", i.Memo, 1024})
		}
	}
	access("appInfo.", a.AppInfo)
	for _, i := range a.Info {
		access("info.appInfo.", i.AppInfo)
		for _, u := range i.UsageInfo {
			limits = append(limits, limit{"info.usageInfo.relatedInstanceId", u.RelatedInstanceID, 64},
				limit{"info.usageInfo.usageValue", u.UsageValue, 20}, limit{"info.usageInfo.statisticalTime", u.StatisticalTime, 20},
				limit{"info.usageInfo.dashboardUrl", u.DashboardURL, 512})
		}
	}
	for _, l := range limits {
		if p := tooLong(l.field, l.value, l.max); p != nil && c.flag(p) {
			return false
		}
	}
	return true
}

// open decrypts the access data and fills in the instances of the verdict.
func (c *checker) open(a Answer) bool {
	switch c.Activity {
	case NewInstance:
		access, ok := c.access("appInfo.", a.EncryptType, a.AppInfo)
		c.v.Instance = &Instance{InstanceID: a.InstanceID, Access: access}
		return ok
	case QueryInstance:
		for _, i := range a.Info {
			access, ok := c.access("info.appInfo.", a.EncryptType, i.AppInfo)
			c.v.Instances = append(c.v.Instances, Instance{InstanceID: i.InstanceID, Access: access, Usage: i.UsageInfo})
			if !ok {
				return false
			}
		}
		if len(a.Info) == 0 {
			access, ok := c.access("appInfo.", a.EncryptType, a.AppInfo)
			c.v.Instances = []Instance{{InstanceID: a.InstanceID, Access: access}}
			return ok
		}
	}
	return true
}

// access returns a decrypted copy. V2 values are plain unless the answer names an encryptType (saas.md §4.2).
func (c *checker) access(path, encryptType string, i *AppInfo) (*AppInfo, bool) {
	if i == nil {
		return nil, true
	}
	out := *i
	if c.Generation != V1 && encryptType == "" {
		return &out, true
	}
	ok := true
	for _, f := range []struct {
		name  string
		value *string
	}{{"userName", &out.UserName}, {"password", &out.Password}} {
		if *f.value == "" {
			continue
		}
		plain, err := DecryptField(c.Key, EncryptType(encryptType), *f.value)
		if err != nil || len(*f.value) > MaxEncryptedField {
			plain = ""
			if ok && c.flag(problem(11, ProblemDecrypt, "field", path+f.name)) {
				ok = false
			}
		}
		*f.value = plain
	}
	return &out, ok
}
