package saas

import (
	"net/http"
	"testing"
)

// example is one call of the reference, with the answers it may get.
type example struct {
	activity Activity
	en, zh   string
	request  any // V1Request or V2Request
	answers  []Answer
}

func (x example) params(g Generation) Params {
	if g == V1 {
		return x.request.(V1Request).V1Params()
	}
	return x.request.(V2Request).V2Params()
}

func (x example) call(t *testing.T, g Generation) Call {
	t.Helper()
	var c Call
	var err error
	if g == V1 {
		c, err = BuildV1(address, k1, instant, x.request.(V1Request))
	} else {
		c, err = BuildV2(address, k2, instant, n1, x.request.(V2Request))
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func replyOf(g Generation, a Answer) Reply {
	r := Reply{Status: http.StatusOK, Body: a.Encode(), Header: http.Header{}}
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	if g == V1 {
		r.Header.Set(HeaderBodySign, SignBody(k1, r.Body))
	}
	return r
}

const (
	exampleID    = "03pf80c2bae96vc49b80b917bea776d7"
	exampleOrder = "CS1906666666ABCDE"
	otherOrder   = "CS1907777777ABCDE"
	exampleSKU   = "f8ab4d5c-3c4b-4a0c-9d8e-6a1b2c3d4e5f"
	examplePlan  = "OFFI3745095268519100416"
	monthPlan    = "OFFI3745095268519100417"
	orderV2      = "CS2201010000ABCDE"
)

func examples(t *testing.T, g Generation) []example {
	if g == V1 {
		return examplesV1(t)
	}
	return examplesV2()
}

func success() []Answer { return []Answer{{ResultCode: CodeSuccess, ResultMsg: "success."}} }

func examplesV1(t *testing.T) []example {
	created := []Answer{{ResultCode: CodeSuccess, ResultMsg: "success.", EncryptType: string(AES256), InstanceID: exampleID, AppInfo: &AppInfo{
		FrontEndURL: "https://www.isvserver.example/", AdminURL: "https://www.isvserver.example/admin",
		UserName: sealed(AES256, "admin"), Password: sealed(AES256, "P@ssw0rd!2024")}}}
	purchase := func(mode ChargingMode) NewInstanceV1 {
		r := NewInstanceV1{BusinessID: exampleID, ChargingMode: mode, CustomerID: "68cbc86abc2018ab880d92f36422fa0e", CustomerName: "test_customer 01",
			OrderAmount: "199.90", OrderID: exampleOrder, ProductID: examplePlan, SKUCode: exampleSKU}
		if mode == OnDemandPackage {
			r.ExpireTime = "20271231235959"
		}
		return r
	}
	refresh := func(en, zh, plan string, trial bool) example {
		return example{RefreshInstance, en, zh, RefreshInstanceV1{OrderID: otherOrder, InstanceID: exampleID, ProductID: plan, ExpireTime: "20281231235959",
			TrialToFormal: trial, PeriodType: PeriodYear, PeriodNumber: 1, OrderAmount: "199.90"}, success()}
	}
	return []example{
		{NewInstance, "Period, as a debug call", "包周期，调测调用", vector13_1c(t), created},
		{NewInstance, "Once", "按次", purchase(OneTime), created},
		{NewInstance, "On demand", "按需", purchase(OnDemand), created},
		{NewInstance, "On-demand package", "按需套餐包", purchase(OnDemandPackage), created},
		{QueryInstance, "Two instances", "两个实例", QueryInstanceV1{InstanceID: "inst-a,inst-b"}, []Answer{{ResultCode: CodeSuccess, ResultMsg: "success.", EncryptType: string(AES256), Info: []InstanceInfo{
			{InstanceID: "inst-a", AppInfo: &AppInfo{FrontEndURL: "https://www.isvserver.example/", UserName: sealed(AES256, "admin"), Memo: "初始密码已发送"}},
			{InstanceID: "inst-b", UsageInfo: []UsageInfo{{UsageValue: "12.5", StatisticalTime: FormatTimeStamp(instant), DashboardURL: "https://www.isvserver.example/usage"}}},
		}}}},
		refresh("Renewal", "续费", "", false),
		refresh("Renewal with another period type", "续费，周期类型改变", monthPlan, false),
		refresh("Trial converted", "试用转正", "", true),
		refresh("Trial converted to another period type", "试用转正，周期类型改变", monthPlan, true),
		{RefreshInstance, "Renewal cancelled: an earlier expiry", "退续费：到期时间提前", RefreshInstanceV1{OrderID: otherOrder, InstanceID: exampleID, ExpireTime: "20271231235959",
			PeriodType: PeriodYear, PeriodNumber: 1, OrderAmount: "-199.90"}, success()},
		{RefreshInstance, "Thawing a period product: the unchanged expiry", "包周期商品解冻：到期时间不变", RefreshInstanceV1{OrderID: otherOrder, InstanceID: exampleID, ExpireTime: "20271231235959"}, success()},
		{ExpireInstance, "Expiry, as a debug call", "到期，调测调用", ExpireInstanceV1{InstanceID: exampleID, OrderID: exampleOrder, Test: true}, success()},
		{InstanceStatus, "Freeze", "冻结", InstanceStatusV1{InstanceID: exampleID, Status: StatusFreeze}, success()},
		{InstanceStatus, "Thaw", "解冻", InstanceStatusV1{InstanceID: exampleID, Status: StatusNormal}, success()},
		{Upgrade, "From 10 to 20 users", "从 10 用户扩到 20 用户", UpgradeV1{InstanceID: exampleID, OrderID: otherOrder, SKUCode: exampleSKU, ProductID: examplePlan, Amount: 20}, success()},
		{ReleaseInstance, "Release", "释放", ReleaseInstanceV1{InstanceID: exampleID, OrderID: exampleOrder}, success()},
	}
}

func examplesV2() []example {
	processing, _ := Meaning(CodeProcessing)
	refresh := func(scene, en, zh, order, plan string) example {
		return example{RefreshInstance, en, zh, RefreshInstanceV2{Scene: scene, OrderID: order, OrderLineID: order + "-000001", InstanceID: exampleID,
			ProductID: plan, ExpireTime: "20271231235959"}, success()}
	}
	return []example{
		{NewInstance, "Purchase, as a debug call: done, or in process", "新购，调测调用：已完成，或处理中",
			NewInstanceV2{BusinessID: exampleID, OrderID: orderV2, OrderLineID: orderV2 + "-000001", Test: true},
			[]Answer{{ResultCode: CodeSuccess, ResultMsg: "success.", InstanceID: exampleID}, {ResultCode: processing.Code, ResultMsg: processing.EN, InstanceID: exampleID}}},
		{QueryInstance, "Two instances", "两个实例", QueryInstanceV2{InstanceID: "inst-a,inst-b"}, []Answer{{ResultCode: CodeSuccess, ResultMsg: "success.", Info: []InstanceInfo{
			{InstanceID: "inst-a", AppInfo: &AppInfo{FrontEndURL: "https://www.isvserver.example/", UserName: "admin", Password: "P@ssw0rd!2024", Memo: "首次登录请修改密码"}},
			{InstanceID: "inst-b", UsageInfo: []UsageInfo{{RelatedInstanceID: "inst-c", UsageValue: "12.5", StatisticalTime: FormatTimeStamp(instant)}}},
		}}}},
		refresh(SceneTrialToFormal, "Trial converted", "试用转正", "CS2201010000TRIAL", ""),
		refresh(SceneRenewal, "Renewal", "续费", "CS2201010000RENEW", examplePlan),
		refresh(SceneUnsubscribePeriod, "Renewal cancelled; the order is the refund", "退续费，订单为退订订单", "CS2201010000REFUND", ""),
		refresh(SceneRenewalChange, "Renewal with a change", "续费变更", "CS2201010000CHANGE", monthPlan),
		{UpdateInstanceStatus, "Freeze", "冻结", UpdateInstanceStatusV2{InstanceID: exampleID, Status: StatusFreeze}, success()},
		{UpdateInstanceStatus, "Thaw", "解冻", UpdateInstanceStatusV2{InstanceID: exampleID, Status: StatusUnfreeze}, success()},
		{UpgradeInstance, "Upgrade", "升级", UpgradeInstanceV2{InstanceID: exampleID, OrderID: "CS2201010000UPGRADE", OrderLineID: "CS2201010000UPGRADE-000001"}, success()},
		{ChangeInstanceCheck, "To 50 users", "变更为 50 用户", ChangeInstanceCheckV2{InstanceID: exampleID,
			ProductInfo: EncodeProductInfo(ProductInfo{LinearValue: 50, ProductID: monthPlan, SKUCode: exampleSKU})}, success()},
		{ReleaseInstance, "The retention period has ended", "保留期结束", ReleaseInstanceV2{InstanceID: exampleID}, success()},
		{ReleaseInstance, "After a refund", "退订后", ReleaseInstanceV2{InstanceID: exampleID, OrderID: "CS2201010000REFUND", OrderLineID: "CS2201010000REFUND-000001"}, success()},
	}
}

func generalExamples() []example {
	notice := OrderNotice{OrderID: orderV2, OrderLineID: orderV2 + "-000001"}
	test := notice
	test.Test = true
	return []example{
		{OrderNotify, "A purchase was paid", "新购订单已付款", notice, success()},
		{OrderNotify, "As a debug call", "调测调用", test, success()},
	}
}
