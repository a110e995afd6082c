package saas

// NewInstanceV1 is the V1 purchase (新购商品), saas.md §6.1. It is repeated until it succeeds and again whenever the buyer
// opens the resource's details: the same OrderID (on-demand: the same OrderID and ProductID) always means the same
// instance.
type NewInstanceV1 struct {
	CustomerID    string       `param:"customerId"`
	CustomerName  string       `param:"customerName"`
	UserID        string       `param:"userId"`      // IAM sub-user, only if the product asks for it
	UserName      string       `param:"userName"`    // likewise
	MobilePhone   string       `param:"mobilePhone"` // encrypted by EncryptField
	Email         string       `param:"email"`       // encrypted by EncryptField
	BusinessID    string       `param:"businessId"`  // different on every request, retries included
	OrderID       string       `param:"orderId"`
	SKUCode       string       `param:"skuCode"`   // specification; stays when the period type changes
	ProductID     string       `param:"productId"` // price plan; differs per period type
	Trial         bool         `param:"trialFlag,always"`
	ExpireTime    string       `param:"expireTime"` // FormatExpireTime in the business time zone; period and packages only
	ChargingMode  ChargingMode `param:"chargingMode,always"`
	ExtendParams  string       `param:"saasExtendParams"` // from EncodeExtendParams
	Amount        int          `param:"amount"`
	DiskSize      int          `param:"diskSize"`  // GB
	BandWidth     int          `param:"bandWidth"` // Mbit/s
	PeriodType    string       `param:"periodType"`
	PeriodNumber  int          `param:"periodNumber"`
	OrderAmount   string       `param:"orderAmount"`   // amount really paid, two or three decimals
	ProvisionType int          `param:"provisionType"` // 0 is sent as ProvisionWithPurchase
	Test          bool         `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r NewInstanceV1) V1Params() Params {
	if r.ProvisionType == 0 {
		r.ProvisionType = ProvisionWithPurchase
	}
	return encode(NewInstance, r)
}

// QueryInstanceV1 asks for access data and usage of up to MaxQueryInstances instances (查询实例信息), saas.md §6.7.
type QueryInstanceV1 struct {
	InstanceID string `param:"instanceId"` // one id, or several separated by commas
	Test       bool   `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r QueryInstanceV1) V1Params() Params { return encode(QueryInstance, r) }

// RefreshInstanceV1 is a renewal (商品续费), the conversion of a trial, or a cancelled renewal (退续费), saas.md §6.2. It is
// idempotent by OrderID, which is the new order; the resource is found by InstanceID.
type RefreshInstanceV1 struct {
	OrderID       string `param:"orderId"`
	InstanceID    string `param:"instanceId"`
	ProductID     string `param:"productId"`  // only if the period type changed
	ExpireTime    string `param:"expireTime"` // new expiry, business time zone
	TrialToFormal bool   `param:"trialToFormal"`
	PeriodType    string `param:"periodType"`
	PeriodNumber  int    `param:"periodNumber"`
	OrderAmount   string `param:"orderAmount"`
	Test          bool   `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r RefreshInstanceV1) V1Params() Params { return encode(RefreshInstance, r) }

// ExpireInstanceV1 freezes an instance whose term has ended (商品过期), saas.md §6.3; idempotent by InstanceID.
type ExpireInstanceV1 struct {
	InstanceID string `param:"instanceId"`
	OrderID    string `param:"orderId"` // the purchase
	Test       bool   `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r ExpireInstanceV1) V1Params() Params { return encode(ExpireInstance, r) }

// ReleaseInstanceV1 deletes an instance after its retention period or after a refund (商品资源释放), saas.md §6.4. A
// repeated release of a deleted instance is answered with success.
type ReleaseInstanceV1 struct {
	InstanceID  string `param:"instanceId"`
	OrderID     string `param:"orderId"`
	OrderAmount string `param:"orderAmount"`
	Test        bool   `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r ReleaseInstanceV1) V1Params() Params { return encode(ReleaseInstance, r) }

// UpgradeV1 changes specification or quantity (商品升级), saas.md §6.5; idempotent by OrderID. Quantities are the new
// totals, not increments.
type UpgradeV1 struct {
	InstanceID   string `param:"instanceId"`
	OrderID      string `param:"orderId"` // the upgrade order
	SKUCode      string `param:"skuCode"`
	ProductID    string `param:"productId"`
	Amount       int    `param:"amount"`
	DiskSize     int    `param:"diskSize"`
	BandWidth    int    `param:"bandWidth"`
	ExtendParams string `param:"saasExtendParams"`
	Test         bool   `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r UpgradeV1) V1Params() Params { return encode(Upgrade, r) }

// InstanceStatusV1 freezes or thaws an on-demand instance or package (资源状态变更), saas.md §6.6. Status is StatusFreeze
// or StatusNormal.
type InstanceStatusV1 struct {
	InstanceID string `param:"instanceId"`
	Status     string `param:"instanceStatus"`
	Test       bool   `param:"testFlag,always"`
}

// V1Params implements V1Request.
func (r InstanceStatusV1) V1Params() Params { return encode(InstanceStatus, r) }
