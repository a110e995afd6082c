package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

type newOperatorInput struct {
	Body struct {
		Email  string    `json:"email" required:"false"`
		Name   string    `json:"name" required:"false"`
		Locale i18n.Lang `json:"locale" required:"false"`
		Roles  []string  `json:"roles" required:"false"`
	}
}

type changeOperatorInput struct {
	ID   string `path:"id"`
	Body struct {
		Version int64    `json:"version"`
		Name    string   `json:"name" required:"false"`
		Roles   []string `json:"roles" required:"false"`
		State   string   `json:"state" required:"false" doc:"active or disabled"`
	}
}

type listedOperator struct {
	identity.Operator
	SecondFactor bool `json:"secondFactor" doc:"One is set up"`
}

type operatorRole struct {
	Role        access.Role         `json:"role"`
	Permissions []access.Permission `json:"permissions"`
}

func (a api) operators() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: access.OperatorManage}
	}
	console.Read(a.c, op("", "/operator/operators", "list-operators", "All operators"), func(ctx context.Context, in *console.ListInput) (page.Page[listedOperator], error) {
		p, err := a.Identity.Operators(ctx, a.c.DB, in.Page())
		if err != nil {
			return page.Page[listedOperator]{}, err
		}
		factors, err := a.Identity.WithFactor(ctx, a.c.DB, "")
		return page.Map(p, func(o identity.Operator) listedOperator { return listedOperator{o, factors[o.ID]} }), err
	})
	console.Read(a.c, op("", "/operator/operators/{id}", "get-operator", "One operator"), func(ctx context.Context, in *idInput) (identity.Operator, error) {
		return a.Identity.Operator(ctx, a.c.DB, in.ID)
	})
	console.Read(a.c, op("", "/operator/roles", "list-roles", "The roles with what they may do"), func(context.Context, *struct{}) (page.Page[operatorRole], error) {
		out := make([]operatorRole, len(access.AllRoles))
		for i, r := range access.AllRoles {
			out[i] = operatorRole{r, access.Roles[r]}
		}
		return whole(out), nil
	})
	invite := op(http.MethodPost, "/operator/operators", "invite-operator", "Make an operator, who gets an invitation by mail")
	invite.Status, invite.Recent = http.StatusCreated, true // as a change of rights: it makes whoever is named an operator
	console.Write(a.c, invite, func(ctx context.Context, tx *db.Tx, in *newOperatorInput) (identity.Operator, error) {
		b := in.Body
		if b.Locale == "" {
			b.Locale = console.LangFrom(ctx)
		}
		return a.Members.InviteOperator(ctx, tx, identity.NewOperator{Email: b.Email, Name: b.Name, Locale: b.Locale, Roles: b.Roles})
	})
	console.Write(a.c, op(http.MethodPost, "/operator/operators/{id}/invite", "invite-operator-again", "Send the invitation once more"), func(ctx context.Context, tx *db.Tx, in *idInput) (identity.Operator, error) {
		if err := a.Members.InviteOperatorAgain(ctx, tx, in.ID); err != nil {
			return identity.Operator{}, err
		}
		return a.Identity.Operator(ctx, tx, in.ID)
	})
	change := op(http.MethodPut, "/operator/operators/{id}", "change-operator", "Change an operator's name, roles and state; the last one who manages operators stays")
	change.Recent = true
	console.Write(a.c, change,
		func(ctx context.Context, tx *db.Tx, in *changeOperatorInput) (identity.Operator, error) {
			b := in.Body
			if err := a.Access.ChangeOperator(ctx, tx, in.ID, b.Version, identity.OperatorChange{Name: b.Name, Roles: b.Roles, State: b.State}); err != nil {
				return identity.Operator{}, err
			}
			return a.Identity.Operator(ctx, tx, in.ID)
		})
}
