package isv

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jishi/wire/openapi"
)

// Client calls the marketplace's open API (开放接口) with a pair AK/SK (open-api.md §2). A V2 server needs it: its calls
// name an order only, and what was bought is read by Order. A Client may be used by several goroutines at once.
type Client struct {
	Endpoint string           // scheme and host of the marketplace, such as https://market.example
	AK       string           // access key
	SK       string           // secret key, exactly as shown
	HTTP     *http.Client     // default: 20 s per call, no redirects
	Now      func() time.Time // default time.Now; the marketplace allows 15 minutes
}

// APIError is an answer other than success, from the interface (code MKT.…) or from the gateway before it (APIG.…).
type APIError struct {
	Status    int
	Code      string // "" when the answer is not of the open API
	Message   string
	RequestID string // of gateway errors: what to tell the marketplace's support
}

// Error implements error.
func (e *APIError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("open API: HTTP %d %s %s %s", e.Status, e.Code, e.Message, e.RequestID))
}

// Temporary tells whether the same call may succeed later: called too often, or a fault of the marketplace.
func (e *APIError) Temporary() bool {
	return e.Code == openapi.TooOften.Code || e.Status == http.StatusTooManyRequests || e.Status >= 500 && e.Code != openapi.VerifyFailed.Code
}

// maxAnswer bounds what a Client reads, in bytes.
const maxAnswer = 1 << 20

// Order reads an order of the own products (查询订单, open-api.md §6); a blank orderLineID reads all its lines. The debug
// orders (openapi.MockOrders) exist for every seller. A foreign order is an *APIError with MKT.0150, an unknown one with
// MKT.0101. Reading changes nothing, so it may be repeated at will.
func (c *Client) Order(ctx context.Context, orderID, orderLineID string) (openapi.OrderInfo, error) {
	query := "orderId=" + openapi.Escape(orderID)
	if orderLineID != "" {
		query += "&orderLineId=" + openapi.Escape(orderLineID)
	}
	body, status, err := c.get(ctx, openapi.PathOrderQuery, query)
	if err != nil {
		return openapi.OrderInfo{}, err
	}
	var a struct {
		openapi.OrderAnswer
		openapi.GatewayError
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return openapi.OrderInfo{}, &APIError{Status: status, Message: "the answer is not JSON"}
	}
	if status != http.StatusOK || a.ResultCode != openapi.Success.Code || a.OrderInfo == nil {
		e := &APIError{Status: status, Code: a.ResultCode, Message: a.ResultMsg, RequestID: a.RequestID}
		if e.Code == "" {
			e.Code, e.Message = a.ErrorCode, a.ErrorMsg
		}
		return openapi.OrderInfo{}, e
	}
	return *a.OrderInfo, nil
}

func (c *Client) get(ctx context.Context, path, query string) (body []byte, status int, err error) {
	endpoint, err := url.Parse(strings.TrimRight(c.Endpoint, "/"))
	if err != nil || endpoint.Host == "" || endpoint.Path != "" || endpoint.RawQuery != "" {
		return nil, 0, fmt.Errorf("open API: endpoint %q is not scheme and host", c.Endpoint)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint.String()+path+"?"+query, nil)
	if err != nil {
		return nil, 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	signed := openapi.Request{Method: r.Method, Host: endpoint.Host, Path: path, RawQuery: query, Header: http.Header{}}
	r.Header.Set(openapi.HeaderAuthorization, signed.Authorize(c.AK, c.SK, c.now()))
	r.Header.Set(openapi.HeaderDate, signed.Header.Get(openapi.HeaderDate))
	client := c.HTTP
	if client == nil {
		client = &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	return body, answer.StatusCode, err
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
