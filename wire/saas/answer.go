package saas

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Answer is the answer of a seller's server to any call, V1 or V2 (saas.md §6.1.2, §6.7). UserName and Password inside
// are as they travel: encrypted in V1, plain in V2 unless EncryptType is there.
type Answer struct {
	ResultCode  string         `json:"resultCode"`
	ResultMsg   string         `json:"resultMsg,omitempty"`
	EncryptType string         `json:"encryptType,omitempty"`
	InstanceID  string         `json:"instanceId,omitempty"`
	AppInfo     *AppInfo       `json:"appInfo,omitempty"`
	Info        []InstanceInfo `json:"info,omitempty"`
}

// AppInfo is the access data of an instance: what the buyer needs to open it.
type AppInfo struct {
	FrontEndURL string `json:"frontEndUrl"`        // the site the buyer opens, up to 512 characters
	AdminURL    string `json:"adminUrl,omitempty"` // the management site, up to 512
	UserName    string `json:"userName,omitempty"` // the administrator's account, up to 128 as it travels
	Password    string `json:"password,omitempty"` // initial password, up to 128 as it travels
	Memo        string `json:"memo,omitempty"`     // free text, up to 1024
}

// InstanceInfo is one entry of a queryInstance answer.
type InstanceInfo struct {
	InstanceID string      `json:"instanceId"`
	AppInfo    *AppInfo    `json:"appInfo,omitempty"`
	UsageInfo  []UsageInfo `json:"usageInfo,omitempty"`
}

// UsageInfo is what an on-demand instance or a package has used. UsageValue is a decimal as text: the cumulative total
// of an instance, or the used-up part of a package.
type UsageInfo struct {
	RelatedInstanceID string `json:"relatedInstanceId,omitempty"` // packages: the on-demand instance of this entry
	UsageValue        string `json:"usageValue"`
	StatisticalTime   string `json:"statisticalTime"` // UTC, FormatTimeStamp
	DashboardURL      string `json:"dashboardUrl,omitempty"`
}

// Encode writes the answer as compact JSON in pure ASCII: sellers are told to write Chinese text as \uXXXX, and ASCII
// survives every filter between the two servers. Body-Sign signs exactly these bytes.
func (a Answer) Encode() []byte {
	text, _ := compactJSON(a) // strings only: it always has a JSON form
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}

// DecodeAnswer reads an answer generously: numbers and flags where texts belong and the reverse, "info" as a list, one
// object, or either as JSON text, blanks around names, a byte order mark. Unknown members are ignored, absent ones are
// "". The error tells that the body is no JSON object; nothing else is judged here, see CheckAnswer.
func DecodeAnswer(body []byte) (Answer, error) {
	o, err := objectOf(body)
	if err != nil {
		return Answer{}, fmt.Errorf("answer: %w", err)
	}
	a := Answer{
		ResultCode:  o.text("resultCode"),
		ResultMsg:   o.text("resultMsg"),
		EncryptType: o.text("encryptType"),
		InstanceID:  o.text("instanceId"),
		AppInfo:     o.appInfo(),
	}
	for _, i := range o.objects("info") {
		info := InstanceInfo{InstanceID: i.text("instanceId"), AppInfo: i.appInfo()}
		for _, u := range i.objects("usageInfo") {
			info.UsageInfo = append(info.UsageInfo, UsageInfo{
				RelatedInstanceID: u.text("relatedInstanceId"),
				UsageValue:        u.text("usageValue"),
				StatisticalTime:   u.text("statisticalTime"),
				DashboardURL:      u.text("dashboardUrl"),
			})
		}
		a.Info = append(a.Info, info)
	}
	return a, nil
}

func (o object) appInfo() *AppInfo {
	list := o.objects("appInfo")
	if len(list) == 0 {
		return nil
	}
	m := list[0]
	return &AppInfo{
		FrontEndURL: m.text("frontEndUrl"),
		AdminURL:    m.text("adminUrl"),
		UserName:    m.text("userName"),
		Password:    m.text("password"),
		Memo:        m.text("memo"),
	}
}
