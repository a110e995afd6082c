package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"jishi/internal/base/i18n"
	"jishi/internal/market/catalog"
)

//go:embed content/*.json
var contentFiles embed.FS

// market is content/market.json.
type market struct {
	Site     i18n.Text `json:"site"`
	Bank     bank      `json:"bank"`
	Operator person    `json:"operator"`
	Sellers  []shop    `json:"sellers"`
	Buyers   []buyer   `json:"buyers"`

	Discounts []reduction `json:"discounts"`
	Vouchers  []voucher   `json:"vouchers"`
}

type bank struct{ Payee, Bank, Account string }

type person struct {
	Email  string    `json:"email"`
	Name   string    `json:"name"`
	Group  string    `json:"group"`
	Locale i18n.Lang `json:"locale"`
}

// shop is a seller. Server is the sample server that delivers its products; a Pending one
// has applied and waits for the review.
type shop struct {
	Key          string    `json:"key"`
	Hue          float64   `json:"hue"`
	Generation   string    `json:"generation"`
	Server       int       `json:"server"`
	Pending      bool      `json:"pending"`
	Email        string    `json:"email"`
	Company      string    `json:"company"`
	Account      string    `json:"account"`
	Shop         i18n.Text `json:"shop"`
	Introduction i18n.Text `json:"introduction"`
	Founded      string    `json:"founded"`
	Years        string    `json:"years"`
	Staff        string    `json:"staff"`
	Capital      string    `json:"capital"`
	City         string    `json:"city"`
	Province     string    `json:"province"`
	Detail       string    `json:"detail"`
	Postcode     string    `json:"postcode"`
	Phone        string    `json:"phone"`
	Domain       string    `json:"domain"`
	Number       string    `json:"number"`
}

type buyer struct {
	Key     string    `json:"key"`
	Email   string    `json:"email"`
	Company string    `json:"company"`
	Account string    `json:"account"`
	Owner   i18n.Text `json:"owner"`
	Locale  i18n.Lang `json:"locale"`
	Number  string    `json:"number"`
	TopUps  []string  `json:"topUps"`  // confirmed
	Waiting string    `json:"waiting"` // a top-up that finance has yet to confirm
	Users   []person  `json:"users"`
	Orders  []sample  `json:"orders"`
}

// sample is an order. Ends is delivered, retrying, unpaid or canceled.
type sample struct {
	Product string `json:"product"` // Chinese name
	Spec    int    `json:"spec"`
	Plan    string `json:"plan"`   // month, year, once or trial
	Choice  string `json:"choice"` // the combination, where there are several

	Quantity int64  `json:"quantity"`
	Periods  int    `json:"periods"`
	Ends     string `json:"ends"`
	By       int    `json:"by"` // 0 the owner, 1 the first sub-user …
}

// reduction is a public promotion, or an exclusive offer when it names buyers; one below the
// authorised discount waits for the operators' review.
type reduction struct {
	Seller   string   `json:"seller"` // key
	Name     string   `json:"name"`
	Products []string `json:"products"` // Chinese names
	Ratio    string   `json:"ratio"`    // of the list price, 0–1
	Days     int      `json:"days"`     // it runs
	Buyers   []string `json:"buyers"`   // keys
}

// voucher is a campaign whose vouchers are claimed on the product pages.
type voucher struct {
	Seller    string   `json:"seller"`
	Name      string   `json:"name"`
	Products  []string `json:"products"`
	Face      string   `json:"face"`
	Threshold string   `json:"threshold"`
	Total     int      `json:"total"`
	Days      int      `json:"days"` // it can be claimed, and is valid afterwards
}

// article is a product of content/products-<seller>.json.
type article struct {
	Category   string      `json:"category"` // Chinese name of a leaf
	Name       i18n.Text   `json:"name"`
	Summary    i18n.Text   `json:"summary"`
	Highlights []i18n.Text `json:"highlights"`
	Intro      i18n.Text   `json:"intro"`
	Features   []i18n.Text `json:"features"`
	Audience   i18n.Text   `json:"audience"`
	Specs      []variant   `json:"specs"`
	Pictures   []string    `json:"pictures"`
	Mark       string      `json:"mark"`
	Fails      bool        `json:"fails"` // delivered by a server that always fails
	Submitted  bool        `json:"submitted"`
}

// variant is a specification: prices of the simple template, or a custom one as the wizard
// would send it, whose name is the variant's.
type variant struct {
	Name   i18n.Text            `json:"name"`
	Month  string               `json:"month"`
	Year   string               `json:"year"`
	Once   string               `json:"once"`
	Trial  int                  `json:"trial"` // days
	Limit  *catalog.Limit       `json:"limit"`
	Custom *catalog.SpecContent `json:"custom"`
}

func loadMarket() (market, error) {
	var m market
	return m, readContent("market.json", &m)
}

func loadArticles(seller string) ([]article, error) {
	var list []article
	return list, readContent("products-"+seller+".json", &list)
}

func readContent(name string, into any) error {
	raw, err := contentFiles.ReadFile("content/" + name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("demo content %s: %w", name, err)
	}
	return nil
}
