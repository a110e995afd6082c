// Package subscription owns instances (资源): what a buyer has after an order was paid.
//
// An instance is made with the payment, becomes ACTIVE when the seller's server answered,
// and holds the access data that the seller delivered, sealed. The seller's id of it
// (instanceId on the wire) is stored at the first success and never overwritten; one id
// belongs to one instance of a production address and path.
//
// States (trade.md §12.1, §12.2) and the table of moves stand in state.go, the functions that
// move an instance in lifecycle.go; docs/states/instance.md is printed from them. Which call
// the seller gets for a move is decided in trade.
package subscription

import (
	"context"
	"encoding/json"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/market/pricing"
	"jishi/internal/market/term"
)

// AccessState tells what became of the access data.
type AccessState string

// The access states.
const (
	NoAccess      AccessState = "none"      // nothing arrived yet
	AccessReady   AccessState = "ready"     // shown to the buyer
	AccessPartly  AccessState = "partly"    // user name or password could not be decrypted
	AccessOutside AccessState = "by_seller" // the seller delivers it himself, by mail or SMS
)

// Instance is a resource of a buyer.
type Instance struct {
	ID           string      `db:"id"`
	OrderID      string      `db:"order_id"`
	OrderLineID  string      `db:"order_line_id"`
	AccountID    string      `db:"account_id"`
	SellerID     string      `db:"seller_id"`
	ProductID    string      `db:"product_id"`
	ProductName  i18n.Text   `db:"product_name"`
	SpecName     i18n.Text   `db:"spec_name"`
	SkuCode      string      `db:"sku_code"`
	PlanID       string      `db:"plan_id"`
	PlanNumber   string      `db:"plan_number"`
	ChargingMode string      `db:"charging_mode"`
	PeriodType   string      `db:"period_type"`
	PeriodNumber int         `db:"period_number"`
	Generation   string      `db:"generation"` // recorded here: renewals keep calling it
	AddressID    string      `db:"address_id"`
	Path         string      `db:"path"`
	State        State       `db:"state"`
	ExternalID   string      `db:"external_id"` // the seller's instanceId
	AccessSealed string      `db:"access_sealed"`
	AccessState  AccessState `db:"access_state"`
	AccessAt     time.Time   `db:"access_at"`
	LookedAt     time.Time   `db:"looked_at"` // when the seller was last asked for the buyer's page
	StartedAt    time.Time   `db:"started_at"`
	ExpiresAt    time.Time   `db:"expires_at"`
	CreatedAt    time.Time   `db:"created_at"`
	EndedAt      time.Time   `db:"ended_at"` // released or unsubscribed
	Frozen       bool        `db:"frozen"`   // by an operator, for a violation; State is Retention
	FrozenAt     time.Time   `db:"frozen_at"`
	FrozenReason string      `db:"frozen_reason"`
	DueAt        time.Time   `db:"due_at"`       // when term, grace or retention may end
	AutoAt       time.Time   `db:"auto_at"`      // when an automatic renewal is tried
	RemindAt     time.Time   `db:"remind_at"`    // when the buyer is reminded of the expiry
	AnchorDay    int         `db:"anchor_day"`   // day of the month to which the ends return
	AtExpiry     AtExpiry    `db:"at_expiry"`    // what the buyer wants at the end of the term
	AutoDays     int         `db:"auto_days"`    // before the expiry: the first automatic renewal
	AutoPeriods  int         `db:"auto_periods"` // to renew by; 0: the least
	AutoLeft     int         `db:"auto_left"`    // automatic renewals left; 0: no end
	ChangeAt     time.Time   `db:"change_at"`    // when a change takes effect that was bought with a renewal
	Version      int64       `db:"version"`
	Trial        bool        `db:"trial"` // 试用: free, not renewed, but converted

	Chosen pricing.Chosen `db:"chosen,json"` // attributes and quantity that it has now
}

// AccessData is what the buyer signs in with (saas.md §6.1.2).
type AccessData struct {
	FrontEndURL string `json:"frontEndUrl"`
	AdminURL    string `json:"adminUrl"`
	UserName    string `json:"userName"`
	Password    string `json:"password"`
	Memo        string `json:"memo"`
}

// Step is one entry of an instance's history.
type Step struct {
	ID         string    `db:"id" json:"id"`
	InstanceID string    `db:"instance_id" json:"-"`
	At         time.Time `db:"at" json:"at"`
	Event      Event     `db:"event" json:"event"`
	From       State     `db:"from_state" json:"from"`
	To         State     `db:"to_state" json:"to"`
	Detail     any       `db:"detail,json" json:"detail"`
}

// Store reads and writes instances; Box seals their access data.
type Store struct {
	Box      *secret.Box
	Settings *settings.Store // for the site's zone, in which terms end
}

// Open makes the instance of a paid order line, in PENDING.
func (s *Store) Open(ctx context.Context, tx *db.Tx, in Instance) (Instance, error) {
	in.ID, in.State, in.AccessState, in.CreatedAt, in.Version = id.New("ins"), Pending, NoAccess, tx.Now, 1
	in.AtExpiry, in.AutoDays = Manual, 7
	if err := db.Append(ctx, tx, "instances", in); err != nil {
		return in, err
	}
	return in, record(ctx, tx, in.ID, Create, "", Pending, nil)
}

const columns = `id, order_id, order_line_id, account_id, seller_id, product_id, product_name, spec_name, sku_code, plan_id, plan_number, charging_mode, period_type, period_number, generation, address_id, path, state, external_id, access_sealed, access_state, access_at, looked_at, started_at, expires_at, created_at, ended_at, frozen, frozen_at, frozen_reason, version, trial, chosen, due_at, auto_at, remind_at, anchor_day, at_expiry, auto_days, auto_periods, auto_left, change_at`

const sqlTaken = `select id from instances where address_id = $1 and path = $2 and external_id = $3 and external_id <> '' and id <> $4`

// Taken tells whether another instance of the address and path bears the seller's id.
func (s *Store) Taken(ctx context.Context, q db.Querier, in Instance, externalID string) (bool, error) {
	_, found, err := db.Maybe[string](ctx, q, sqlTaken, in.AddressID, in.Path, externalID, in.ID)
	return found, err
}

// Activate starts the instance at the instant at: it is the start of the successful call,
// which told the seller the same expiry.
func (s *Store) Activate(ctx context.Context, tx *db.Tx, in *Instance, externalID string, at time.Time, zone *time.Location) error {
	if in.ExternalID == "" {
		in.ExternalID = externalID
	}
	in.StartedAt, in.AnchorDay = at, term.Anchor(at, zone)
	in.ExpiresAt = term.Expiry(at, term.Length{Type: in.PeriodType, Number: in.PeriodNumber}, zone)
	return s.move(ctx, tx, in, Activate, map[string]any{"instanceId": in.ExternalID})
}

// Close ends the instance because its order is refunded.
func (s *Store) Close(ctx context.Context, tx *db.Tx, in *Instance) error {
	return s.move(ctx, tx, in, Refund, nil)
}

const sqlExternal = `update instances set external_id = $1, version = version + 1 where id = $2 and external_id = '' and version = $3`

// Name stores the seller's id of an instance whose provisioning goes on asynchronously.
func (s *Store) Name(ctx context.Context, tx *db.Tx, in *Instance, externalID string) error {
	n, err := db.Exec(ctx, tx, sqlExternal, externalID, in.ID, in.Version)
	if err == nil && n == 1 {
		in.ExternalID, in.Version = externalID, in.Version+1
	}
	return err
}

const sqlAccess = `update instances set access_sealed = $1, access_state = $2, access_at = $3 where id = $4`

const sqlOutside = `update instances set access_state = 'by_seller', access_at = $1 where id = $2 and access_state = 'none'`

// LeaveAccess notes that the seller delivers the access data himself. What arrived already
// stays: a call that ends without data says nothing about what another one brought.
func (s *Store) LeaveAccess(ctx context.Context, tx *db.Tx, in *Instance) error {
	n, err := db.Exec(ctx, tx, sqlOutside, tx.Now, in.ID)
	if err != nil || n == 0 {
		return err
	}
	in.AccessState, in.AccessAt = AccessOutside, tx.Now
	return record(ctx, tx, in.ID, Access, in.State, in.State, map[string]any{"state": AccessOutside})
}

// SetAccess stores access data; an unchanged set only renews its time.
func (s *Store) SetAccess(ctx context.Context, tx *db.Tx, in *Instance, data AccessData, state AccessState) error {
	old, err := s.Access(*in)
	if err != nil {
		return err
	}
	sealed := ""
	if data != (AccessData{}) {
		b, err := json.Marshal(data)
		if err != nil {
			return err
		}
		if sealed, err = s.Box.Seal(b, "instance:"+in.ID); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, sqlAccess, sealed, state, tx.Now, in.ID); err != nil {
		return err
	}
	changed := old != data || in.AccessState != state
	in.AccessSealed, in.AccessState, in.AccessAt = sealed, state, tx.Now
	if !changed {
		return nil
	}
	return record(ctx, tx, in.ID, Access, in.State, in.State, map[string]any{"state": state})
}

// Access opens the access data; the caller checked the permission and audits it.
func (s *Store) Access(in Instance) (AccessData, error) {
	var data AccessData
	if in.AccessSealed == "" {
		return data, nil
	}
	b, err := s.Box.Open(in.AccessSealed, "instance:"+in.ID)
	if err == nil {
		err = json.Unmarshal(b, &data)
	}
	return data, err
}

const sqlLooked = `update instances set looked_at = $1 where id = $2 and (looked_at is null or looked_at < $3)`

// Look claims the right to ask the seller for the buyer's page; it tells false when he was
// asked within the pause.
func (s *Store) Look(ctx context.Context, tx *db.Tx, in Instance, pause time.Duration) (bool, error) {
	n, err := db.Exec(ctx, tx, sqlLooked, tx.Now, in.ID, tx.Now.Add(-pause))
	return n == 1, err
}

func record(ctx context.Context, tx *db.Tx, instanceID string, e Event, from, to State, detail any) error {
	return db.Append(ctx, tx, "instance_events", Step{ID: id.New("iev"), InstanceID: instanceID, At: tx.Now, Event: e, From: from, To: to, Detail: detail})
}
