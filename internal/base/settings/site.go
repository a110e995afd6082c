package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines without a zone database

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
)

// Site is what the operator sets for the whole marketplace.
type Site struct {
	Name     i18n.Text `json:"name"`
	LogoKey  string    `json:"logoKey"`  // of an uploaded picture; empty: the program's own mark
	TimeZone string    `json:"timeZone"` // IANA; every date on a page and in an order number
	Currency string    `json:"currency"` // ISO 4217; fixed once the first order exists

	Legal Legal `json:"legal"`
	Mail  Mail  `json:"mail"`

	// V1AllowedForNewProducts lets new products choose the older production interface
	// (saas.md §2) as well.
	V1AllowedForNewProducts bool `json:"v1AllowedForNewProducts"`
	// DebugCasesRequired wants the saved debug cases of a product to pass again before it is
	// published or changed (saas.md §11.2).
	DebugCasesRequired bool `json:"debugCasesRequired"`
	// DevelopmentAddresses are private networks (CIDR) that calls to sellers may reach.
	DevelopmentAddresses []string `json:"developmentAddresses"`
	PriceTaxMode         string   `json:"priceTaxMode"`       // "inclusive": prices contain their tax
	OrderDeadlineHours   int      `json:"orderDeadlineHours"` // an unpaid order is cancelled then
	TopUpBank            Bank     `json:"topUpBank"`
	PlatformFee          string   `json:"platformFee"` // share of the sale, "0.05" is 5 %

	Payments Payments `json:"payments"`

	Security Security `json:"security"`

	Probing Probing `json:"probing"`

	// SandboxesOff closes the sellers' sandboxes: none is opened, and nobody gets into one.
	SandboxesOff bool `json:"sandboxesOff"`

	Refunds Refunds `json:"refunds"`
	Levels  Levels  `json:"levels"`

	// Taxes are the tax rates of sales, oldest first.
	Taxes []TaxRates `json:"taxes"`

	zone *time.Location // of TimeZone, loaded once
}

// Levels says how long the grace and retention of an expired subscription are, by the level
// of its buyer (客户等级, trade.md §12.4).
type Levels struct {
	Default string  `json:"default"` // of accounts without a level of their own
	Table   []Level `json:"table"`
}

// Level is one customer level; natural days.
type Level struct {
	Name      string `json:"name"`
	Grace     int    `json:"grace"`     // 宽限期
	Retention int    `json:"retention"` // 保留期
}

// Of is the level of an account; one that the table does not know is the default.
func (l Levels) Of(name string) Level {
	for _, wanted := range []string{name, l.Default} {
		for _, level := range l.Table {
			if level.Name == wanted {
				return level
			}
		}
	}
	return Level{Name: l.Default, Grace: 7, Retention: 7}
}

// TaxRates are the rates of general taxpayers by category (trade.md §2.1) from a day on;
// the first row holds before its day, too. "0.06" is 6 %.
type TaxRates struct {
	From     string `json:"from"` // 2006-01-02 in the site's zone
	Hardware string `json:"hardware"`
	Software string `json:"software"`
	Service  string `json:"service"`
}

// TaxesAt are the rates in force at an instant.
func (s Site) TaxesAt(at time.Time) TaxRates {
	day := at.In(s.Zone()).Format(time.DateOnly)
	var now TaxRates
	for i, r := range s.Taxes {
		if i == 0 || r.From <= day {
			now = r
		}
	}
	return now
}

// Refunds are the figures of the refund rules (trade.md §14).
type Refunds struct {
	FiveDayPerYear int          `json:"fiveDayPerYear"` // refunds without a reason, per account and calendar year
	ApprovalAbove  money.Amount `json:"approvalAbove"`  // a refund above it waits for an operator
	HandlingFee    string       `json:"handlingFee"`    // of pro-rata refunds: share of what was paid
	// UnusedTime lets sellers choose refunds of the unused time (按剩余时长退订) for services, which
	// the rules of the marketplace keep for cloud resources (§14.2).
	UnusedTime bool `json:"unusedTime"`
}

// Payments are the switches of how orders are paid (trade.md §8.2, §9.1).
type Payments struct {
	AutoCredit    bool `json:"autoCredit"`    // incoming transfers that match exactly are credited without a person
	PayNamedOrder bool `json:"payNamedOrder"` // and then pay the order that their remark names
	AdjustPrices  bool `json:"adjustPrices"`  // operators may adjust the price of unpaid orders; the buyer confirms
}

// Security says when people must prove again who they are.
type Security struct {
	// OperatorsNeedFactor: an operator without a second factor can only set one up.
	OperatorsNeedFactor bool `json:"operatorsNeedFactor"`
	// ProofMinutes is how long a code of the second factor opens what is sensitive.
	ProofMinutes int `json:"proofMinutes"`
	// AmountLimit: payments and confirmed top-ups above it are sensitive.
	AmountLimit money.Amount `json:"amountLimit"`
}

// ProofLife is ProofMinutes as a duration.
func (s Security) ProofLife() time.Duration { return time.Duration(s.ProofMinutes) * time.Minute }

// Probing says how products on sale are watched (saas.md §10, §11.3).
type Probing struct {
	Enabled     bool `json:"enabled"`     // saved cases run every morning and afternoon
	Days        int  `json:"days"`        // failing days in a row after which trading is frozen
	AutoFreeze  bool `json:"autoFreeze"`  // by itself; otherwise operators are asked
	AutoSuspend bool `json:"autoSuspend"` // sale stops by itself with the sixth order of a month that the interface failed
}

// Legal are the texts that people agree to. Version changes with every edition, so that an
// agreement can name the one it was given to.
type Legal struct {
	Terms    LegalText `json:"terms"`
	Privacy  LegalText `json:"privacy"`
	Purchase LegalText `json:"purchase"` // agreed at each order
}

// LegalText is one Markdown text with its edition.
type LegalText struct {
	Text    i18n.Text `json:"text"`
	Version string    `json:"version"` // "1.0"
	Date    string    `json:"date"`    // 2006-01-02, in force from then
}

// Mail says how letters leave. With Mode "outbox" they stay in rows and a page shows them.
type Mail struct {
	Mode        string `json:"mode"` // "outbox" or "smtp"
	Host        string `json:"host"`
	Port        int    `json:"port"`
	TLS         string `json:"tls"` // "starttls", "implicit" or "none"
	User        string `json:"user"`
	Password    string `json:"password"` // sealed, never sent to a browser
	FromAddress string `json:"fromAddress"`
	FromName    string `json:"fromName"`
}

// Bank is where buyers transfer money to.
type Bank struct {
	Payee   string `json:"payee"`
	Bank    string `json:"bank"`
	Account string `json:"account"`
}

// MailPasswordContext is the place to which the sealed SMTP password is bound.
const MailPasswordContext = "settings.site:mail.password"

// Default is the site of a new installation.
func Default() Site {
	edition := func(zh, en string) LegalText {
		return LegalText{Text: i18n.Text{ZH: zh, EN: en}, Version: "1.0", Date: "2026-01-01"}
	}
	return Site{
		Name: i18n.Text{ZH: "集市", EN: "Jishi"}, TimeZone: "Asia/Shanghai", Currency: "CNY",
		Legal: Legal{
			Terms: edition("# 用户协议\n\n请运营方在“设置”中填写本站的用户协议。",
				"# Terms of use\n\nThe operator writes this site's terms of use under Settings."),
			Privacy: edition("# 隐私政策\n\n请运营方在“设置”中填写本站的隐私政策。",
				"# Privacy policy\n\nThe operator writes this site's privacy policy under Settings."),
			Purchase: edition("# 购买协议\n\n商品由商家提供并由商家负责交付。请运营方在“设置”中填写完整的购买协议。",
				"# Purchase agreement\n\nProducts are offered and delivered by their sellers. The operator writes the whole purchase agreement under Settings."),
		},
		Mail:                    Mail{Mode: "outbox", Port: 587, TLS: "starttls"},
		V1AllowedForNewProducts: true, DebugCasesRequired: true, DevelopmentAddresses: []string{}, PriceTaxMode: "inclusive",
		OrderDeadlineHours: 7 * 24, PlatformFee: "0.05",
		Payments: Payments{AutoCredit: true},
		Security: Security{ProofMinutes: 10, AmountLimit: 10_000_00},
		Probing:  Probing{Enabled: true, Days: 5, AutoFreeze: true, AutoSuspend: true},
		Levels:   Levels{Default: "V3", Table: []Level{{"V0", 1, 1}, {"V1", 1, 7}, {"V2", 1, 7}, {"V3", 7, 7}, {"V4", 7, 15}, {"V5", 7, 15}}},
		Refunds:  Refunds{FiveDayPerYear: 10, ApprovalAbove: 50_000_00, HandlingFee: "0"},
		Taxes:    []TaxRates{{From: "2026-01-01", Hardware: "0.13", Software: "0.13", Service: "0.06"}},
	}
}

const siteKey = "site"

// Site is the present site, from the cache of five seconds; what was never set has its
// default.
func (s *Store) Site(ctx context.Context) (Site, error) {
	site, _, err := s.SiteVersion(ctx)
	return site, err
}

// SiteVersion is Site with the version that SaveSite wants back.
func (s *Store) SiteVersion(ctx context.Context) (Site, int64, error) {
	c, err := s.stored(ctx, siteKey)
	if err != nil {
		return Site{}, 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := &s.site; p.text != c.value || p.site.zone == nil {
		site := Default()
		if c.version > 0 {
			if err := json.Unmarshal([]byte(c.value), &site); err != nil {
				return site, c.version, err
			}
		}
		site.zone = site.Zone()
		*p = parsedSite{c.value, site}
	}
	site := s.site.site
	site.DevelopmentAddresses, site.Levels.Table = append([]string{}, site.DevelopmentAddresses...), slices.Clone(site.Levels.Table) // the caller may change his
	site.Taxes = append([]TaxRates{}, site.Taxes...)
	return site, c.version, nil
}

// parsedSite is the site of a stored text: every delivery asks for it several times.
type parsedSite struct {
	text string
	site Site
}

// SaveSite checks and writes the site when nobody else has since version. Errors: one per
// field (Invalid), "settings.changed" (Conflict).
func (s *Store) SaveSite(ctx context.Context, tx *db.Tx, version int64, site Site) error {
	if err := site.Check(); err != nil {
		return err
	}
	return s.Set(ctx, tx, siteKey, version, site)
}

// Zone is the site's time zone.
func (s Site) Zone() *time.Location {
	if s.zone != nil && s.zone.String() == s.TimeZone {
		return s.zone
	}
	z, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return time.UTC // Check let no such name in
	}
	return z
}

var (
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	feeForm      = regexp.MustCompile(`^0(\.[0-9]{1,4})?$`)
)

// Check finds the faults of a site, one per field.
func (s Site) Check() error {
	var c errs.Check
	if s.Name.IsZero() {
		c.Add("name", "required")
	}
	c.Length("name.zh", s.Name.ZH, 0, 40)
	c.Length("name.en", s.Name.EN, 0, 40)
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" || s.TimeZone == "Local" {
		c.Add("timeZone", "settings.bad_time_zone")
	}
	if !currencyForm.MatchString(s.Currency) {
		c.Add("currency", "settings.bad_currency")
	}
	s.Legal.Terms.check(&c, "legal.terms")
	s.Legal.Privacy.check(&c, "legal.privacy")
	s.Legal.Purchase.check(&c, "legal.purchase")
	s.Mail.check(&c)
	for i, a := range s.DevelopmentAddresses {
		if _, err := netip.ParsePrefix(a); err != nil {
			c.Add(fmt.Sprintf("developmentAddresses[%d]", i), "settings.bad_network")
		}
	}
	c.OneOf("priceTaxMode", s.PriceTaxMode, "inclusive") // "exclusive" comes with tax on top of prices
	c.Range("orderDeadlineHours", int64(s.OrderDeadlineHours), 1, 24*30)
	c.Length("topUpBank.payee", s.TopUpBank.Payee, 0, 100)
	c.Length("topUpBank.bank", s.TopUpBank.Bank, 0, 100)
	c.Length("topUpBank.account", s.TopUpBank.Account, 0, 60)
	if !feeForm.MatchString(s.PlatformFee) {
		c.Add("platformFee", "settings.bad_fee")
	}
	c.Range("security.proofMinutes", int64(s.Security.ProofMinutes), 1, 60)
	if s.Security.AmountLimit < 0 {
		c.Add("security.amountLimit", "settings.negative")
	}
	c.Range("probing.days", int64(s.Probing.Days), 1, 30)
	for i, l := range s.Levels.Table {
		path := fmt.Sprintf("levels.table[%d].", i)
		c.Length(path+"name", l.Name, 1, 20)
		if slices.ContainsFunc(s.Levels.Table[:i], func(other Level) bool { return other.Name == l.Name }) {
			c.Add(path+"name", "settings.level_twice")
		}
		c.Range(path+"grace", int64(l.Grace), 0, 90)
		c.Range(path+"retention", int64(l.Retention), 0, 365)
	}
	if !slices.ContainsFunc(s.Levels.Table, func(l Level) bool { return l.Name == s.Levels.Default }) {
		c.Add("levels.default", "settings.unknown_level")
	}
	c.Range("refunds.fiveDayPerYear", int64(s.Refunds.FiveDayPerYear), 0, 1000)
	if s.Refunds.ApprovalAbove < 0 {
		c.Add("refunds.approvalAbove", "settings.negative")
	}
	if !feeForm.MatchString(s.Refunds.HandlingFee) {
		c.Add("refunds.handlingFee", "settings.bad_fee")
	}
	s.checkTaxes(&c)
	return c.Err()
}

const maxTaxes = 50

func (s Site) checkTaxes(c *errs.Check) {
	if len(s.Taxes) == 0 {
		c.Add("taxes", "required")
	}
	if len(s.Taxes) > maxTaxes {
		c.Add("taxes", "settings.too_many", "max", maxTaxes)
		return
	}
	for i, r := range s.Taxes {
		at := fmt.Sprintf("taxes[%d]", i)
		if _, err := time.Parse(time.DateOnly, r.From); err != nil {
			c.Add(at+".from", "date")
		} else if i > 0 && r.From <= s.Taxes[i-1].From {
			c.Add(at+".from", "settings.tax_order")
		}
		for name, rate := range map[string]string{"hardware": r.Hardware, "software": r.Software, "service": r.Service} {
			if !feeForm.MatchString(rate) {
				c.Add(at+"."+name, "settings.bad_fee")
			}
		}
	}
}

func (l LegalText) check(c *errs.Check, path string) {
	if l.Text.IsZero() {
		c.Add(path+".text", "required")
	}
	c.Length(path+".text.zh", l.Text.ZH, 0, 100000)
	c.Length(path+".text.en", l.Text.EN, 0, 100000)
	c.Length(path+".version", l.Version, 1, 20)
	if _, err := time.Parse(time.DateOnly, l.Date); err != nil {
		c.Add(path+".date", "date")
	}
}

func (m Mail) check(c *errs.Check) {
	if !c.OneOf("mail.mode", m.Mode, "outbox", "smtp") || m.Mode != "smtp" {
		return
	}
	if c.Length("mail.host", m.Host, 1, 253) && strings.ContainsAny(m.Host, " /:@") {
		c.Add("mail.host", "format")
	}
	c.Range("mail.port", int64(m.Port), 1, 65535)
	c.OneOf("mail.tls", m.TLS, "starttls", "implicit", "none")
	if c.Required("mail.fromAddress", m.FromAddress) {
		if a, err := mail.ParseAddress(m.FromAddress); err != nil || a.Address != m.FromAddress {
			c.Add("mail.fromAddress", "email")
		}
	}
	c.Length("mail.fromName", m.FromName, 0, 60)
}
