package seller

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"jishi/internal/base/i18n"
)

// Form is what an applicant fills in (catalog-and-roles.md B2) and what a seller may
// later change by review (B3). Company name and certificate number are not in it: they come
// from the real-name data of the account and are read only.
type Form struct {
	Name         i18n.Text `json:"name"`                      // shop name, 2–60 characters
	Website      string    `json:"website"`                   // http or https
	LogoKey      string    `json:"logoKey"`                   // JPG or PNG, ≤ 5 MB
	Founded      string    `json:"founded"`                   // 2006-01-02; gives the age of B1
	Years        string    `json:"years"`                     // one of YearChoices
	Staff        string    `json:"staff"`                     // one of StaffChoices
	Capital      Capital   `json:"capital"`                   // registered capital
	Contact      Contact   `json:"contact"`                   // business contact
	Address      Address   `json:"address"`                   // as on the newest licence
	ServicePhone string    `json:"servicePhone"`              // shown on every product page
	ServiceEmail string    `json:"serviceEmail"`              // shown on every product page
	LicenceKey   string    `json:"licenceKey"`                // JPG, PNG or PDF, ≤ 20 MB
	Introduction i18n.Text `json:"introduction"`              // 50–2000 characters, no links
	PreSales     PreSales  `json:"preSales" required:"false"` // optional; else the registration contact is shown
}

// Capital is the registered capital: a plain decimal with up to two digits after the
// point and an ISO 4217 code.
type Capital struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Contact is the person who talks to the platform.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Email string `json:"email"`
}

// Address is a postal address.
type Address struct {
	Country  string `json:"country"` // ISO 3166 alpha-2
	Province string `json:"province"`
	City     string `json:"city"`
	Detail   string `json:"detail"`
	Postcode string `json:"postcode"`
}

// PreSales is the contact in the seller card of the product page (售前咨询).
type PreSales struct {
	Phone     string `json:"phone" required:"false"`
	Extension string `json:"extension" required:"false"`
	Email     string `json:"email" required:"false"`
}

// YearChoices and StaffChoices are the choice lists of years in business and staff size.
var (
	YearChoices  = []string{"under_1", "1_3", "3_5", "5_10", "over_10"}
	StaffChoices = []string{"under_10", "10_49", "50_199", "200_999", "over_999"}
)

// Limits of the uploaded files, in bytes.
const (
	MaxLogo    = 5 << 20
	MaxLicence = 20 << 20
)

// Value stores the form as JSON.
func (f Form) Value() (driver.Value, error) {
	b, err := json.Marshal(f)
	return string(b), err
}

// Scan reads what Value stored; an empty text is the empty form.
func (f *Form) Scan(v any) error {
	var raw []byte
	switch s := v.(type) {
	case nil:
	case string:
		raw = []byte(s)
	case []byte:
		raw = s
	default:
		return fmt.Errorf("seller: cannot read a form from %T", v)
	}
	*f = Form{}
	if len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, f)
}
