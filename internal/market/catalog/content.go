package catalog

import (
	"jishi/internal/base/i18n"
)

// Content is what a version says: everything the release wizard edits (C4). As a draft
// it may be incomplete; Check tells what is missing. Texts need at least one language.
// Keys name uploaded files (package media).
type Content struct {
	Name            i18n.Text     `json:"name"`
	Summary         i18n.Text     `json:"summary"`
	Highlights      []i18n.Text   `json:"highlights"`
	Description     i18n.Text     `json:"description"`     // Markdown
	DescriptionHTML i18n.Text     `json:"descriptionHtml"` // made by the server when the draft is saved
	LogoKey         string        `json:"logoKey"`
	Pictures        []string      `json:"pictures"`
	CategoryID      string        `json:"categoryId"`
	UserGuideKey    string        `json:"userGuideKey"`
	AfterSales      AfterSales    `json:"afterSales"`
	Agreement       Agreement     `json:"agreement"`
	PublicSale      bool          `json:"publicSale"`
	RefundPolicy    string        `json:"refundPolicy" doc:"five_day or none; prorata where the site allows it (trade.md §14.2)"`
	AddressID       string        `json:"addressId"`
	Path            string        `json:"path"`
	Generation      Generation    `json:"generation"`
	Specs           []SpecContent `json:"specs"`
	PurchaseLimit   *Limit        `json:"purchaseLimit,omitempty" doc:"How often one customer may buy the product; each specification may have a limit of its own besides"`
}

// AfterSales is the after-sales support (售后支持) shown on the product page.
type AfterSales struct {
	ServiceTime i18n.Text `json:"serviceTime"`
	Content     i18n.Text `json:"content"`
	Mail        string    `json:"mail"`
	Hotline     string    `json:"hotline"`
}

// Agreement is the product agreement (商品协议) that a buyer ticks: the site's template,
// the seller's text or the seller's file.
type Agreement struct {
	Kind    string    `json:"kind" doc:"template, text or file"`
	Text    i18n.Text `json:"text"` // Markdown, for kind text
	HTML    i18n.Text `json:"html"` // made by the server
	FileKey string    `json:"fileKey"`
}

// clean trims texts, drops what the server makes itself and bounds the size of a draft.
func (c *Content) clean() {
	c.Name, c.Summary = c.Name.Trim(), c.Summary.Trim()
	for i := range c.Highlights {
		c.Highlights[i] = c.Highlights[i].Trim()
	}
	c.AfterSales.ServiceTime = c.AfterSales.ServiceTime.Trim()
	c.AfterSales.Content = c.AfterSales.Content.Trim()
	c.DescriptionHTML = render(c.Description)
	if c.Agreement.Kind == "" {
		c.Agreement.Kind = "template"
	}
	c.Agreement.HTML = i18n.Text{}
	if c.Agreement.Kind == "text" {
		c.Agreement.HTML = render(c.Agreement.Text)
	}
	if c.RefundPolicy == "" {
		c.RefundPolicy = "five_day"
	}
	for i := range c.Specs {
		c.Specs[i].clean()
	}
	if c.Highlights == nil {
		c.Highlights = []i18n.Text{}
	}
	if c.Pictures == nil {
		c.Pictures = []string{}
	}
	if c.Specs == nil {
		c.Specs = []SpecContent{}
	}
}

// FileKeys are the uploaded files that the content names outside its Markdown.
func (c *Content) FileKeys() []string {
	out := append([]string{c.LogoKey, c.UserGuideKey, c.Agreement.FileKey}, c.Pictures...)
	return append(out, pictureKeys(c.DescriptionHTML)...)
}
