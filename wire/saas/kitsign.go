package saas

// Headers of the kit calls (联营kit), which carry their signature outside of query and body.
const (
	HeaderAuthToken  = "authToken"   // V1 kit
	HeaderXSign      = "x-sign"      // V2 kit
	HeaderXTimestamp = "x-timestamp" // V2 kit, 13-digit milliseconds
	HeaderXNonce     = "x-nonce"     // V2 kit
)

// KitAuthToken computes the header authToken of a V1 kit call from its JSON body (saas.md §3.2): as AuthToken over the
// top-level members, those that are null or blank skipped, numbers in the notation of the body, lists as JSON text. The
// error tells that the body is no JSON object.
func KitAuthToken(key string, body []byte) (string, error) {
	p, err := ParseBody(body)
	if err != nil {
		return "", err
	}
	return AuthToken(key, p.withoutBlanks()), nil
}

// KitSign computes the header x-sign of a V2 kit call (saas.md §5.5): unlike SignV2 the body itself, not its HMAC,
// enters the message.
func KitSign(key, nonce, timestamp string, body []byte) string {
	message := append([]byte(key+nonce+timestamp), body...)
	return upperHex(hmacSHA256(key, message))
}
