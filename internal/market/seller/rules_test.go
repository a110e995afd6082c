package seller_test

import (
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/i18n"
	"jishi/internal/market/seller"
)

func TestFormRules(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.addFile(fileRow{Key: "big.png", AccountID: b.account, Purpose: "logo", Type: "image/png", Size: seller.MaxLogo + 1})
		b.addFile(fileRow{Key: "logo.gif", AccountID: b.account, Purpose: "logo", Type: "image/gif", Size: 10})
		b.addFile(fileRow{Key: "big.pdf", AccountID: b.account, Purpose: "licence", Type: "application/pdf", Size: seller.MaxLicence + 1})
		b.addFile(fileRow{Key: "lic.zip", AccountID: b.account, Purpose: "licence", Type: "application/zip", Size: 10})
		long := strings.Repeat("字", 2001)
		cases := []struct {
			path, code string
			spoil      func(f *seller.Form)
		}{
			{"name.zh", "required", func(f *seller.Form) { f.Name = i18n.Text{} }},
			{"name.en", "length", func(f *seller.Form) { f.Name.EN = "x" }},
			{"website", "required", func(f *seller.Form) { f.Website = " " }},
			{"website", "seller.website", func(f *seller.Form) { f.Website = "ftp://spruce.example" }},
			{"website", "seller.website", func(f *seller.Form) { f.Website = "javascript:alert(1)" }},
			{"website", "seller.website_login", func(f *seller.Form) { f.Website = "https://spruce.example/app/Login" }},
			{"logoKey", "required", func(f *seller.Form) { f.LogoKey = "" }},
			{"logoKey", "seller.file_missing", func(f *seller.Form) { f.LogoKey = "none.png" }},
			{"logoKey", "seller.file_missing", func(f *seller.Form) { f.LogoKey = f.LicenceKey }},
			{"logoKey", "seller.file_type", func(f *seller.Form) { f.LogoKey = "logo.gif" }},
			{"logoKey", "seller.file_size", func(f *seller.Form) { f.LogoKey = "big.png" }},
			{"licenceKey", "required", func(f *seller.Form) { f.LicenceKey = "" }},
			{"licenceKey", "seller.file_type", func(f *seller.Form) { f.LicenceKey = "lic.zip" }},
			{"licenceKey", "seller.file_size", func(f *seller.Form) { f.LicenceKey = "big.pdf" }},
			{"founded", "required", func(f *seller.Form) { f.Founded = "" }},
			{"founded", "seller.date", func(f *seller.Form) { f.Founded = "2019-02-30" }},
			{"founded", "seller.date_future", func(f *seller.Form) { f.Founded = "2027-01-01" }},
			{"years", "one_of", func(f *seller.Form) { f.Years = "7" }},
			{"staff", "required", func(f *seller.Form) { f.Staff = "" }},
			{"capital.amount", "seller.amount", func(f *seller.Form) { f.Capital.Amount = "0" }},
			{"capital.amount", "seller.amount", func(f *seller.Form) { f.Capital.Amount = "1.005" }},
			{"capital.currency", "seller.currency", func(f *seller.Form) { f.Capital.Currency = "rmb" }},
			{"contact.name", "required", func(f *seller.Form) { f.Contact.Name = "" }},
			{"contact.phone", "seller.phone", func(f *seller.Form) { f.Contact.Phone = "call me" }},
			{"contact.email", "seller.email", func(f *seller.Form) { f.Contact.Email = "a@b" }},
			{"address.country", "seller.country", func(f *seller.Form) { f.Address.Country = "China" }},
			{"address.province", "required", func(f *seller.Form) { f.Address.Province = "" }},
			{"address.city", "required", func(f *seller.Form) { f.Address.City = "" }},
			{"address.detail", "length", func(f *seller.Form) { f.Address.Detail = "1号" }},
			{"address.postcode", "seller.postcode", func(f *seller.Form) { f.Address.Postcode = "?" }},
			{"servicePhone", "required", func(f *seller.Form) { f.ServicePhone = "" }},
			{"serviceEmail", "seller.email", func(f *seller.Form) { f.ServiceEmail = "Service <s@spruce.example>" }},
			{"introduction.zh", "required", func(f *seller.Form) { f.Introduction = i18n.Text{} }},
			{"introduction.zh", "length", func(f *seller.Form) { f.Introduction.ZH = strings.Repeat("字", 49) }},
			{"preSales.phone", "seller.phone", func(f *seller.Form) { f.PreSales.Phone = "x" }},
			{"preSales.extension", "seller.extension", func(f *seller.Form) { f.PreSales.Extension = "12" }},
		}
		for _, link := range []string{"https://a.example", "见 www.spruce.cn", "spruce.com 官网", "[官网](x)", "<a href=x>", "ftp://x"} {
			cases = append(cases, struct {
				path, code string
				spoil      func(f *seller.Form)
			}{"introduction.zh", "seller.no_links", func(f *seller.Form) { f.Introduction.ZH += link }})
		}
		for _, c := range cases {
			f := form(b.account)
			c.spoil(&f)
			_, err := b.submit(b.draft(b.account, f))
			got := fieldCodes(err)
			if got[c.path] != c.code || len(got) != 1 {
				t.Errorf("%s: want %s, got %v (%v)", c.path, c.code, got, err)
			}
		}
		f := form(b.account)
		f.Introduction.EN += long
		_, err := in(b, func(tx *db.Tx) (seller.Application, error) { return b.s.SaveDraft(b.ctx, tx, b.account, f) })
		if fieldCodes(err)["introduction.en"] != "length" {
			t.Errorf("too long for a draft: %v", err)
		}
		f = form(b.account)
		f.Introduction.ZH = strings.Repeat("字", 44) + "ASP.NET"
		a := b.draft(b.account, f)
		_, err = in(b, func(tx *db.Tx) (seller.Application, error) {
			return b.s.Submit(b.ctx, tx, seller.SubmitInput{AccountID: b.account, ApplicationID: a.ID, Agreements: agreements[:1]})
		})
		if got := fieldCodes(err); got["agreements"] != "seller.agreements" || len(got) != 1 {
			t.Errorf("agreements: %v", err)
		}
		if _, err := b.submit(a); err != nil {
			t.Errorf("a good form: %v", err)
		}
	})
}
