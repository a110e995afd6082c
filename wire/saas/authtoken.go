package saas

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// ErrSignature says that a request is not signed with the key: signature absent, of another key, or of other content.
// A seller's server answers it with result code 000001.
var ErrSignature = errors.New("signature does not match")

// AuthToken computes the V1 authToken over the parameters, timeStamp included (saas.md §3.1): Base64 of HMAC-SHA256 with
// key + timeStamp as HMAC key over Params.Join. Every parameter given is signed, blank ones as "name=".
func AuthToken(key string, p Params) string {
	return base64.StdEncoding.EncodeToString(hmacSHA256(key+p[ParamTimeStamp], []byte(p.Join())))
}

// VerifyV1 checks the authToken of received V1 parameters in constant time. It returns ErrSignature when token or
// timeStamp is absent or wrong. No freshness is checked: the protocol documents none for V1.
func VerifyV1(key string, p Params) error {
	got := p[ParamAuthToken]
	if key == "" || got == "" || p[ParamTimeStamp] == "" {
		return ErrSignature
	}
	if !hmac.Equal([]byte(got), []byte(AuthToken(key, p))) {
		return ErrSignature
	}
	return nil
}

func hmacSHA256(key string, message []byte) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write(message)
	return m.Sum(nil)
}
