package demo

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The catalogue refuses content beyond its limits when the demo is filled; this names the
// product and the field without filling one.
func TestContentIsWhatTheDemoPromises(t *testing.T) {
	m, err := loadMarket()
	if err != nil {
		t.Fatal(err)
	}
	products, categories := map[string]article{}, map[string]bool{}
	for _, s := range m.Sellers {
		if s.Pending {
			continue
		}
		list, err := loadArticles(s.Key)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if _, twice := products[a.Name.ZH]; twice {
				t.Errorf("%s stands there twice", a.Name.ZH)
			}
			products[a.Name.ZH] = a
			categories[a.Category] = true
			for lang, text := range map[string]string{"zh": a.Summary.ZH, "en": a.Summary.EN} {
				if n := utf8.RuneCountInString(text); n < 20 || n > 200 {
					t.Errorf("%s: summary in %s has %d characters", a.Name.ZH, lang, n)
				}
			}
			for _, x := range append(a.Highlights, a.Name, a.Intro, a.Audience) {
				if strings.TrimSpace(x.ZH) == "" || strings.TrimSpace(x.EN) == "" {
					t.Errorf("%s: a text in one language only: %+v", a.Name.ZH, x)
				}
			}
			if len(a.Specs) == 0 || len(a.Pictures) == 0 || a.Mark == "" {
				t.Errorf("%s is incomplete", a.Name.ZH)
			}
		}
	}
	if len(products) < 40 || len(categories) < 8 || len(m.Sellers) < 4 || len(m.Buyers) < 2 {
		t.Errorf("%d products in %d categories of %d sellers, %d buyers", len(products), len(categories), len(m.Sellers), len(m.Buyers))
	}
	ends := map[string]bool{}
	for _, b := range m.Buyers {
		for _, o := range b.Orders {
			ends[o.Ends] = true
			a, ok := products[o.Product]
			if !ok || o.Spec >= len(a.Specs) || o.By > len(b.Users) || a.Submitted {
				t.Errorf("order of %s by %s cannot be placed", o.Product, b.Key)
			}
			if a.Fails != (o.Ends == "retrying") {
				t.Errorf("order of %s cannot end as %s", o.Product, o.Ends)
			}
		}
	}
	ordered := map[string]bool{}
	sellers, buyers := map[string]bool{}, map[string]bool{}
	for _, s := range m.Sellers {
		sellers[s.Key] = !s.Pending
	}
	for _, b := range m.Buyers {
		buyers[b.Key] = true
		for _, o := range b.Orders {
			ordered[o.Product] = true
		}
	}
	reduced := func(name, seller string, on []string) {
		if !sellers[seller] || len(on) == 0 {
			t.Errorf("%s has no seller or no products", name)
		}
		for _, p := range on {
			if a, ok := products[p]; !ok || a.Submitted || a.Fails || ordered[p] {
				t.Errorf("%s cannot be on %s", name, p)
			}
		}
	}
	kinds := map[bool]int{}
	for _, r := range m.Discounts {
		reduced(r.Name, r.Seller, r.Products)
		kinds[len(r.Buyers) > 0]++
		for _, b := range r.Buyers {
			if !buyers[b] {
				t.Errorf("%s is for %s, who is nobody", r.Name, b)
			}
		}
	}
	for _, v := range m.Vouchers {
		reduced(v.Name, v.Seller, v.Products)
	}
	if kinds[false] == 0 || kinds[true] < 2 || len(m.Vouchers) == 0 {
		t.Error("a visitor meets no promotion, offers or vouchers")
	}
	for _, want := range []string{"delivered", "retrying", "unpaid", "canceled"} {
		if !ends[want] {
			t.Errorf("no order ends as %s", want)
		}
	}
}
