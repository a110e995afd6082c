package isv_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"jishi/isv"
	"jishi/wire/saas"
)

// A seller's server. The instance id is made from what was bought, so a repeated call finds the same instance.
func Example() {
	const key = "9fa6c870-0000-4e9b-b71e-4c2233001560" // from the seller information page

	server := httptest.NewServer(&isv.Handler{
		V1Key: key,
		Create: func(ctx context.Context, c isv.Create) (isv.Instance, error) {
			return isv.Instance{ID: "inst-" + c.Key(), Access: &saas.AppInfo{
				FrontEndURL: "https://app.example/", UserName: "admin@" + c.OrderID, Password: "change-me-2026",
			}}, nil
		},
		Release: func(ctx context.Context, r isv.Release) error { return nil },
	})
	defer server.Close()

	// The marketplace's side of the same call.
	call, _ := saas.BuildV1(server.URL+"/produceAPI", key, time.Now(), saas.NewInstanceV1{
		CustomerID: "c-1", BusinessID: "b-1", OrderID: "CS1906666666ABCDE", ProductID: "p-1", ChargingMode: saas.Period,
	})
	response, err := http.Get(call.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	verdict := saas.CheckAnswer(saas.Expectation{Generation: saas.V1, Activity: saas.NewInstance, Key: key, Debug: true},
		saas.Reply{Status: response.StatusCode, Header: response.Header, Body: body})
	fmt.Println(verdict.Outcome, verdict.Instance.InstanceID, verdict.Instance.Access.UserName)
	// Output: succeeded inst-CS1906666666ABCDE admin@CS1906666666ABCDE
}
