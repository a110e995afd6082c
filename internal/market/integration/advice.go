package integration

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jishi/wire/saas"
)

// The codes of what is found beyond saas.md §11.4. The command-line checker reports the same ones.
const (
	FaultUnauthorized   = "probe.unauthorized"            // a correctly signed call was refused with 000001
	FaultRedirect       = "probe.redirect"                // 3xx
	FaultCompressed     = "probe.compressed"              // Content-Encoding
	FaultEncoding       = "probe.not_utf8"                // warning
	FaultSlow           = "probe.slow"                    // warning
	FaultNotReady       = "probe.not_ready"               // 000004 and never finished
	FaultNotNamed       = "probe.instance_not_named"      // queryInstance speaks of others
	FaultNotIdempotent  = "probe.not_idempotent"          // one order, two instanceIds
	FaultWrongSignature = "probe.accepts_wrong_signature" // signed with another key
	FaultOddRefusal     = "probe.odd_refusal"             // warning
	FaultRelease        = "probe.release_not_repeatable"
	FaultBatchSlow      = "integration.batch_slow" // the case was not run, those before it took too long
)

// Advice is the key of the text that says what to do about a fault (saas.md §11.4, column "typical cause"); "" for one
// whose own text says everything.
func Advice(code string) string { return advice[code] }

var advice = map[string]string{
	saas.ProblemEncoding:       "probe.advice_compressed",
	saas.ProblemCharset:        "probe.advice_utf8",
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

	FaultUnauthorized:   "probe.advice_unauthorized",
	FaultRedirect:       "probe.advice_redirect",
	FaultCompressed:     "probe.advice_compressed",
	FaultEncoding:       "probe.advice_utf8",
	FaultSlow:           "probe.advice_slow",
	FaultNotReady:       "probe.advice_not_ready",
	FaultNotNamed:       "probe.advice_not_named",
	FaultNotIdempotent:  "probe.advice_idempotent",
	FaultWrongSignature: "probe.advice_signature",
	FaultOddRefusal:     "probe.advice_refusal",
	FaultRelease:        "probe.advice_release",
	FaultBatchSlow:      "probe.advice_slow",
}

func textOf(v any) string { return fmt.Sprint(v) }

// Seconds is a duration as texts name it.
func Seconds(d time.Duration) string {
	return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0")
}
