package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/integration"
	"jishi/internal/market/integration/integrationtest"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

func body(r *http.Request) string {
	b, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(b))
	return string(b)
}

// both is a server that accepts two keys while a rotation lasts.
func both(one, two http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := body(r)
		rec := &recorder{head: http.Header{}}
		one.ServeHTTP(rec, r)
		if bytes.Contains(rec.body.Bytes(), []byte(saas.CodeUnauthorized)) {
			r.Body = io.NopCloser(bytes.NewReader([]byte(text)))
			two.ServeHTTP(w, r)
			return
		}
		for k, v := range rec.head {
			w.Header()[k] = v
		}
		_, _ = w.Write(rec.body.Bytes())
	})
}

type recorder struct {
	head http.Header
	body bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.head }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorder) WriteHeader(int)             {}

// A key is rotated while calls go on without a break: none of them fails, and the cases hold before and after.
func TestRotationWithoutAFailedCall(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		target := m.Target(saas.V2)
		m.DebugAll(target)
		old := m.NewServer(m.V1Key, m.V2Key)
		m.Serve(old)
		keyID, key := m.NewKey("next")
		bind := seller.BindInput{SellerID: m.Seller, AddressID: m.Address, Category: seller.Base, KeyID: keyID}
		set := func(in seller.BindInput) error {
			return d.Update(t.Context(), func(tx *db.Tx) error { return m.Sellers.SetPending(t.Context(), tx, in) })
		}
		activate := func(in seller.BindInput) error {
			return d.Update(t.Context(), func(tx *db.Tx) error { return m.Store.ActivatePending(t.Context(), tx, in) })
		}
		if err := activate(bind); !errs.Is(err, "integration.pending_unproven") {
			t.Error(err)
		}
		same := bind
		same.KeyID = m.V2KeyID
		if err := set(same); !errs.Is(err, "seller.pending_same") {
			t.Error(err)
		}
		if err := set(bind); err != nil {
			t.Fatal(err)
		}
		if err := set(bind); err != nil { // again is the same
			t.Fatal(err)
		}
		// The server does not know the new key yet.
		list, err := m.Store.ProvePending(t.Context(), m.Seller, m.Address)
		if err != nil || len(list) != 1 || list[0].Passed {
			t.Fatalf("%v %+v", err, list)
		}
		if err := activate(bind); !errs.Is(err, "integration.pending_unproven") {
			t.Error(err)
		}
		if list, err := m.Store.Missing(t.Context(), d, target, integration.Need{Modes: []saas.ChargingMode{saas.Period}}); err != nil || len(list) != 0 {
			t.Errorf("a pending key does not touch what is in force: %v %v", list, err)
		}

		m.Serve(both(old, m.NewServer(m.V1Key, key)))
		if list, err = m.Store.ProvePending(t.Context(), m.Seller, m.Address); err != nil || !list[0].Passed {
			t.Fatalf("%v %+v", err, list)
		}
		rotations, err := m.Store.Rotations(t.Context(), d, m.Seller, m.Address)
		if err != nil || len(rotations) != 1 || !rotations[0].Ready() || rotations[0].Pending.KeyID != keyID || rotations[0].ActiveKey.KeyID != m.V2KeyID {
			t.Fatalf("%v %+v", err, rotations)
		}
		m.Clock.Advance(11 * time.Minute)
		if err := activate(bind); !errs.Is(err, "integration.pending_unproven") {
			t.Error("proven too long ago", err)
		}
		if _, err = m.Store.ProvePending(t.Context(), m.Seller, m.Address); err != nil {
			t.Fatal(err)
		}

		stop, failed := make(chan struct{}), make(chan error, 8)
		var calling sync.WaitGroup
		var begun sync.WaitGroup
		begun.Add(2)
		for range 2 {
			calling.Go(func() {
				first := true
				for {
					err := realCall(m)
					if first {
						first = false
						begun.Done()
					}
					if err != nil {
						failed <- err
						return
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		begun.Wait()
		if err := activate(bind); err != nil {
			t.Error(err)
		}
		for range 5 {
			if err := realCall(m); err != nil {
				t.Error(err)
			}
		}
		close(stop)
		calling.Wait()
		select {
		case err := <-failed:
			t.Error("a call failed: ", err)
		default:
		}
		// Now the server may forget the old key; the cases were proven with the new one.
		m.Serve(m.NewServer(m.V1Key, key))
		if err := realCall(m); err != nil {
			t.Error(err)
		}
		if err := m.Store.Require(t.Context(), d, target, integration.Need{Modes: []saas.ChargingMode{saas.Period, saas.OneTime}}); err != nil {
			t.Error(err)
		}
		if err := activate(bind); err == nil {
			t.Error("activated twice")
		}
		m.Update(func(ctx context.Context, tx *db.Tx) error { // the old key is free
			_, err := m.Sellers.DisableKey(ctx, tx, m.Seller, m.V2KeyID)
			return err
		})
	})
}

// realCall signs with the key in force, as delivery does.
func realCall(m *integrationtest.Market) error {
	ctx := context.Background()
	e, err := m.Sellers.Endpoint(ctx, m.DB, m.Address)
	if err != nil {
		return err
	}
	call, err := m.Store.Caller.Sign(integration.Signing{Endpoint: e, Path: integrationtest.Path, Generation: saas.V2, Key: e.V2Key, At: m.Clock.Now(),
		Parameters: saas.QueryInstanceV2{InstanceID: "inst-1"}.V2Params()})
	if err != nil {
		return err
	}
	reply, err := m.Store.Caller.Send(ctx, e, call)
	if err != nil {
		return err
	}
	if a, err := saas.DecodeAnswer(reply.Body); err != nil || a.ResultCode != saas.CodeSuccess {
		return fmt.Errorf("%s %v", reply.Body, err)
	}
	return nil
}

// A pending key is given up without a trace; one without cases needs the seller's word.
func TestPendingKeyIsGivenUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		keyID, _ := m.NewKey("next")
		in := seller.BindInput{SellerID: m.Seller, AddressID: m.Address, Category: seller.Base, KeyID: keyID}
		update := func(f func(ctx context.Context, tx *db.Tx) error) error { return d.UpdateCtx(t.Context(), f) }
		set := func(in seller.BindInput) error {
			return update(func(ctx context.Context, tx *db.Tx) error { return m.Sellers.SetPending(ctx, tx, in) })
		}
		if err := set(in); err != nil {
			t.Fatal(err)
		}
		disable := func() error {
			return update(func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Sellers.DisableKey(ctx, tx, m.Seller, keyID)
				return err
			})
		}
		if err := disable(); !errs.Is(err, "seller.key_in_use") {
			t.Error(err)
		}
		foreign := in
		foreign.SellerID = "sel_other"
		if err := set(foreign); !errs.Is(err, "seller.address_not_found") {
			t.Error(err)
		}
		unbound := in
		unbound.Category = seller.General
		if err := set(unbound); !errs.Is(err, "seller.pending_without_active") {
			t.Error(err)
		}
		activate := func(confirmed bool) error {
			a := in
			a.Confirmed = confirmed
			return update(func(ctx context.Context, tx *db.Tx) error { return m.Store.ActivatePending(ctx, tx, a) })
		}
		if err := activate(false); !errs.Is(err, "integration.pending_unconfirmed") {
			t.Error(err)
		}
		discard := in
		discard.KeyID = ""
		if err := set(discard); err != nil {
			t.Fatal(err)
		}
		if err := activate(true); !errs.Is(err, "seller.pending_changed") {
			t.Error(err)
		}
		if err := disable(); err != nil {
			t.Error(err)
		}
	})
}
