package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
)

type realNameInput struct {
	Body struct {
		Name   string   `json:"name" required:"false" doc:"Registered name of the company, or the person's name"`
		Number string   `json:"number" required:"false" doc:"Number of the certificate or identity card; kept sealed"`
		Files  []string `json:"files" required:"false" doc:"Keys of uploaded scans of purpose licence; a company needs one"`
	}
}

type nameInput struct {
	Body struct {
		Name string `json:"name"`
	}
}

// myAccount is the account with the addresses of its scans.
type myAccount struct {
	identity.Account
	Files []fileLink `json:"files"`
}

type fileLink struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

func (a api) account() {
	console.Read(a.c, console.Op{Path: "/account", ID: "get-account", Tag: tagAccount, Need: console.AnyUser, Summary: "The own account with its real-name state"},
		func(ctx context.Context, _ *struct{}) (myAccount, error) { return a.mine(ctx, a.c.DB) })
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/account", ID: "rename-account", Tag: tagAccount, Need: access.AccountManage, Summary: "Change the account's name"},
		func(ctx context.Context, tx *db.Tx, in *nameInput) (myAccount, error) {
			if err := a.Identity.RenameAccount(ctx, tx, console.CallerFrom(ctx).AccountID, in.Body.Name); err != nil {
				return myAccount{}, err
			}
			return a.mine(ctx, tx)
		})
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/account/real-name", ID: "submit-real-name", Tag: tagAccount, Need: access.AccountManage, Summary: "Hand in the real name for confirmation"},
		func(ctx context.Context, tx *db.Tx, in *realNameInput) (myAccount, error) {
			b := in.Body
			var c errs.Check
			if identity.CheckScans(&c, "files", b.Files); c.Err() != nil {
				return myAccount{}, c.Err()
			}
			if err := a.Members.SubmitRealName(ctx, tx, console.CallerFrom(ctx).AccountID, identity.RealName{Name: b.Name, Number: b.Number, Files: b.Files}); err != nil {
				return myAccount{}, err
			}
			return a.mine(ctx, tx)
		})
	a.c.Handle("GET /api/v1/account/files/{key}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := a.c.Admit(r, console.Op{Need: access.AccountManage})
		a.scan(w, r, console.CallerFrom(r.Context()).AccountID, err)
	}))
}

func (a api) mine(ctx context.Context, q db.Querier) (myAccount, error) {
	acc, err := a.Identity.Account(ctx, q, console.CallerFrom(ctx).AccountID)
	if err != nil {
		return myAccount{}, err
	}
	files, err := a.scans(ctx, q, acc, "/api/v1/account/files/")
	if !console.CallerFrom(ctx).Can(access.AccountManage) {
		acc.RealNameHint, acc.RealNameFiles, files = "", []string{}, []fileLink{}
	}
	return myAccount{acc, files}, err
}

// scans are the links to an account's real-name files below a path.
func (a api) scans(ctx context.Context, q db.Querier, acc identity.Account, path string) ([]fileLink, error) {
	out := []fileLink{}
	for _, key := range acc.RealNameFiles {
		f, ok, err := media.OfAccount(ctx, q, acc.ID, key)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, fileLink{Key: key, Name: f.Name, URL: path + key})
		}
	}
	return out, nil
}

var errNoFile = errs.NotFoundf("media.not_found")

// scan serves one private file of an account's real name.
func (a api) scan(w http.ResponseWriter, r *http.Request, accountID string, err error) {
	var acc identity.Account
	if err == nil {
		acc, err = a.Identity.Account(r.Context(), a.c.DB, accountID)
	}
	if err == nil {
		err = errNoFile
		for _, key := range acc.RealNameFiles {
			if key != r.PathValue("key") {
				continue
			}
			f, ok, e := media.OfAccount(r.Context(), a.c.DB, accountID, key)
			if e == nil && ok {
				a.Media.Serve(w, r, f, "private, no-store")
				return
			}
			if e != nil {
				err = e
			}
		}
	}
	console.Fail(w, r, err)
}
