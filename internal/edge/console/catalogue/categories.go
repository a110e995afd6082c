package catalogue

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
)

type categoriesView struct {
	Items []catalog.Category `json:"items"`
}

// CategoryBody is a category as its editor sends it.
type CategoryBody struct {
	ParentID string    `json:"parentId" required:"false" doc:"Empty for a top category"`
	Name     i18n.Text `json:"name"`
	Position int       `json:"position" required:"false"`
}

func (b CategoryBody) input() catalog.CategoryInput {
	return catalog.CategoryInput{ParentID: b.ParentID, Name: b.Name, Position: b.Position}
}

type categoryInput struct{ Body CategoryBody }

type categoryChange struct {
	ID   string `path:"id"`
	Body struct {
		CategoryBody
		Version int64 `json:"version" doc:"Of the category that was read"`
	}
}

func (a api) categories() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: access.CategoryWrite}
	}
	console.Read(a.c, op("", "/operator/categories", "list-categories", "The category tree in both languages"),
		func(ctx context.Context, _ *struct{}) (categoriesView, error) {
			list, err := a.Catalog.Categories(ctx, a.c.DB)
			return categoriesView{list}, err
		})
	console.Write(a.c, withStatus(op(http.MethodPost, "/operator/categories", "create-category", "Add a category"), http.StatusCreated),
		func(ctx context.Context, tx *db.Tx, in *categoryInput) (catalog.Category, error) {
			return a.Catalog.CreateCategory(ctx, tx, in.Body.input())
		})
	console.Write(a.c, op(http.MethodPut, "/operator/categories/{id}", "update-category", "Rename or move a category"),
		func(ctx context.Context, tx *db.Tx, in *categoryChange) (catalog.Category, error) {
			return a.Catalog.UpdateCategory(ctx, tx, in.ID, in.Body.Version, in.Body.input())
		})
	console.Write(a.c, op(http.MethodDelete, "/operator/categories/{id}", "delete-category", "Remove an unused category"),
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			return console.None{}, a.Catalog.DeleteCategory(ctx, tx, in.ID)
		})
}
