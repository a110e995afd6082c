package saas

// Generation is a generation of the production interface. It belongs to a verified production address (生产地址), is
// copied to the products sold with it and never changes for an instance (saas.md §1).
type Generation string

// The two generations in use.
const (
	V1 Generation = "v1" // signed GET, Body-Sign on the answer, AES fields
	V2 Generation = "v2" // signed POST with a canonical JSON body, plain answer
)

// Activity is the name of a call, the value of the parameter "activity" on which the seller's server dispatches.
type Activity string

// The activities of both generations (saas.md §6, §7). NewInstance, QueryInstance, RefreshInstance and ReleaseInstance
// exist in both, the others in the generation named behind them.
const (
	NewInstance          Activity = "newInstance"          // create (新购商品, 创建实例)
	QueryInstance        Activity = "queryInstance"        // read access data and usage (查询实例信息)
	RefreshInstance      Activity = "refreshInstance"      // renew, convert a trial, cancel a renewal (续费, 更新实例)
	ReleaseInstance      Activity = "releaseInstance"      // delete (资源释放)
	ExpireInstance       Activity = "expireInstance"       // V1: freeze on expiry (商品过期)
	InstanceStatus       Activity = "instanceStatus"       // V1: FREEZE or NORMAL (资源状态变更)
	Upgrade              Activity = "upgrade"              // V1: other specification or quantity (商品升级)
	UpdateInstanceStatus Activity = "updateInstanceStatus" // V2: FREEZE or UNFREEZE (更新实例状态)
	UpgradeInstance      Activity = "upgradeInstance"      // V2: other specification or quantity (实例升级)
	ChangeInstanceCheck  Activity = "changeInstanceCheck"  // V2: may the renewal change the specification (续费变更校验)
)

// OrderNotify tells a seller of products of any kind that an order was paid or paid back (订单通知, open-api.md §11). It is
// one of the general interfaces (通用接口): signed as a V2 call, by a key of its own, and none of Activities.
const OrderNotify Activity = "orderNotify"

// Activities returns the activities of a generation in the order of the life of an instance.
func Activities(g Generation) []Activity {
	switch g {
	case V1:
		return []Activity{NewInstance, QueryInstance, RefreshInstance, ExpireInstance, InstanceStatus, Upgrade, ReleaseInstance}
	case V2:
		return []Activity{NewInstance, QueryInstance, RefreshInstance, UpdateInstanceStatus, UpgradeInstance, ChangeInstanceCheck, ReleaseInstance}
	}
	return nil
}

// ChargingMode is the way a product is charged (计费模式), the V1 parameter chargingMode (saas.md §6.1).
type ChargingMode int

// The charging modes; the numbers are those of the protocol.
const (
	OnDemand        ChargingMode = 0 // 按需
	Period          ChargingMode = 1 // 包周期
	OneTime         ChargingMode = 3 // 按次
	OnDemandPackage ChargingMode = 5 // 按需套餐包
)

// Values of periodType, sent only with charging mode Period.
const (
	PeriodYear  = "year"
	PeriodMonth = "month"
	PeriodDay   = "day"
)

// Values of provisionType: how the instance comes into use (商品实例开通方式).
const (
	ProvisionWithPurchase    = 1 // 用户购买后同步开通
	ProvisionAfterAcceptance = 2 // 用户确认验收后开通
)

// Values of instanceStatus (V1) and status (V2). Freeze is common to both, the way back differs.
const (
	StatusFreeze   = "FREEZE"
	StatusNormal   = "NORMAL"   // V1
	StatusUnfreeze = "UNFREEZE" // V2
)

// Values of scene, the cause of a V2 refreshInstance (saas.md §7.3).
const (
	SceneTrialToFormal     = "TRIAL_TO_FORMAL"
	SceneRenewal           = "RENEWAL"
	SceneUnsubscribePeriod = "UNSUBSCRIBE_RENEWAL_PERIOD" // 退续费
	SceneRenewalChange     = "RENEWAL_CHANGE"             // 续费变更
)

// MaxQueryInstances is the largest number of instance ids that one queryInstance may name.
const MaxQueryInstances = 100
