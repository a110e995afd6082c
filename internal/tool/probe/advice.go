package probe

import "jishi/wire/saas"

// advice names for each code of a fault the text that says what to do (saas.md §11.4, column "typical cause"). Codes
// whose own text says everything are not here.
var advice = map[string]string{
	saas.ProblemStatus:         "probe.advice_status",
	saas.ProblemContentType:    "probe.advice_content_type",
	saas.ProblemJSON:           "probe.advice_json",
	saas.ProblemBodySignFormat: "probe.advice_body_sign_format",
	saas.ProblemBodySign:       "probe.advice_body_sign",
	saas.ProblemResultCode:     "probe.advice_result_code",
	saas.ProblemField:          "probe.advice_field",
	saas.ProblemLength:         "probe.advice_length",
	saas.ProblemDecrypt:        "probe.advice_decrypt",

	"outbound.dns":              "probe.advice_connect",
	"outbound.connect":          "probe.advice_connect",
	"outbound.refused_address":  "probe.hint_development",
	"outbound.tls":              "probe.advice_tls",
	"outbound.tls_expired":      "probe.advice_tls",
	"outbound.tls_authority":    "probe.advice_tls",
	"outbound.tls_host":         "probe.advice_tls",
	"outbound.tls_plain":        "probe.advice_tls",
	"outbound.timeout":          "probe.advice_slow",
	"outbound.too_large":        "probe.advice_too_large",
	"outbound.too_large_header": "probe.advice_too_large",
	"outbound.closed":           "probe.advice_closed",
	"outbound.protocol":         "probe.advice_closed",

	faultUnauthorized:      "probe.advice_unauthorized",
	faultRedirect:          "probe.advice_redirect",
	faultCompressed:        "probe.advice_compressed",
	faultEncoding:          "probe.advice_utf8",
	faultSlow:              "probe.advice_slow",
	faultSkew:              "probe.advice_skew",
	faultNotReady:          "probe.advice_not_ready",
	faultNotNamed:          "probe.advice_not_named",
	faultShared:            "probe.advice_idempotent",
	faultNotIdempotent:     "probe.advice_idempotent",
	faultItemsShared:       "probe.advice_items",
	faultWrongSignature:    "probe.advice_signature",
	faultMissingSignature:  "probe.advice_signature",
	faultAltered:           "probe.advice_altered",
	faultOldTimestamp:      "probe.advice_old_timestamp",
	faultOddRefusal:        "probe.advice_refusal",
	faultReleaseRepeatable: "probe.advice_release",
}

// The codes of what the checks find beyond saas.md §11.4.
const (
	faultUnauthorized      = "probe.unauthorized"            // a correctly signed call was refused with 000001
	faultRedirect          = "probe.redirect"                // 3xx
	faultCompressed        = "probe.compressed"              // Content-Encoding
	faultEncoding          = "probe.not_utf8"                // warning
	faultSlow              = "probe.slow"                    // warning
	faultSkew              = "probe.clock_skew"              // warning
	faultNotReady          = "probe.not_ready"               // 000004 and never finished
	faultNotNamed          = "probe.instance_not_named"      // queryInstance speaks of others
	faultShared            = "probe.shared_instance"         // two orders, one instanceId
	faultNotIdempotent     = "probe.not_idempotent"          // one order, two instanceIds
	faultItemsShared       = "probe.items_share_instance"    // two on-demand billing items, one instanceId
	faultWrongSignature    = "probe.accepts_wrong_signature" // signed with another key
	faultMissingSignature  = "probe.accepts_no_signature"
	faultAltered           = "probe.accepts_altered_call"
	faultOldTimestamp      = "probe.accepts_old_timestamp" // V2
	faultOddRefusal        = "probe.odd_refusal"           // warning
	faultReleaseRepeatable = "probe.release_not_repeatable"
)

// Advice is the key of the text that says what to do about a fault; "" when the fault's own text says everything.
func Advice(code string) string { return advice[code] }
