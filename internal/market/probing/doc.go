// Package probing owns the probes (接口拨测) of products on sale: when their saved cases run,
// what came of it, for how many days a product has been failing, the decisions that operators
// are asked for, and the health score of production addresses (saas.md §11.3,
// catalog-and-roles.md C7, C9).
//
// A run is a row, one per product, day and half of the day; its minute is drawn once, when
// the row is written, so that neither a second node nor a restart repeats or loses it. States:
// planned → queued → passed | failed | skipped; planned, queued → missed, when no node could
// make it in its time, which counts as neither good nor bad. Which cases run, how they are
// sent, and what follows for the product stand in package trade.
//
// # Failing days
//
// A day has failed when both its runs failed. Failing days are counted back from today without
// a gap: a day with a run that did not fail, whatever the reason, ends them. Today counts once
// both its runs have failed, and ends them as soon as one has passed.
//
// # Health score (健康分)
//
// 0 to 100, of the last seven days of the site's time zone, today included:
//
//	100 × (0.5·S + 0.3·P + 0.2·L)
//
// S is the share of attempts of real calls that were answered well. P is the share of the
// probes of the address's products that passed. L is 1 when 95 % of the answers to real calls
// took a second at most, 0 when they took 20 s (the time-out), and falls in between with the
// logarithm of the time. A part without data is left out and the weights of the others grow in
// proportion; without any data there is no score. The result is cut, not rounded: only an
// address without a fault has 100.
package probing
