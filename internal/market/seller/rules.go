package seller

import (
	"context"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/outbound"
)

var (
	phonePattern    = regexp.MustCompile(`^\+?[0-9][0-9 ()\-]{4,22}[0-9]$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	countryPattern  = regexp.MustCompile(`^[A-Z]{2}$`)
	postcodePattern = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z \-]{1,10}[0-9A-Za-z]$`)
	extPattern      = regexp.MustCompile(`^[0-9]{1,8}$`)

	// linkPatterns find what would become or read as a link. Bare domains count in lower
	// case only, so that "ASP.NET" stays a word.
	linkPatterns = []*regexp.Regexp{
		regexp.MustCompile(`(?i)[a-z][a-z0-9+.\-]*://`),
		regexp.MustCompile(`(?i)\bwww\.[a-z0-9]`),
		regexp.MustCompile(`(?i)<\s*a\b`),
		regexp.MustCompile(`\]\s*\(`),
		regexp.MustCompile(`\b[a-z0-9\-]+\.(com|cn|net|org|io|co|top|xyz|info|site|shop|app|dev|cc|vip|tech|online|ai|biz)\b`),
	}
)

// trim removes the blanks around every text of the form.
func (f *Form) trim() {
	f.Name, f.Introduction = f.Name.Trim(), f.Introduction.Trim()
	for _, s := range []*string{
		&f.Website, &f.LogoKey, &f.Founded, &f.Years, &f.Staff, &f.Capital.Amount, &f.Capital.Currency,
		&f.Contact.Name, &f.Contact.Phone, &f.Contact.Email,
		&f.Address.Country, &f.Address.Province, &f.Address.City, &f.Address.Detail, &f.Address.Postcode,
		&f.ServicePhone, &f.ServiceEmail, &f.LicenceKey,
		&f.PreSales.Phone, &f.PreSales.Extension, &f.PreSales.Email,
	} {
		*s = strings.TrimSpace(*s)
	}
}

// bounded keeps a draft storable; everything else is checked when it is submitted.
func (f Form) bounded() error {
	var c errs.Check
	f.eachText(func(path, value string) {
		limit := 300
		if strings.HasPrefix(path, "introduction") {
			limit = 2000
		}
		c.Length(path, value, 0, limit)
	})
	return c.Err()
}

// eachText visits the form's texts with the paths that a client sent them under.
func (f Form) eachText(visit func(path, value string)) {
	for _, p := range [...][2]string{
		{"name.zh", f.Name.ZH}, {"name.en", f.Name.EN}, {"website", f.Website}, {"logoKey", f.LogoKey},
		{"founded", f.Founded}, {"years", f.Years}, {"staff", f.Staff},
		{"capital.amount", f.Capital.Amount}, {"capital.currency", f.Capital.Currency},
		{"contact.name", f.Contact.Name}, {"contact.phone", f.Contact.Phone}, {"contact.email", f.Contact.Email},
		{"address.country", f.Address.Country}, {"address.province", f.Address.Province}, {"address.city", f.Address.City},
		{"address.detail", f.Address.Detail}, {"address.postcode", f.Address.Postcode},
		{"servicePhone", f.ServicePhone}, {"serviceEmail", f.ServiceEmail}, {"licenceKey", f.LicenceKey},
		{"introduction.zh", f.Introduction.ZH}, {"introduction.en", f.Introduction.EN},
		{"preSales.phone", f.PreSales.Phone}, {"preSales.extension", f.PreSales.Extension}, {"preSales.email", f.PreSales.Email},
	} {
		visit(p[0], p[1])
	}
}

// check holds every rule of catalog-and-roles.md B2 against the form of an account.
func (s *Store) check(ctx context.Context, q db.Querier, accountID string, f Form, today time.Time) (errs.Check, error) {
	var c errs.Check
	checkText(&c, "name", f.Name, 2, 60)
	checkText(&c, "introduction", f.Introduction, 50, 2000)
	for path, text := range map[string]string{"introduction.zh": f.Introduction.ZH, "introduction.en": f.Introduction.EN} {
		if hasLink(text) {
			c.Add(path, "seller.no_links")
		}
	}
	checkWebsite(&c, "website", f.Website)
	if c.Required("founded", f.Founded) {
		if day, err := time.Parse(time.DateOnly, f.Founded); err != nil {
			c.Add("founded", "seller.date")
		} else if day.After(today) {
			c.Add("founded", "seller.date_future")
		}
	}
	c.OneOf("years", f.Years, YearChoices...)
	c.OneOf("staff", f.Staff, StaffChoices...)
	checkCapital(&c, f.Capital)
	c.Length("contact.name", f.Contact.Name, 2, 60)
	checkPhone(&c, "contact.phone", f.Contact.Phone)
	checkEmail(&c, "contact.email", f.Contact.Email)
	checkAddress(&c, f.Address)
	checkPhone(&c, "servicePhone", f.ServicePhone)
	checkEmail(&c, "serviceEmail", f.ServiceEmail)
	checkPreSales(&c, f.PreSales)
	if err := s.checkFile(ctx, q, &c, accountID, "logoKey", f.LogoKey, "logo", MaxLogo, "image/jpeg", "image/png"); err != nil {
		return c, err
	}
	err := s.checkFile(ctx, q, &c, accountID, "licenceKey", f.LicenceKey, "licence", MaxLicence, "image/jpeg", "image/png", "application/pdf")
	return c, err
}

// checkText wants the text in at least one language and its length in each that is given.
func checkText(c *errs.Check, path string, t i18n.Text, min, max int) {
	if t.IsZero() {
		c.Add(path+".zh", "required")
		return
	}
	if t.ZH != "" {
		c.Length(path+".zh", t.ZH, min, max)
	}
	if t.EN != "" {
		c.Length(path+".en", t.EN, min, max)
	}
}

func checkPhone(c *errs.Check, path, v string) {
	if c.Required(path, v) && !phonePattern.MatchString(v) {
		c.Add(path, "seller.phone")
	}
}

func checkEmail(c *errs.Check, path, v string) {
	if c.Length(path, v, 1, 100) && !isEmail(v) {
		c.Add(path, "seller.email")
	}
}

func isEmail(v string) bool {
	a, err := mail.ParseAddress(v)
	if err != nil || a.Address != v {
		return false
	}
	_, domain, _ := strings.Cut(v, "@")
	return strings.Contains(domain, ".")
}

func checkWebsite(c *errs.Check, path, v string) {
	if !c.Length(path, v, 1, 255) {
		return
	}
	normal, err := outbound.ValidateURL(v, outbound.Rules{})
	if err != nil {
		c.Add(path, "seller.website")
		return
	}
	u, err := url.Parse(normal)
	if err != nil {
		c.Add(path, "seller.website")
		return
	}
	for _, word := range []string{"login", "signin", "sign-in", "passport"} {
		if strings.Contains(strings.ToLower(u.Path), word) {
			c.Add(path, "seller.website_login")
			return
		}
	}
}

func checkCapital(c *errs.Check, v Capital) {
	if c.Required("capital.amount", v.Amount) {
		if a, err := money.Parse(v.Amount); err != nil || a <= 0 {
			c.Add("capital.amount", "seller.amount")
		}
	}
	if c.Required("capital.currency", v.Currency) && !currencyPattern.MatchString(v.Currency) {
		c.Add("capital.currency", "seller.currency")
	}
}

func checkAddress(c *errs.Check, a Address) {
	if c.Required("address.country", a.Country) && !countryPattern.MatchString(a.Country) {
		c.Add("address.country", "seller.country")
	}
	c.Length("address.province", a.Province, 1, 60)
	c.Length("address.city", a.City, 1, 60)
	c.Length("address.detail", a.Detail, 5, 200)
	if c.Required("address.postcode", a.Postcode) && !postcodePattern.MatchString(a.Postcode) {
		c.Add("address.postcode", "seller.postcode")
	}
}

func checkPreSales(c *errs.Check, p PreSales) {
	if p.Phone != "" {
		checkPhone(c, "preSales.phone", p.Phone)
	}
	if p.Email != "" {
		checkEmail(c, "preSales.email", p.Email)
	}
	if p.Extension != "" && (p.Phone == "" || !extPattern.MatchString(p.Extension)) {
		c.Add("preSales.extension", "seller.extension")
	}
}

// hasLink tells whether a text leads out of the shop page.
func hasLink(text string) bool {
	for _, p := range linkPatterns {
		if p.MatchString(text) {
			return true
		}
	}
	return false
}

type uploaded struct {
	ContentType string `db:"content_type"`
	Size        int64  `db:"size"`
}

const sqlFile = `select content_type, size from files where key = $1 and account_id = $2 and purpose = $3`

// checkFile wants a file that the account uploaded for the purpose, of one of the content
// types, which the upload found by looking into the file and not at its name.
func (s *Store) checkFile(ctx context.Context, q db.Querier, c *errs.Check, accountID, path, key, purpose string, max int64, types ...string) error {
	if !c.Required(path, key) {
		return nil
	}
	f, found, err := db.Maybe[uploaded](ctx, q, sqlFile, key, accountID, purpose)
	switch {
	case err != nil:
		return err
	case !found:
		c.Add(path, "seller.file_missing")
	case !slices.Contains(types, f.ContentType):
		c.Add(path, "seller.file_type", "allowed", strings.Join(types, ", "))
	case f.Size > max:
		c.Add(path, "seller.file_size", "limit", max>>20)
	}
	return nil
}
