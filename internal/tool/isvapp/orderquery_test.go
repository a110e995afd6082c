package isvapp

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/isv"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// market answers order queries with the debug order of a yearly purchase, under whatever number is asked for.
func market(t *testing.T, broken *atomic.Bool) *isv.Client {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("orderId")
		if broken.Load() || strings.HasPrefix(id, "DUMMY") {
			w.WriteHeader(openapi.InvalidParameter.Status)
			w.Write(openapi.Encode(openapi.OrderAnswer{ResultCode: openapi.InvalidParameter.Code}))
			return
		}
		info, _ := openapi.MockOrder("MOCKPERIODYEARNEW", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), zone)
		info.OrderID = id
		w.Write(openapi.Encode(openapi.OrderAnswer{ResultCode: openapi.Success.Code, OrderInfo: &info}))
	}))
	t.Cleanup(server.Close)
	return &isv.Client{Endpoint: server.URL, AK: "key", SK: "secret"}
}

func TestV2ShowsWhatWasBought(t *testing.T) {
	var broken atomic.Bool
	b := start(t, Config{Orders: market(t, &broken)})
	order := saas.NewInstanceV2{OrderID: "CS1906666666ABCDE", OrderLineID: "CS1906666666ABCDE-000001", BusinessID: "b1"}
	broken.Store(true)
	b.fails(order, saas.CodeInternal)
	broken.Store(false)
	v := b.ok(order)
	i, found, err := b.app.instanceBy(t.Context(), "id", v.Answer.InstanceID)
	if err != nil || !found || i.ProductID != "OFFI0000000000000001" || !strings.HasPrefix(i.Product, "Debug product,Standard,") ||
		i.Customer != "debug_customer" || i.Quantity != 50 || i.ExpireAt.In(zone).Format("20060102150405") != "20270102235959" {
		t.Errorf("%+v, %v", i, err)
	}
	b.ok(saas.UpgradeInstanceV2{InstanceID: i.ID, OrderID: "CS1906666666ABCDF", OrderLineID: "CS1906666666ABCDF-000001"})
	b.ok(saas.NewInstanceV2{OrderID: "DUMMY", OrderLineID: "DUMMY-000001", BusinessID: "b2", Test: true})
}

func TestAnEarlierFolderIsTaken(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(dir, "isvapp.db"))
	if err == nil {
		_, err = db.Exec(strings.Replace(schema, "  product          text not null default '',\n", "", 1))
	}
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	b := start(t, Config{Data: dir})
	b.ok(saas.NewInstanceV2{OrderID: "CS1906666666ABCDE", OrderLineID: "CS1906666666ABCDE-000001", BusinessID: "b1"})
}
