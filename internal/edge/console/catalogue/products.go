package catalogue

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/shelf"
	"jishi/internal/market/integration"
	"jishi/internal/market/media"
)

// productView is a product with all that its pages show. Open is the draft or the version
// under review; it is missing where there is none, as Live is before the first release.
type productView struct {
	Product  catalog.Product       `json:"product"`
	Live     *catalog.Version      `json:"live,omitempty"`
	Open     *catalog.Version      `json:"open,omitempty"`
	Specs    []catalog.Spec        `json:"specs" doc:"Released specifications"`
	Versions []catalog.VersionInfo `json:"versions"`
	History  []catalog.HistoryRow  `json:"history"`
	Files    map[string]fileView   `json:"files" doc:"The files that the contents name, by key"`
}

func (a api) view(ctx context.Context, q db.Querier, p catalog.Product) (productView, error) {
	v := productView{Product: p, Files: map[string]fileView{}}
	open, ok, err := a.Catalog.Open(ctx, q, p.ID)
	if err != nil {
		return v, err
	}
	var keys []string
	if ok {
		v.Open = &open
		keys = append(keys, open.Content.FileKeys()...)
	}
	if p.LiveVersionID != "" {
		live, err := a.Catalog.VersionOf(ctx, q, p.ID, p.LiveVersionID)
		if err != nil {
			return v, err
		}
		v.Live = &live
		keys = append(keys, live.Content.FileKeys()...)
	}
	if v.Specs, err = a.Catalog.Specs(ctx, q, p.ID); err != nil {
		return v, err
	}
	if v.Versions, err = a.Catalog.Versions(ctx, q, p.ID); err != nil {
		return v, err
	}
	if v.History, err = a.Catalog.History(ctx, q, p.ID); err != nil {
		return v, err
	}
	if console.CallerFrom(ctx).Kind != "operator" {
		for i := range v.History {
			if v.History[i].ActorKind == "operator" { // who decides at the marketplace is its own business
				v.History[i].ActorName = ""
			}
		}
	}
	v.Files, err = filesOf(ctx, q, p.SellerID, keys)
	return v, err
}

func filesOf(ctx context.Context, q db.Querier, sellerID string, keys []string) (map[string]fileView, error) {
	out := map[string]fileView{}
	found, err := media.OfSeller(ctx, q, sellerID, keys)
	for k, f := range found {
		out[k] = fileView{File: f, URL: media.URL(k)}
	}
	return out, err
}

// ProductsInput are the filters of products.
type ProductsInput struct {
	console.ListInput
	Query string `query:"q" required:"false" doc:"Part of the name, or an id"`
	State string `query:"state" required:"false"`
	Type  string `query:"type" required:"false"`
	Open  string `query:"open" required:"false" doc:"draft or reviewing: products with such a version"`
}

func (in ProductsInput) filter(sellerID string) catalog.ProductFilter {
	return catalog.ProductFilter{SellerID: sellerID, Name: in.Query, State: in.State, Type: in.Type, Open: in.Open}
}

type createInput struct {
	Body struct {
		DeliveryType string    `json:"deliveryType" doc:"saas"`
		Name         i18n.Text `json:"name" required:"false"`
	}
}

type saveInput struct {
	ID   string `path:"id"`
	Body struct {
		Revision int64           `json:"revision" doc:"Of the draft that was read"`
		Content  catalog.Content `json:"content"`
	}
}

type submitInput struct {
	ID   string `path:"id"`
	Body struct {
		Revision int64 `json:"revision"`
	}
}

// checkView lists what is missing before a submission.
type checkView struct {
	Complete bool                   `json:"complete"`
	Fields   []console.ProblemField `json:"fields"`
}

type markdownInput struct {
	Body struct {
		Text string `json:"text"`
	}
}

type markdownView struct {
	HTML string `json:"html"`
}

func (a api) products() {
	read := func(path, id, summary string) console.Op {
		return console.Op{Path: path, ID: id, Summary: summary, Tag: tagSeller, Need: access.ProductRead}
	}
	write := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagSeller, Need: access.ProductWrite}
	}
	console.Read(a.c, read("/seller/products", "list-seller-products", "My products"),
		func(ctx context.Context, in *ProductsInput) (page.Page[catalog.ProductRow], error) {
			seller, err := own(ctx)
			if err != nil {
				return page.Page[catalog.ProductRow]{}, err
			}
			return a.Catalog.Products(ctx, a.c.DB, in.filter(seller), in.Page())
		})
	console.Read(a.c, read("/seller/products/{id}", "get-seller-product", "A product with its versions and history"), a.product)
	console.Read(a.c, read("/seller/products/{id}/check", "check-product-draft", "What is missing before the draft can be submitted"), a.check)
	console.Read(a.c, read("/seller/products/{id}/preview", "preview-product", "The future product page of the open version"), a.preview)
	console.Write(a.c, withStatus(write(http.MethodPost, "/seller/products", "create-product", "Begin a product"), http.StatusCreated),
		func(ctx context.Context, tx *db.Tx, in *createInput) (productView, error) {
			seller, err := own(ctx)
			if err != nil {
				return productView{}, err
			}
			p, _, err := a.Catalog.CreateProduct(ctx, tx, seller, in.Body.DeliveryType, in.Body.Name)
			if err != nil {
				return productView{}, err
			}
			return a.view(ctx, tx, p)
		})
	console.Write(a.c, write(http.MethodPost, "/seller/products/{id}/draft", "start-product-draft", "Begin a change, or go on with the draft there is"),
		func(ctx context.Context, tx *db.Tx, in *idInput) (catalog.Version, error) {
			seller, err := own(ctx)
			if err != nil {
				return catalog.Version{}, err
			}
			return a.Catalog.StartDraft(ctx, tx, seller, in.ID)
		})
	console.Write(a.c, write(http.MethodPut, "/seller/products/{id}/draft", "save-product-draft", "Save the draft, however incomplete"),
		func(ctx context.Context, tx *db.Tx, in *saveInput) (catalog.Version, error) {
			seller, err := own(ctx)
			if err != nil {
				return catalog.Version{}, err
			}
			return a.Catalog.SaveDraft(ctx, tx, seller, in.ID, in.Body.Revision, in.Body.Content)
		})
	console.Write(a.c, write(http.MethodDelete, "/seller/products/{id}/draft", "delete-product-draft", "Delete the draft, and a product that was never released with it"),
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			seller, err := own(ctx)
			if err == nil {
				err = a.Catalog.DeleteDraft(ctx, tx, seller, in.ID)
			}
			return console.None{}, err
		})
	console.WriteAfter(a.c, write(http.MethodPost, "/seller/products/{id}/submit", "submit-product", "Run the saved debug cases again and hand the draft to review"),
		func(ctx context.Context, in *submitInput) error {
			seller, err := own(ctx)
			if err != nil {
				return err
			}
			if err := a.Catalog.CheckSubmit(ctx, a.c.DB, seller, in.ID, in.Body.Revision); err != nil {
				return nil // the transaction says so, or replays the answer of a submission that was made
			}
			return a.Catalog.RunCases(ctx, a.c.DB, in.ID, integration.SourceSubmit)
		},
		func(ctx context.Context, tx *db.Tx, in *submitInput) (catalog.Application, error) {
			seller, err := own(ctx)
			if err != nil {
				return catalog.Application{}, err
			}
			return a.Catalog.Submit(ctx, tx, seller, in.ID, in.Body.Revision)
		})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/price-table", ID: "compute-price-table", Tag: tagSeller, Need: console.SignedIn,
		Summary: "The prices of a specification as buyers would pay them; nothing is stored"}, a.priceTable)
	console.Act(a.c, write(http.MethodPost, "/seller/markdown", "render-markdown", "Markdown as it will be shown"),
		func(_ context.Context, in *markdownInput) (markdownView, error) {
			var k errs.Check
			k.Length("text", in.Body.Text, 0, catalog.MaxMarkdown)
			if err := k.Err(); err != nil {
				return markdownView{}, err
			}
			return markdownView{catalog.RenderMarkdown(in.Body.Text)}, nil
		})
}

// priceTable reads nothing but its input: editors ask while somebody types, reviewers of a
// version that they see.
func (a api) priceTable(_ context.Context, in *struct{ Body catalog.SpecContent }) (catalog.PriceTable, error) {
	return in.Body.PriceTable()
}

func withStatus(o console.Op, status int) console.Op {
	o.Status = status
	return o
}

func (a api) mine(ctx context.Context, q db.Querier, productID string) (catalog.Product, error) {
	seller, err := own(ctx)
	if err != nil {
		return catalog.Product{}, err
	}
	return a.Catalog.ProductOf(ctx, q, seller, productID)
}

func (a api) product(ctx context.Context, in *idInput) (v productView, err error) {
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		p, err := a.mine(ctx, q, in.ID)
		if err == nil {
			v, err = a.view(ctx, q, p)
		}
		return err
	})
	return v, err
}

func (a api) check(ctx context.Context, in *idInput) (checkView, error) {
	seller, err := own(ctx)
	if err != nil {
		return checkView{}, err
	}
	out := checkView{Fields: []console.ProblemField{}}
	err = a.Catalog.CheckDraft(ctx, a.c.DB, seller, in.ID)
	e, ok := errs.As(err)
	if err != nil && (!ok || len(e.Fields) == 0) {
		return out, err
	}
	if ok {
		for _, f := range e.Fields {
			out.Fields = append(out.Fields, console.ProblemField{Field: f.Path, Code: f.Code, Message: i18n.Message(console.LangFrom(ctx), f.Code, f.Args)})
		}
	}
	out.Complete = len(out.Fields) == 0
	return out, nil
}

func (a api) preview(ctx context.Context, in *idInput) (shelf.Detail, error) {
	p, err := a.mine(ctx, a.c.DB, in.ID)
	if err != nil {
		return shelf.Detail{}, err
	}
	return a.previewOf(ctx, p)
}

func (a api) previewOf(ctx context.Context, p catalog.Product) (shelf.Detail, error) {
	v, ok, err := a.Catalog.Open(ctx, a.c.DB, p.ID)
	if err == nil && !ok {
		v, err = a.Catalog.VersionOf(ctx, a.c.DB, p.ID, p.LiveVersionID)
	}
	if err != nil {
		return shelf.Detail{}, err
	}
	return a.Shelf.Preview(ctx, p, v, console.LangFrom(ctx))
}
