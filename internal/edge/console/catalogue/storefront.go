package catalogue

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/catalog/shelf"
)

// storefront registers the shop's reading as plain handlers: answers are ready bytes, and
// taking them apart and together again would cost more than finding them.
func (a api) storefront() {
	text := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	plain[shelf.HomeBody](a, "/storefront/home", "storefront-home", "The start page: newest, popular, and a block for each category", nil,
		func(ctx context.Context, r *http.Request) (shelf.Body, error) {
			return a.Shelf.Home(ctx, console.LangFrom(ctx))
		})
	plain[shelf.CategoriesBody](a, "/storefront/categories", "storefront-categories", "The category tree", nil,
		func(ctx context.Context, r *http.Request) (shelf.Body, error) {
			return a.Shelf.Categories(ctx, console.LangFrom(ctx))
		})
	plain[shelf.ListBody](a, "/storefront/products", "storefront-products", "List, filter, sort and search products",
		[]*huma.Param{
			text("q", "Search text; answers mark what matched in nameHtml and summaryHtml"), text("category", "A category with all below it"),
			text("seller", "Products of one seller"), text("type", "Delivery type"), text("mode", "month, year, once, PERIOD or ONE_TIME"),
			text("priceMin", "Lowest price"), text("priceMax", "Highest price"), text("sort", "relevance, newest, price_asc, price_desc or sales"),
			text("facets", "true counts the result per category and mode"), text("limit", "Rows per page, at most 100"), text("cursor", "next of the page before"),
		}, a.list)
	plain[shelf.SuggestBody](a, "/storefront/suggest", "storefront-suggest", "Names that go on as typed", []*huma.Param{text("q", "What was typed so far")},
		func(ctx context.Context, r *http.Request) (shelf.Body, error) {
			return a.Shelf.Suggest(ctx, r.FormValue("q"), console.LangFrom(ctx))
		})
	plain[shelf.Detail](a, "/storefront/products/{id}", "storefront-product", "A product page",
		[]*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
		func(ctx context.Context, r *http.Request) (shelf.Body, error) {
			return a.Shelf.Product(ctx, r.PathValue("id"), console.LangFrom(ctx))
		})
}

func (a api) list(ctx context.Context, r *http.Request) (shelf.Body, error) {
	v := r.URL.Query()
	limit, _ := strconv.Atoi(v.Get("limit")) // what is no number is the default
	return a.Shelf.List(ctx, shelf.Query{
		Text: v.Get("q"), Category: v.Get("category"), Seller: v.Get("seller"), Type: v.Get("type"), Mode: v.Get("mode"),
		MinPrice: v.Get("priceMin"), MaxPrice: v.Get("priceMax"), Sort: v.Get("sort"), Facets: v.Get("facets") == "true",
		Page: page.Query{Limit: limit, Cursor: v.Get("cursor")},
	}, console.LangFrom(ctx))
}

// plain registers a handler of ready answers. They may be kept, but are asked for again
// each time; an unchanged one costs no body.
func plain[O any](a api, path, id, summary string, params []*huma.Param, h func(ctx context.Context, r *http.Request) (shelf.Body, error)) {
	document[O](a.c, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{tagShop}, Parameters: params})
	a.c.Handle("GET /api/v1"+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := a.c.Admit(r, console.Op{ID: id})
		var b shelf.Body
		if err == nil {
			b, err = h(r.Context(), r)
		}
		if err != nil {
			console.Fail(w, r, err)
			return
		}
		head := w.Header()
		head.Set("Cache-Control", "no-cache")
		head.Set("Vary", "Accept-Language, Cookie")
		head.Set("ETag", b.ETag)
		if r.Header.Get("If-None-Match") == b.ETag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		head.Set("Content-Type", "application/json")
		head.Set("Content-Length", strconv.Itoa(len(b.JSON)))
		w.Write(b.JSON)
	}))
}
