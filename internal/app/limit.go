package app

import (
	"net/http"

	"jishi/internal/base/i18n"
	"jishi/internal/base/telemetry"
	"jishi/internal/base/throttle"
)

// pageRate is what a network may load of pages and files. A page brings some forty of them,
// and several people may stand behind one address.
var pageRate = throttle.Rate{PerSecond: 200, Burst: 1000}

// limited answers 429 to a network that asks too often. The API and the open API count by
// rates of their own.
func limited(buckets *throttle.Buckets, proxies telemetry.Proxies, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !buckets.Allow(telemetry.Network(proxies.ClientAddr(r).String()), pageRate) {
			w.Header().Set("Retry-After", "1")
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, i18n.Message(i18n.Parse(r.Header.Get("Accept-Language")), "http.too_many", nil), http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}
