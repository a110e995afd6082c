package openapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// SignUsage is the header signature of a pushed usage batch (按需使用量推送, open-api.md §3 usage signature), made with the
// seller's connection key (对接密钥), not with the secret key: ts and nonce are the headers of these names.
func SignUsage(key, ts, nonce string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("ts=" + ts + "&nonce=" + nonce + "&body="))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
