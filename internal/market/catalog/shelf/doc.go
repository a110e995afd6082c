// Package shelf is what the storefront reads: home, categories, lists, search, product
// pages and the facts that stand in their served HTML (catalog-and-roles.md part D).
//
// Answers are rendered once per language and kept as bytes until the change sequence
// (catalog_changes) moves. A Shelf follows that sequence: on the node that wrote a change
// at once, on every other one within two seconds. Ids in the sequence are made before
// their transaction commits, so each look goes back over a window in which late commits
// are still found.
//
// The search index is filled in the background after the start; until it is ready the
// database is searched. Everything here can be rebuilt from the database.
//
// Nothing is written but the index's own folder. The storefront's edge calls it.
package shelf
