package seller

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
)

// Store is the module. Its fields are set once, before use.
type Store struct {
	Box      *secret.Box     // seals the access keys
	Settings *settings.Store // holds Config under ConfigKey

	// Development tells whether the site admits development addresses: IP addresses,
	// localhost, http and private certificate authorities, for V2 too (saas.md §1.1).
	Development func(ctx context.Context) (bool, error)

	// Uses counts the products, drafts included, that name a production address. The
	// catalogue stands above this package, so it is given by the application; nil is none.
	Uses func(ctx context.Context, q db.Querier, addressID string) (int, error)

	// Notify writes a message to an account in the transaction of its cause; nil sends none.
	Notify func(ctx context.Context, tx *db.Tx, n Notice) error
}

// Notice is a message about a decision, for the people of an account and by mail. Code
// names the texts message.<code>.title and .body and mail.<code>.subject and .body; the
// letters want {name} of the reader and {link}, the absolute address of Path, besides Args.
type Notice struct {
	AccountID string
	Email     string // the customer-service mail of the application, "" where there is none
	Code      string
	Args      map[string]any
	Path      string // the page that shows the object
}

// The notices.
const (
	NoticeApproved    = "seller_approved"
	NoticeRejected    = "seller_rejected"
	NoticeChanged     = "seller_changed"
	NoticeSuspended   = "seller_suspended"
	NoticeReactivated = "seller_reactivated"
	NoticeAddress     = "seller_address_confirmed"
)

// ConfigKey is where Config stands in the settings.
const ConfigKey = "sellers"

// Config is what an operator sets about admission (catalog-and-roles.md B1).
type Config struct {
	Conditions      []Condition `json:"conditions"`
	Agreements      []Agreement `json:"agreements"`
	MinAgeYears     int         `json:"minAgeYears"`
	MinCapital      string      `json:"minCapital"` // in CapitalCurrency, a plain decimal
	CapitalCurrency string      `json:"capitalCurrency"`
}

// Condition is a line of the check-list that the reviewer ticks (准入条件). An empty Title
// is read from the catalogue under "seller.condition.<code>".
type Condition struct {
	Code  string    `json:"code"`
	Title i18n.Text `json:"title"`
}

// Agreement is a text that an applicant must accept; the version is recorded. An empty
// Title is read from the catalogue under "seller.agreement.<code>".
type Agreement struct {
	Code    string    `json:"code"`
	Version string    `json:"version"`
	Title   i18n.Text `json:"title"`
}

// The conditions that are computed; every other one is a matter of the reviewer's eye.
const (
	ConditionAge     = "age"
	ConditionCapital = "capital"
)

// DefaultConfig is the documented check-list.
func DefaultConfig() Config {
	return Config{
		Conditions: []Condition{
			{Code: "lawful"}, {Code: ConditionAge}, {Code: ConditionCapital}, {Code: "staff"},
			{Code: "service_hours"}, {Code: "website"}, {Code: "address"},
		},
		Agreements:      []Agreement{{Code: "cooperation", Version: "1"}, {Code: "management", Version: "1"}},
		MinAgeYears:     1,
		MinCapital:      "500000",
		CapitalCurrency: "CNY",
	}
}

// Config is the present configuration.
func (s *Store) Config(ctx context.Context) (Config, error) {
	c := DefaultConfig()
	if s.Settings == nil {
		return c, nil
	}
	_, err := s.Settings.Get(ctx, ConfigKey, &c)
	return c, err
}

func (s *Store) development(ctx context.Context) (bool, error) {
	if s.Development == nil {
		return false, nil
	}
	return s.Development(ctx)
}

// UsesOf counts the products that name an address.
func (s *Store) UsesOf(ctx context.Context, q db.Querier, addressID string) (int, error) {
	if s.Uses == nil {
		return 0, nil
	}
	return s.Uses(ctx, q, addressID)
}

func (s *Store) notify(ctx context.Context, tx *db.Tx, n Notice) error {
	if s.Notify == nil {
		return nil
	}
	return s.Notify(ctx, tx, n)
}
