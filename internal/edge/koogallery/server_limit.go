package koogallery

import "jishi/internal/base/throttle"

// The limits of the open API: each access key makes 100 calls a second with bursts of 200 (open-api.md §15). Before a key
// is known the gateway allows an address several keys' worth, since many sellers may stand behind one.
var (
	callRate    = throttle.Rate{PerSecond: 100, Burst: 200}
	gatewayRate = throttle.Rate{PerSecond: 500, Burst: 1000}
)
