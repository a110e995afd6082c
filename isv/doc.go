// Package isv lets a seller (商家) serve the SaaS production interface (生产接口) of a marketplace in a few lines of Go: a
// Handler verifies the signature of a call, decrypts and checks its parameters, dispatches it to the seller's function,
// and answers encrypted and signed as the generation of the call demands. It implements the seller's side of saas.md
// §3–7 and §9.
//
// # What it owns
//
// Everything between the network and the seller's business: signatures in both directions, the 60 s window of V2, field
// encryption, result codes, body limits, panics, and the rule that a repeated newInstance returns the same instance
// (Idempotent).
//
// In the other direction a Client calls the marketplace's open API (开放接口) with AK/SK, as open-api.md §2 and §6 say.
//
// # What it refuses
//
// It stores nothing. Where instances live, and whether a created one survives a crash, is the seller's business; a
// function returns only when its change is durable, because the answer ends the marketplace's retries.
//
// # Who calls it
//
// The seller's main function mounts the Handler at the path registered as production address (生产地址). Calls of both
// generations may arrive at one path: V1 is GET, V2 is POST.
package isv
