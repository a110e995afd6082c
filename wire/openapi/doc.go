// Package openapi holds the codecs of the marketplace's open API (开放接口), which sellers' servers call: the AK/SK
// signature SDK-HMAC-SHA256, the error envelopes and codes, and the answers. It implements open-api.md §1–4 and §6.
//
// # What it owns
//
//   - The signature: Request with its canonical form, StringToSign, Sign, Authorize, ParseAuthorization and Verify.
//   - The codes (错误码) of the gateway and of the interfaces with their HTTP status, and the envelopes E1 and E4.
//   - The order query (查询订单): OrderAnswer and OrderInfo in the documented order of members.
//   - The signature of pushed usage, SignUsage.
//   - The nine debug orders (调测订单), MockOrder.
//
// # What it refuses
//
// It opens no connection, reads no clock and keeps no state: the caller passes the time. Secret keys are used as the
// UTF-8 text that the page showed, blanks included.
//
// # Who calls it
//
// The marketplace's server verifies with it, package isv signs with it.
package openapi
