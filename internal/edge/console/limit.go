package console

import (
	"jishi/internal/base/telemetry"
	"jishi/internal/base/throttle"
)

// The limits of the API. Visitors, by their networks, and people make at most 100 requests
// a second with bursts of 300; sign-in and the like are held to one a second with bursts of
// 20 per network.
var (
	usualRate  = throttle.Rate{PerSecond: 100, Burst: 300}
	strictRate = throttle.Rate{PerSecond: 1, Burst: 20}
)

func (c *Console) allow(class string, q *request) bool {
	switch {
	case c.NoLimits:
		return true
	case class == "strict":
		return c.limits.Allow("strict:"+telemetry.Network(q.address), strictRate)
	case q.caller.UserID != "":
		return c.limits.Allow(q.caller.UserID, usualRate)
	}
	return c.limits.Allow(telemetry.Network(q.address), usualRate)
}
