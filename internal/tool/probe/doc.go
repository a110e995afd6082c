// Package probe checks a seller's server from outside, as the debugging page does (应用接入调试): it sends the scenarios of
// saas.md §11.1 as debug calls (testFlag=1) in the order of an instance's life, judges each answer by the strict measure
// of §11.4, and adds what a single call cannot show: the same order twice, calls that must be refused, slow answers.
//
// # What it owns
//
// Nothing. It keeps no state between two runs and needs neither a marketplace nor a database, so that it can stand in the
// build of a seller's server. What it creates there it releases again in the end.
//
// # What it refuses
//
// It reaches the internet only. Private networks are reached with Options.Development, and the loopback network without
// it when the address names it literally: somebody who types 127.0.0.1 means his own machine. Redirects are not followed.
// Keys, signatures and passwords do not appear in reports.
//
// # Who calls it
//
// The command jishi probe.
package probe
