package seller

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/outbound"
)

// imageKind is the one kind of product whose orders are not told of unless the seller asks (open-api.md §11).
const imageKind = "image"

// NotifiedKinds are the kinds of products that order notification can be switched for, in the order of the page. Those
// that cannot be sold yet are there already, so that a seller decides once.
var NotifiedKinds = []string{"saas", "license", "image", "service", "api", "hardware", "ai_asset", "container", "data_asset",
	"application_asset", "orchestration", "data_file"}

// OrderNotification is where a seller is told of paid and refunded orders (订单通知配置, open-api.md §11): a verified
// address with a path, signed by the key that is bound there for the general interfaces (通用接口).
type OrderNotification struct {
	SellerID  string          `db:"seller_id"`
	AddressID string          `db:"address_id"`
	Path      string          `db:"path"`
	Kinds     map[string]bool `db:"kinds,json"` // what differs from the default
	Version   int64           `db:"version"`
	UpdatedAt time.Time       `db:"updated_at"`
}

// Wants tells whether orders of products of this kind are told of: all but images, unless the seller said otherwise.
func (n OrderNotification) Wants(kind string) bool {
	if on, said := n.Kinds[kind]; said {
		return on
	}
	return kind != imageKind
}

const sqlNotification = `select seller_id, address_id, path, kinds, version, updated_at from order_notifications where seller_id = $1`

// OrderNotification is the seller's, ok is false while he has none.
func (s *Store) OrderNotification(ctx context.Context, q db.Querier, sellerID string) (n OrderNotification, ok bool, err error) {
	return db.Maybe[OrderNotification](ctx, q, sqlNotification, sellerID)
}

// NotifyInput sets order notification up.
type NotifyInput struct {
	SellerID  string
	AddressID string
	Path      string          // "" or beginning with "/", with or without a query
	Kinds     map[string]bool // of NotifiedKinds
}

const sqlSetNotification = `insert into order_notifications (seller_id, address_id, path, kinds, updated_at) values ($1, $2, $3, $4, $5)
on conflict (seller_id) do update set address_id = excluded.address_id, path = excluded.path, kinds = excluded.kinds,
version = order_notifications.version + 1, updated_at = excluded.updated_at`

// SetOrderNotification sets or changes it; it holds for orders paid from then on, and for retries of earlier notices,
// which follow the key of their own address. Errors: "seller.address_not_found", "seller.address_unverified",
// "seller.address_generation" (Conflict: V2 wants https), "invalid" (path, kinds.<kind>). Idempotent.
func (s *Store) SetOrderNotification(ctx context.Context, tx *db.Tx, in NotifyInput) (OrderNotification, error) {
	in.Path = strings.TrimSpace(in.Path)
	a, err := s.UseAddress(ctx, tx, in.SellerID, in.AddressID, V2)
	if err != nil {
		return OrderNotification{}, err
	}
	var c errs.Check
	checkPath(&c, a, in.Path)
	for kind := range in.Kinds {
		if !slices.Contains(NotifiedKinds, kind) {
			c.Add("kinds."+kind, "one_of", "allowed", strings.Join(NotifiedKinds, ", "))
		}
	}
	if err := c.Err(); err != nil {
		return OrderNotification{}, err
	}
	if in.Kinds == nil {
		in.Kinds = map[string]bool{}
	}
	if _, err := db.Exec(ctx, tx, sqlSetNotification, in.SellerID, a.ID, in.Path, db.JSON(in.Kinds), tx.Now); err != nil {
		return OrderNotification{}, err
	}
	n, _, err := s.OrderNotification(ctx, tx, in.SellerID)
	if err != nil {
		return n, err
	}
	return n, s.notificationAudit(ctx, tx, "set", n)
}

// maxPath bounds the part of an address that follows the origin, in bytes, as for products.
const maxPath = 200

func checkPath(c *errs.Check, a ProductionAddress, path string) {
	bad := len(path) > maxPath || path != "" && !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//")
	if _, err := outbound.ValidateURL(a.Origin+path, outbound.Rules{HTTPSOnly: true, Development: a.Development}); bad || err != nil {
		c.Add("path", "seller.notify_path", "limit", maxPath)
	}
}

const sqlDropNotification = `delete from order_notifications where seller_id = $1`
const sqlDropCase = `delete from order_notification_cases where seller_id = $1`

// StopOrderNotification ends it for later orders. "seller.notify_off" (Conflict) when there is none.
func (s *Store) StopOrderNotification(ctx context.Context, tx *db.Tx, sellerID string) error {
	n, ok, err := s.OrderNotification(ctx, tx, sellerID)
	if err != nil {
		return err
	}
	if !ok {
		return errs.Conflictf("seller.notify_off")
	}
	for _, text := range []string{sqlDropCase, sqlDropNotification} {
		if _, err := db.Exec(ctx, tx, text, sellerID); err != nil {
			return err
		}
	}
	return s.notificationAudit(ctx, tx, "stop", n)
}

func (s *Store) notificationAudit(ctx context.Context, tx *db.Tx, action string, n OrderNotification) error {
	v, err := s.Get(ctx, tx, n.SellerID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "seller.order_notification." + action, Object: "seller", ObjectID: n.SellerID,
		AccountID: v.AccountID, Detail: map[string]any{"address": n.AddressID, "path": n.Path, "kinds": n.Kinds}})
}

// NotifyCase is the debug run of order notification that was saved (用例): the last one that succeeded.
type NotifyCase struct {
	SellerID     string            `db:"seller_id"`
	AddressID    string            `db:"address_id"`
	Path         string            `db:"path"`
	KeyID        string            `db:"key_id"`
	OrderID      string            `db:"order_id"`
	OrderLineID  string            `db:"order_line_id"`
	UserID       string            `db:"user_id"`
	At           time.Time         `db:"at"`
	DurationUS   int64             `db:"duration_us"`
	Method       string            `db:"method"`
	URL          string            `db:"url"`
	RequestHead  map[string]string `db:"request_head,json"`
	RequestBody  string            `db:"request_body"`
	Status       int               `db:"status"`
	ResponseHead map[string]string `db:"response_head,json"`
	ResponseBody string            `db:"response_body"`
}

// Holds tells whether the case still proves what n says: it ends with a change of address, path or key (saas.md §11.1).
func (c NotifyCase) Holds(n OrderNotification, keyID string) bool {
	return c.AddressID == n.AddressID && c.Path == n.Path && c.KeyID == keyID
}

const sqlCase = `select seller_id, address_id, path, key_id, order_id, order_line_id, user_id, at, duration_us, method, url, request_head, request_body,
status, response_head, response_body from order_notification_cases where seller_id = $1`

// NotifyCase is the seller's saved run, ok is false while there is none.
func (s *Store) NotifyCase(ctx context.Context, q db.Querier, sellerID string) (c NotifyCase, ok bool, err error) {
	return db.Maybe[NotifyCase](ctx, q, sqlCase, sellerID)
}

// SaveNotifyCase replaces the seller's saved run.
func (s *Store) SaveNotifyCase(ctx context.Context, tx *db.Tx, c NotifyCase) error {
	if _, err := db.Exec(ctx, tx, sqlDropCase, c.SellerID); err != nil {
		return err
	}
	return db.Insert(ctx, tx, "order_notification_cases", c)
}

const sqlNotified = `select count(*) from order_notifications where address_id = $1`

// notified counts the order notifications that go to an address.
func notified(ctx context.Context, q db.Querier, addressID string) (int, error) {
	return db.One[int](ctx, q, sqlNotified, addressID)
}
