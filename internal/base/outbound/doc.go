// Package outbound is the one way by which the marketplace calls servers it does not
// trust: sellers' production addresses, ownership files, web hooks.
//
// It is safe against requests forged through an address (SSRF): the name is resolved,
// every address is checked in the dialer's Control hook, after resolution and right
// before the connection, and the connection goes to that very address. So a name that
// changes its answer between two look-ups gains nothing. Redirects are answers, not
// orders; there is no proxy, no cookie and no decompression. Headers, body and the
// whole time including the body are capped, and each cap has its own kind of error.
//
// Addresses of private networks are admitted only for a request that is marked
// Development, and only within Config.DevelopmentPrefixes ("development addresses",
// 开发地址, saas.md §1.1). Such requests use connections of their own.
//
// The package keeps no state but its connections and writes no log: the caller records
// each attempt. It implements saas.md §1.1 (addresses) and §10 (time limits); the kinds
// of error are rows 1 and 2 of §11.4.
package outbound
