package people

import (
	"context"
	"net/http"
	"slices"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
)

// userGroup is a group with its name in the reader's language.
type userGroup struct {
	access.Group
	Title   string   `json:"title" doc:"The name, or that of the preset in the reader's language"`
	Members []string `json:"members" doc:"Ids of users"`
}

// GroupBody is a user group as its editor sends it. Embedded inputs must be exported: huma
// does not see the others.
type GroupBody struct {
	Name        string              `json:"name" required:"false" doc:"Empty keeps a preset's own name"`
	Description string              `json:"description" required:"false"`
	Permissions []access.Permission `json:"permissions" required:"false"`
}

type newGroupInput struct {
	Body GroupBody
}

type changeGroupInput struct {
	ID   string `path:"id"`
	Body struct {
		GroupBody
		Version int64 `json:"version"`
	}
}

type membersInput struct {
	ID   string `path:"id"`
	Body struct {
		Users []string `json:"users"`
	}
}

type grantable struct {
	Buyer  []access.Permission `json:"buyer"`
	Seller []access.Permission `json:"seller"`
}

func (g GroupBody) input() access.GroupInput {
	return access.GroupInput{Name: g.Name, Description: g.Description, Permissions: g.Permissions}
}

func (a api) groups() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagAccount, Need: access.UserManage}
	}
	console.Read(a.c, op("", "/groups", "list-groups", "The account's user groups"), func(ctx context.Context, _ *console.ListInput) (page.Page[userGroup], error) {
		groups, members, err := a.grouping(ctx, a.c.DB, console.CallerFrom(ctx).AccountID)
		return page.Map(whole(groups), func(g access.Group) userGroup { return withMembers(ctx, g, members) }), err
	})
	console.Read(a.c, op("", "/groups/{id}", "get-group", "One user group"), func(ctx context.Context, in *idInput) (userGroup, error) {
		return a.group(ctx, a.c.DB, in.ID)
	})
	create := op(http.MethodPost, "/groups", "create-group", "Make a user group")
	create.Status = http.StatusCreated
	console.Write(a.c, create, func(ctx context.Context, tx *db.Tx, in *newGroupInput) (userGroup, error) {
		g, err := a.Access.CreateGroup(ctx, tx, console.CallerFrom(ctx).AccountID, in.Body.input())
		return withMembers(ctx, g, nil), err
	})
	console.Write(a.c, op(http.MethodPut, "/groups/{id}", "change-group", "Change a user group's name and permissions"), func(ctx context.Context, tx *db.Tx, in *changeGroupInput) (userGroup, error) {
		if err := a.Access.ChangeGroup(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID, in.Body.Version, in.Body.input()); err != nil {
			return userGroup{}, err
		}
		return a.group(ctx, tx, in.ID)
	})
	console.Write(a.c, op(http.MethodPut, "/groups/{id}/members", "set-group-members", "Say who is in a user group"), func(ctx context.Context, tx *db.Tx, in *membersInput) (userGroup, error) {
		if err := a.Access.SetMembers(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID, in.Body.Users); err != nil {
			return userGroup{}, err
		}
		return a.group(ctx, tx, in.ID)
	})
	console.Write(a.c, op(http.MethodDelete, "/groups/{id}", "delete-group", "Remove a user group; its members lose what it gave"), func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
		return console.None{}, a.Access.DeleteGroup(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID)
	})
	console.Read(a.c, op("", "/permissions", "list-permissions", "What a user group may hold"), func(context.Context, *struct{}) (grantable, error) {
		only := func(list []access.Permission) []access.Permission {
			return slices.DeleteFunc(slices.Clone(list), func(p access.Permission) bool { return !access.Grantable(p) })
		}
		return grantable{Buyer: only(access.Buyer), Seller: only(access.Seller)}, nil
	})
}

func (a api) group(ctx context.Context, q db.Querier, groupID string) (userGroup, error) {
	account := console.CallerFrom(ctx).AccountID
	g, err := a.Access.Group(ctx, q, account, groupID)
	if err != nil {
		return userGroup{}, err
	}
	members, err := a.Access.Memberships(ctx, q, account)
	return withMembers(ctx, g, members), err
}

func withMembers(ctx context.Context, g access.Group, members []access.Membership) userGroup {
	out := userGroup{Group: g, Title: g.Title(console.LangFrom(ctx)), Members: []string{}}
	for _, m := range members {
		if m.GroupID == g.ID {
			out.Members = append(out.Members, m.UserID)
		}
	}
	return out
}
