// Package pricing computes what a specification costs (trade.md §3). It is pure: no
// database, no clock, no business object beside the price.
//
// A price is that of one period (or of the purchase, for ONE_TIME): a base price for the
// combination (SKU) of the enumerated attributes (枚举属性), plus the price of the
// quantity attribute (数值属性) in one of the modes of §3.1. The amount of a line is the
// price of a period × the number of periods, cut to 0.01 once, at the end: a Cut per
// period would charge less than the total says.
//
// Compute explains its result: one Component per part, each with its exact contribution,
// which add up to the amount without a remainder; what is cut off is a component of its
// own.
//
// The catalogue checks and stores what is priced, order lines keep the result as a
// snapshot. Faults of a request (a quantity that the step does not reach, too many
// periods) are field errors, kind Invalid.
package pricing
