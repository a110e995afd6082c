// Package voucher owns marketplace vouchers (云商店代金券, trade.md §10.2): the campaigns that
// issue them, what accounts hold of them, and each use on an order.
//
// A seller issues vouchers for products of its own, the marketplace for any products within a
// budget. An activity campaign (活动类) is claimed on the product page, a directed one (指定客户)
// is given to named accounts when it is published. A voucher pays a part of one order at a
// time: what the order takes is locked while it waits for payment, spent when it is paid,
// free again when it ends unpaid, and given back with the order's refund. What is left may be
// used again within the validity.
//
// At any time face = balance + locked + used. Which orders a voucher fits is a pure function
// (fit.go); the money is posted by package payment under "voucher:<issuer>" in the same
// transaction, and trade calls both.
//
// A claim moves the counter of its campaign by a guarded update. That row is shared by those
// who claim from one campaign, and by nobody who places or pays an order: claims are rare
// enough for one row. The states are printed to docs/states/voucher-campaign.md and voucher.md.
package voucher

import "slices"

// State is the state of a campaign (发放).
type State string

// The states of a campaign.
const (
	Draft     State = "DRAFT"     // 草稿
	Published State = "PUBLISHED" // 发放中
	Ended     State = "ENDED"     // 已结束
	Voided    State = "VOIDED"    // 已作废: unclaimed ones are gone, claimed ones stay usable
)

// Move is one row of a transition table.
type Move struct {
	From  string
	Event string
	To    string
	Actor string
}

// Moves is the transition table of campaigns; every other pair is "voucher.bad_state" (Conflict).
var Moves = []Move{
	{string(Draft), "publish", string(Published), "seller, operator"},
	{string(Draft), "publish to accounts that take all", string(Ended), "seller, operator"},
	{string(Published), "void", string(Voided), "seller, operator"},
	{string(Published), "window over", string(Ended), "system"},
	{string(Published), "all claimed", string(Ended), "system"},
}

// HoldingState is the state of a voucher that an account holds.
type HoldingState string

// The states of a voucher.
const (
	Claimed HoldingState = "CLAIMED" // 可使用: all or the rest of it
	Locked  HoldingState = "LOCKED"  // 使用中: a part waits for the payment of an order
	Used    HoldingState = "USED"    // 已用完
	Lapsed  HoldingState = "LAPSED"  // 已失效: the validity ended before it was used
)

// HoldingMoves is the transition table of vouchers.
var HoldingMoves = []Move{
	{string(Claimed), "chosen on an unpaid order", string(Locked), "buyer"},
	{string(Locked), "chosen on another order", string(Locked), "buyer"},
	{string(Locked), "paid, nothing left", string(Used), "system"},
	{string(Locked), "paid, a rest left", string(Claimed), "system"},
	{string(Locked), "paid, the rest is too late", string(Lapsed), "system"},
	{string(Locked), "order ended unpaid, or another choice", string(Claimed), "buyer, system"},
	{string(Locked), "the same after the validity", string(Lapsed), "buyer, system"},
	{string(Used), "order refunded", string(Claimed), "system"},
	{string(Used), "order refunded after the validity", string(Lapsed), "system"},
	{string(Claimed), "validity over", string(Lapsed), "system"},
}

// Kind is how vouchers of a campaign reach their accounts.
type Kind string

// The kinds.
const (
	Activity Kind = "activity" // 活动类: claimed on the product page
	Directed Kind = "directed" // 指定客户: given to named accounts
)

// Mode is a way of billing that a voucher is marked for; there is none for pay-per-use.
type Mode string

// The modes.
const (
	Once  Mode = "once"  // 一次性
	Month Mode = "month" // 包月
	Year  Mode = "year"  // 包年, one year and up
)

// Modes lists all of them.
var Modes = []Mode{Once, Month, Year}

// Platform is the issuer of the marketplace's own campaigns.
const Platform = "platform"

func knownModes(modes []Mode) bool {
	for i, m := range modes {
		if !slices.Contains(Modes, m) || slices.Contains(modes[:i], m) {
			return false
		}
	}
	return len(modes) > 0
}
