// Package seller owns everything about a seller (商家) before a product exists: the
// application for admission (入驻申请) and its review, seller information and shop page,
// the production addresses (生产地址) of the seller's own servers, and the access keys
// (访问密钥) with which the marketplace signs its calls to them.
//
// It implements catalog-and-roles.md B1–B3 and saas.md §1.1 and §2. It refuses to know
// products: who needs to tell whether an address is in use gives Store.Uses. It makes no
// network call inside a transaction: Prove and ProbeWebsite run outside and their result is
// recorded by a second step.
//
// States: an application is draft → reviewing → approved | rejected | withdrawn, a
// rejected one may be edited and submitted again (docs/states/seller-application.md is
// printed from the table in state.go). A seller is active ⇄ suspended. A production
// address is unverified → verified. A key is active → disabled.
//
// Callers: the console edge, fulfillment (Endpoint), catalog (UseAddress, ContactGroups).
package seller
