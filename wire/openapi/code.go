package openapi

import "net/http"

// Code is a result code with the HTTP status that it travels with and its meaning in short.
type Code struct {
	Code    string
	Status  int
	Meaning string
}

// The codes that all interfaces share (公共错误码, open-api.md §4.1).
var (
	Success          = Code{"MKT.0000", http.StatusOK, "Success"}
	SystemError      = Code{"MKT.0999", http.StatusInternalServerError, "System error"}
	VerifyFailed     = Code{"MKT.0100", http.StatusInternalServerError, "Parameter verification failed"}
	InvalidParameter = Code{"MKT.0101", http.StatusBadRequest, "Invalid parameter"}
	InvalidBodySign  = Code{"MKT.0102", http.StatusBadRequest, "Invalid body sign"}
	BadRequest       = Code{"MKT.0199", http.StatusBadRequest, "Bad request"}
	IllegalOperation = Code{"MKT.0150", http.StatusUnauthorized, "Illegal operation"}
	NoAuthority      = Code{"MKT.0151", http.StatusUnauthorized, "No authority: the caller is not an ISV"}
	IllegalToken     = Code{"MKT.0154", http.StatusUnauthorized, "Illegal token"}
	TooOften         = Code{"MKT.0250", http.StatusNotAcceptable, "Called too often"}
)

// The codes of the gateway layer, before an interface is reached (open-api.md §4.3).
var (
	GatewayNotFound   = Code{"APIG.0101", http.StatusNotFound, "The API does not exist or has not been published in the environment"}
	GatewayBadRequest = Code{"APIG.0201", http.StatusBadRequest, "Bad request"}
	GatewayTooLarge   = Code{"APIG.0201", http.StatusRequestEntityTooLarge, "The request body is too large"}
	GatewayLongURL    = Code{"APIG.0201", http.StatusRequestURITooLong, "The URL is too long"}
	GatewayBigHeader  = Code{"APIG.0201", 494, "The request headers are too large"}
	GatewayAuth       = Code{"APIG.0301", http.StatusUnauthorized, "Incorrect IAM authentication information"}
	GatewayForbidden  = Code{"APIG.0302", http.StatusForbidden, "The IAM user is not authorized to access the API"}
	GatewayThrottled  = Code{"APIG.0308", http.StatusTooManyRequests, "The throttling threshold has been reached"}
)

// GatewayError is the envelope E4 of the gateway layer. RequestID is 32 hex digits, which stand in the server's log too.
type GatewayError struct {
	ErrorCode string `json:"error_code"`
	ErrorMsg  string `json:"error_msg"`
	RequestID string `json:"request_id"`
}
