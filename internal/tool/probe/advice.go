package probe

import "jishi/internal/market/integration"

// Advice is the key of the text that says what to do about a fault (saas.md §11.4, column "typical cause"); "" when the
// fault's own text says everything. What the debug page finds too is told in the same words.
func Advice(code string) string {
	if key, ok := advice[code]; ok {
		return key
	}
	return integration.Advice(code)
}

var advice = map[string]string{
	"outbound.refused_address": "probe.hint_development",
	faultSkew:                  "probe.advice_skew",
	faultShared:                "probe.advice_idempotent",
	faultItemsShared:           "probe.advice_items",
	faultMissingSignature:      "probe.advice_signature",
	faultAltered:               "probe.advice_altered",
	faultOldTimestamp:          "probe.advice_old_timestamp",
}

// The codes of what only these checks find, beyond saas.md §11.4 and what the debug page finds.
const (
	faultSkew             = "probe.clock_skew"           // warning
	faultShared           = "probe.shared_instance"      // two orders, one instanceId
	faultItemsShared      = "probe.items_share_instance" // two on-demand billing items, one instanceId
	faultMissingSignature = "probe.accepts_no_signature"
	faultAltered          = "probe.accepts_altered_call"
	faultOldTimestamp     = "probe.accepts_old_timestamp" // V2
)
