package catalog

// DeliveryType says how a product is delivered (接入类型, C1). Only SaaS is sold now.
const DeliverySaaS = "saas"

// ProductState is a product's state (C7).
type ProductState string

// The product's states. Draft, Reviewing and Rejected were never released.
const (
	Draft     ProductState = "draft"
	Reviewing ProductState = "reviewing"
	Rejected  ProductState = "rejected"
	OnSale    ProductState = "on_sale"   // 在售
	Hidden    ProductState = "hidden"    // sold, reachable by its address only
	Suspended ProductState = "suspended" // 停售: shown, not sold, still renewed
	Delisted  ProductState = "delisted"  // 退市: for good
)

// Sold tells whether new orders may be placed.
func (s ProductState) Sold() bool { return s == OnSale || s == Hidden }

// SpecState is a specification's state.
type SpecState string

// The specification's states. A hidden one keeps its buyers; a delisted one is not renewed.
const (
	SpecShown    SpecState = "shown"
	SpecHidden   SpecState = "hidden"
	SpecDelisted SpecState = "delisted"
)

// VersionState is a version's state (C6).
type VersionState string

// The version's states. Only a draft's content can change.
const (
	VersionDraft     VersionState = "draft"
	VersionReviewing VersionState = "reviewing"
	VersionApproved  VersionState = "approved"
	VersionRejected  VersionState = "rejected"
	VersionWithdrawn VersionState = "withdrawn"
)

// ChargingMode is how a plan is paid; the values are the wire's (trade.md §2).
type ChargingMode string

// The modes of the simple template (普通模板).
const (
	Period  ChargingMode = "PERIOD"   // 包年/包月
	OneTime ChargingMode = "ONE_TIME" // 按次
)

// Generation is the protocol by which the seller's server is called; it is a property of
// address and path, copied to the product at publication (saas.md §1).
type Generation string

// The generations.
const (
	V1 Generation = "V1"
	V2 Generation = "V2"
)
