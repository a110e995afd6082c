// Package catalog owns products (商品), their versions, specifications (规格) and price
// plans, the category tree, the review of releases and changes, and what the storefront
// reads (catalog-and-roles.md parts C and D).
//
// A product has versions. A version's content is edited as a draft, submitted, decided,
// and then never changes: a change is a new version. Approval publishes in one
// transaction: the product's live columns, its specs and price plans follow the version,
// keeping the ids, skuCodes and plan numbers that exist. A specification or a charging
// mode once released is never removed by a change; it is taken down by an application.
//
// States are in states.go as tables, printed into docs/states. It refuses: incomplete
// content (one message per field), another seller's objects (not found), any move that
// is not in a table (Conflict with the current state).
//
// The console edge calls the writing functions, trade calls ForSale, the storefront
// reads through catalog/shelf.
package catalog
