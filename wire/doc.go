// Package wire is the root of the public codecs of the marketplace protocols (商家接口协议).
//
// Its subpackages turn business values into the exact bytes that travel between a marketplace and a seller's server, and
// back: canonical strings, signatures, field encryption, request and answer structs, result codes. They are pure: no
// network, no clock, no randomness, no database. A caller passes the time, the nonce and the initialisation vector, so
// every output can be reproduced and compared with a published test vector.
//
// The packages import the Go standard library only and export no type of any other package of this module. Sellers who
// write their server in Go use package isv, which is built on them; a marketplace uses them for the opposite side.
//
//   - saas: the production interface (生产接口) of SaaS products, generations V1 and V2.
//   - openapi: the open API (开放接口) that sellers' servers call: its AK/SK signature, codes and the order query.
package wire
