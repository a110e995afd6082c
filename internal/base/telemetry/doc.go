// Package telemetry shows what the process does: JSON logs that carry the request id
// and hide secrets, Prometheus metrics, and the answers of /healthz, /readyz and
// /metrics. HTTP.Wrap is the outermost handler of every listener: it gives the request
// its id, catches panics, counts and logs.
//
// The package decides which proxy is believed (Proxies), because the request id, the
// client's address and the scheme all hang on it. It knows no business word and
// stores nothing.
package telemetry
