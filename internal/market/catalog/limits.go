package catalog

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

// The limits of C4.1 and C5; where the documents are silent they are decisions.
const (
	nameMin, nameMax                 = 2, 60
	summaryMin, summaryMax           = 20, 200
	highlightsMax, highlightMax      = 5, 50
	descriptionMin, descriptionMax   = 400, 20000
	descriptionPictures              = 5
	picturesMax                      = 8
	specsMax, specNameMax, plansMax  = 20, 50, 4
	pricesMax                        = 1000
	serviceMax, hotlineMax, pathMax  = 300, 40, 200
	draftBytes                       = 512 << 10
	logoSide                         = 120
	pictureMinWidth, pictureMaxWidth = 400, 4000
	inlineMinWidth, inlineMaxWidth   = 900, 1200
	inlineMinHeight                  = 800
)

var (
	phone       = regexp.MustCompile(`\d{7,}|\d{3,4}[- ]\d{3,4}[- ]?\d{3,4}`)
	priceInName = regexp.MustCompile(`[¥￥$€]\s*\d|\d+\s*元`)
	version     = regexp.MustCompile(`(?i)\bv\d+(\.\d+)+\b`)
	superlative = regexp.MustCompile(`(?i)国家级|世界级|最佳|最好|最强|顶级|第一品牌|\bnational[- ]level\b|\bworld'?s (best|first)\b|\bthe best\b|\bnumber one\b`)
	pathForm    = regexp.MustCompile(`^(/[A-Za-z0-9._~%!$&'()*+,;=:@-]*)*$`)
	hotlineForm = regexp.MustCompile(`^[0-9+() -]{5,}$`)
)

// check holds the content against all limits and gives one message per field.
func (c *Content) check(f facts) error {
	var k errs.Check
	checkText(&k, "name", c.Name, nameMin, nameMax)
	checkWording(&k, "name", c.Name)
	checkTitle(&k, "name", c.Name)
	checkText(&k, "summary", c.Summary, summaryMin, summaryMax)
	checkWording(&k, "summary", c.Summary)
	if len(c.Highlights) == 0 {
		k.Add("highlights", "required")
	} else if len(c.Highlights) > highlightsMax {
		k.Add("highlights", "catalog.too_many", "max", highlightsMax)
	}
	for i, h := range c.Highlights {
		at := fmt.Sprintf("highlights[%d]", i)
		checkText(&k, at, h, 1, highlightMax)
		checkWording(&k, at, h)
	}
	c.checkDescription(&k, f)
	c.checkFiles(&k, f)
	switch {
	case c.CategoryID == "":
		k.Add("categoryId", "required")
	case !f.categoryLeaf:
		k.Add("categoryId", "catalog.category_leaf")
	}
	c.checkSupport(&k)
	c.checkDelivery(&k, f)
	policies := []string{"five_day", "none"}
	if !f.onlyWhole {
		policies = append(policies, "prorata")
	}
	k.OneOf("refundPolicy", c.RefundPolicy, policies...)
	c.checkSpecs(&k, f)
	return k.Err()
}

// checkText wants at least one language, and each given one within its length.
func checkText(k *errs.Check, at string, t i18n.Text, min, max int) {
	if t.IsZero() {
		if min > 0 {
			k.Add(at, "required")
		}
		return
	}
	if t.ZH != "" {
		k.Length(at+".zh", t.ZH, min, max)
	}
	if t.EN != "" {
		k.Length(at+".en", t.EN, min, max)
	}
}

func each(t i18n.Text, at string, f func(at, text string)) {
	if t.ZH != "" {
		f(at+".zh", t.ZH)
	}
	if t.EN != "" {
		f(at+".en", t.EN)
	}
}

// checkWording refuses superlatives; what only a person can judge is the reviewer's.
func checkWording(k *errs.Check, at string, t i18n.Text) {
	each(t, at, func(at, text string) {
		if hit := superlative.FindString(text); hit != "" {
			k.Add(at, "catalog.superlative", "word", hit)
		}
	})
}

// checkTitle refuses telephone numbers, prices and versions in names.
func checkTitle(k *errs.Check, at string, t i18n.Text) {
	each(t, at, func(at, text string) {
		if phone.MatchString(text) || priceInName.MatchString(text) || version.MatchString(text) {
			k.Add(at, "catalog.name_content")
		}
	})
}

func (c *Content) checkDescription(k *errs.Check, f facts) {
	if c.Description.IsZero() {
		k.Add("description", "required")
		return
	}
	one := func(at, text, safe string) {
		if strings.TrimSpace(text) == "" {
			return
		}
		keys := pictureKeys(i18n.Text{ZH: safe})
		if n := utf8.RuneCountInString(text); n > descriptionMax {
			k.Add(at, "length", "min", 0, "max", descriptionMax, "actual", n)
			return
		}
		if n := utf8.RuneCountInString(plainText(safe)); n < descriptionMin && len(keys) == 0 {
			k.Add(at, "catalog.description_short", "min", descriptionMin, "actual", n)
			return
		}
		if len(keys) > descriptionPictures {
			k.Add(at, "catalog.too_many", "max", descriptionPictures)
			return
		}
		for _, key := range keys {
			p, ok := f.files[key]
			switch {
			case !ok:
				k.Add(at, "catalog.file_unknown")
			case p.Width < inlineMinWidth || p.Width > inlineMaxWidth || p.Height < inlineMinHeight || p.ContentType == "image/gif":
				k.Add(at, "catalog.description_picture", "width", p.Width, "height", p.Height)
			}
		}
	}
	one("description.zh", c.Description.ZH, c.DescriptionHTML.ZH)
	one("description.en", c.Description.EN, c.DescriptionHTML.EN)
}

func (c *Content) checkFiles(k *errs.Check, f facts) {
	file := func(at, key string, purposes ...string) (media.File, bool) {
		if key == "" {
			k.Add(at, "required")
			return media.File{}, false
		}
		m, ok := f.files[key]
		for _, p := range purposes {
			if ok && m.Purpose == p {
				return m, true
			}
		}
		k.Add(at, "catalog.file_unknown")
		return m, false
	}
	if m, ok := file("logoKey", c.LogoKey, media.Logo, media.Picture); ok {
		if m.ContentType != "image/png" || m.Width != logoSide || m.Height != logoSide {
			k.Add("logoKey", "catalog.logo_form", "width", m.Width, "height", m.Height)
		}
	}
	switch {
	case len(c.Pictures) == 0:
		k.Add("pictures", "required")
	case len(c.Pictures) > picturesMax:
		k.Add("pictures", "catalog.too_many", "max", picturesMax)
	}
	for i, key := range c.Pictures {
		at := fmt.Sprintf("pictures[%d]", i)
		if m, ok := file(at, key, media.Picture); ok && (m.Width < pictureMinWidth || m.Width > pictureMaxWidth) {
			k.Add(at, "catalog.picture_form", "width", m.Width, "height", m.Height)
		}
	}
	file("userGuideKey", c.UserGuideKey, media.Guide)
	switch c.Agreement.Kind {
	case "template":
	case "text":
		checkText(k, "agreement.text", c.Agreement.Text, 1, descriptionMax)
	case "file":
		file("agreement.fileKey", c.Agreement.FileKey, media.AgreementFile)
	default:
		k.OneOf("agreement.kind", c.Agreement.Kind, "template", "text", "file")
	}
}

func (c *Content) checkSupport(k *errs.Check) {
	a := c.AfterSales
	checkText(k, "afterSales.serviceTime", a.ServiceTime, 1, serviceMax)
	checkText(k, "afterSales.content", a.Content, 1, serviceMax)
	if k.Required("afterSales.mail", a.Mail) {
		if m, err := mail.ParseAddress(a.Mail); err != nil || m.Address != a.Mail || len(a.Mail) > 120 {
			k.Add("afterSales.mail", "catalog.mail")
		}
	}
	if k.Length("afterSales.hotline", a.Hotline, 1, hotlineMax) && !hotlineForm.MatchString(a.Hotline) {
		k.Add("afterSales.hotline", "catalog.hotline")
	}
}

func (c *Content) checkDelivery(k *errs.Check, f facts) {
	switch {
	case c.AddressID == "":
		k.Add("addressId", "required")
	case f.address.State == "":
		k.Add("addressId", "catalog.address_unknown")
	case f.address.State != seller.Verified:
		k.Add("addressId", "catalog.address_unverified")
	case c.Generation == V2 && !strings.HasPrefix(f.address.Origin, "https://") && !f.address.Development:
		k.Add("addressId", "catalog.address_https")
	}
	if len(c.Path) > pathMax || !validPath(c.Path) {
		k.Add("path", "catalog.path")
	}
	if k.OneOf("generation", string(c.Generation), string(V1), string(V2)) && f.closedV1 {
		k.Add("generation", "catalog.v1_closed")
	}
}

// validPath accepts an empty path, or one beginning with "/", with or without a query:
// sellers' addresses may carry pairs of their own (saas.md §1.1).
func validPath(p string) bool {
	if p == "" {
		return true
	}
	u, err := url.Parse(p)
	return err == nil && u.Scheme == "" && u.Host == "" && u.Fragment == "" && strings.HasPrefix(p, "/") &&
		!strings.HasPrefix(p, "//") && pathForm.MatchString(u.EscapedPath())
}

func (c *Content) checkSpecs(k *errs.Check, f facts) {
	switch {
	case len(c.Specs) == 0:
		k.Add("specs", "required")
	case len(c.Specs) > specsMax:
		k.Add("specs", "catalog.too_many", "max", specsMax)
	}
	names := map[string]bool{}
	for i, s := range c.Specs {
		at := fmt.Sprintf("specs[%d]", i)
		checkText(k, at+".name", s.Name, 1, specNameMax)
		checkTitle(k, at+".name", s.Name)
		for _, n := range []string{"zh:" + s.Name.ZH, "en:" + s.Name.EN} {
			if len(n) > 3 && names[n] {
				k.Add(at+".name", "catalog.spec_name_twice")
			}
			names[n] = true
		}
		s.checkPrices(k, at)
		s.checkSelling(k, at)
		s.checkChanges(k, at, c.Generation)
	}
	if n := c.prices(); n > pricesMax {
		k.Add("specs", "catalog.too_many_prices", "max", pricesMax, "actual", n)
	}
	if c.PurchaseLimit != nil {
		c.PurchaseLimit.check(k, "purchaseLimit")
	}
	c.checkReleased(k, f.live)
}

// checkReleased refuses what a change may not touch (C5): a released specification or
// charging mode cannot disappear, a delisted one cannot come back.
func (c *Content) checkReleased(k *errs.Check, live []liveSpec) {
	at := map[string]int{}
	for i, s := range c.Specs {
		at[s.ID] = i
	}
	for _, l := range live {
		i, there := at[l.ID]
		if l.State == SpecDelisted {
			if there {
				k.Add("specs["+strconv.Itoa(i)+"].name", "catalog.spec_delisted")
			}
			continue
		}
		if !there {
			k.Add("specs", "catalog.spec_removed", "name", l.Name)
			continue
		}
		c.Specs[i].checkFrozen(k, "specs["+strconv.Itoa(i)+"]", l)
		for _, p := range l.Plans {
			if p.Trial {
				continue
			}
			kept := false
			for _, q := range c.Specs[i].Plans {
				kept = kept || q.Mode == p.Mode && q.PeriodType == p.PeriodType
			}
			if !kept {
				k.Add("specs["+strconv.Itoa(i)+"].plans", "catalog.mode_removed", "mode", string(p.Mode), "period", p.PeriodType)
			}
		}
	}
}
