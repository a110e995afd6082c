// Package access says who may do what: the permission table stands in code, the grants
// of sub-users stand in the database (catalog-and-roles.md part I).
//
// A permission is "resource:action". There is no denial, only absence. Every request is
// checked on the server; menus are a reflection. What belongs to another account is
// "not found", which the SQL of each module sees to; access only tells whether a person
// may do this kind of thing for the own account.
package access

import (
	"slices"

	"jishi/internal/base/errs"
)

// Permission is "resource:action".
type Permission string

// Permissions of the buyer's side.
const (
	OrderRead           Permission = "order:read"
	OrderBuy            Permission = "order:buy"     // place, pay, cancel
	OrderApprove        Permission = "order:approve" // decide on orders of the own account that wait for review
	InstanceRead        Permission = "instance:read"
	InstanceCredentials Permission = "instance:credentials" // reveal access data
	BalanceRead         Permission = "balance:read"
	BalanceTopUp        Permission = "balance:topup"
	BalanceWithdraw     Permission = "balance:withdraw"
	AccountManage       Permission = "account:manage" // names, real name
	UserManage          Permission = "user:manage"    // sub-users and groups, both sides
)

// Permissions of the seller's side.
const (
	ProductRead    Permission = "product:read" // of granted products
	ProductWrite   Permission = "product:write"
	ProductRetire  Permission = "product:retire" // take down, hide, price
	AddressRead    Permission = "address:read"   // addresses, keys (masked), cases, messages
	AddressWrite   Permission = "address:write"  // and reveal keys, restart calls
	SaleRead       Permission = "sale:read"      // orders of the own products
	ShopWrite      Permission = "shop:write"     // seller information, shop, support
	SellerApply    Permission = "seller:apply"   // become a seller, sign agreements, exit
	SettlementRead Permission = "settlement:read"
	DiscountWrite  Permission = "discount:write" // promotions and exclusive offers
	VoucherWrite   Permission = "voucher:write"  // voucher campaigns
)

// Permissions of operators.
const (
	SellerReview   Permission = "seller:review"
	ProductReview  Permission = "product:review"
	ProductPenalty Permission = "product:penalty" // suspend, hide, delist
	RealNameReview Permission = "realname:review"
	OrderOversee   Permission = "order:oversee"
	CallOversee    Permission = "call:oversee" // deliveries of all sellers
	CallRestart    Permission = "call:restart"
	InstanceManage Permission = "instance:manage" // freeze, renew, upgrade, release for any buyer
	TopUpConfirm   Permission = "topup:confirm"
	OrderAdjust    Permission = "order:adjust"   // another price for unpaid orders, where the site allows it
	RefundDecide   Permission = "refund:decide"  // approve large refunds, refund by hand
	WithdrawalPay  Permission = "withdrawal:pay" // pay out or reject withdrawals of balance
	LedgerRead     Permission = "ledger:read"
	AccountOversee Permission = "account:oversee"
	AccountSuspend Permission = "account:suspend"
	AccountLevel   Permission = "account:level" // give customer levels
	AuditRead      Permission = "audit:read"
	SettingsWrite  Permission = "settings:write"
	OperatorManage Permission = "operator:manage"
	CategoryWrite  Permission = "category:write"
	DiscountDecide Permission = "discount:decide" // review offers, stop promotions, promotions of the marketplace, bounds per product
	VoucherManage  Permission = "voucher:manage"  // campaigns of the marketplace, and void any
)

// Buyer and Seller are what an account's owner may do and what can be granted to
// sub-users; a sub-user's groups hold a subset.
var (
	Buyer  = []Permission{OrderRead, OrderBuy, OrderApprove, InstanceRead, InstanceCredentials, BalanceRead, BalanceTopUp, BalanceWithdraw, AccountManage, UserManage}
	Seller = []Permission{ProductRead, ProductWrite, ProductRetire, AddressRead, AddressWrite, SaleRead, ShopWrite, SellerApply, SettlementRead, DiscountWrite, VoucherWrite}
)

// OwnerOnly cannot be granted to sub-users.
var OwnerOnly = []Permission{AccountManage, UserManage, SellerApply}

// Grantable tells whether a permission may stand in a sub-user group.
func Grantable(p Permission) bool {
	return (slices.Contains(Buyer, p) || slices.Contains(Seller, p)) && !slices.Contains(OwnerOnly, p)
}

// Role is an operator's role.
type Role string

// The operator's roles of the present functions (catalog-and-roles.md A1, I3).
const (
	OpsManager      Role = "ops_manager"
	Qualification   Role = "qualification_reviewer"
	ProductReviewer Role = "product_reviewer"
	Finance         Role = "finance"
	Support         Role = "support"
	ContentEditor   Role = "content_editor"
	PlatformAdmin   Role = "platform_admin"
	Auditor         Role = "auditor"
)

var reading = []Permission{OrderOversee, CallOversee, AccountOversee}

// Roles is the permission table of operators.
var Roles = map[Role][]Permission{
	OpsManager:      append([]Permission{SellerReview, ProductReview, ProductPenalty, RealNameReview, CallRestart, InstanceManage, OrderAdjust, RefundDecide, CategoryWrite, DiscountDecide, VoucherManage, AccountSuspend, AccountLevel, AuditRead}, reading...),
	Qualification:   {SellerReview, RealNameReview, AccountOversee},
	ProductReviewer: {ProductReview, CallOversee},
	Finance:         {TopUpConfirm, WithdrawalPay, OrderAdjust, RefundDecide, LedgerRead, OrderOversee, AccountOversee},
	Support:         append([]Permission{CallRestart}, reading...),
	ContentEditor:   {CategoryWrite},
	PlatformAdmin:   append([]Permission{SettingsWrite, OperatorManage, ProductPenalty, InstanceManage, AccountSuspend, AccountLevel, AuditRead, LedgerRead}, reading...),
	Auditor:         append([]Permission{AuditRead, LedgerRead}, reading...),
}

// Preset is a group that every account starts with; its owner may edit it freely.
type Preset struct {
	Key         string // text key "group.<key>"
	Permissions []Permission
}

// Presets are the documented seller groups (I2) and two for buyers.
var Presets = []Preset{
	{"purchaser", []Permission{OrderRead, OrderBuy, InstanceRead, InstanceCredentials, BalanceRead, BalanceTopUp}},
	{"approver", []Permission{OrderRead, OrderApprove}},
	{"viewer", []Permission{OrderRead, InstanceRead, BalanceRead}},
	{"product_staff", []Permission{ProductRead, ProductWrite, AddressRead, SaleRead}},
	{"delivery", []Permission{ProductRead, SaleRead}},
	{"technical", []Permission{ProductRead, AddressRead, AddressWrite, SaleRead}},
	{"finance", []Permission{ProductRead, SaleRead, SettlementRead, DiscountWrite, VoucherWrite, BalanceRead, OrderRead}},
	{"support", []Permission{ProductRead, SaleRead}},
}

// Caller is who makes a request, as authentication found it. The zero value is a visitor.
type Caller struct {
	Kind        string // "" visitor, "user", "operator"
	UserID      string // user or operator id
	AccountID   string // of a user
	SellerID    string // of the account, "" when it is no approved seller
	Owner       bool   // of the account
	Name        string
	Email       string
	Permissions []Permission // all grants, already cut to a token's scopes
	SessionID   string       // "" for API tokens
	HasFactor   bool         // in a session: a second factor is set up
	MustFactor  bool         // the account wants one of everybody
	TokenID     string
}

// SignedIn tells whether somebody is known.
func (c Caller) SignedIn() bool { return c.Kind != "" }

// Can tells whether the caller holds the permission.
func (c Caller) Can(p Permission) bool { return slices.Contains(c.Permissions, p) }

// Check is nil, "access.sign_in" (Unauthenticated) or "access.denied" (Forbidden).
func (c Caller) Check(p Permission) error {
	switch {
	case c.Can(p):
		return nil
	case !c.SignedIn():
		return errs.Unauthenticatedf("access.sign_in")
	}
	return errs.Forbiddenf("access.denied", "permission", string(p))
}
