package sellers

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

// accessKeyView is a pair AK/SK of the open API; the secret key is in the answer that made it only.
type accessKeyView struct {
	identity.AccessKey
	SecretKey string `json:"secretKey,omitempty" doc:"The secret key, told this once"`
}

// accessKeys are the operations on the account's own AK/SK. Only the account's owner makes one (open-api.md §2.1): it
// lets its bearer read what no grant of a sub-user narrows. Whoever may change keys may end one.
func (a api) accessKeys() {
	console.Read(a.c, console.Op{Path: "/seller/access-keys", ID: "list-access-keys", Summary: "AK/SK of the open API without their secret keys", Tag: tagSeller, Need: access.AddressRead},
		func(ctx context.Context, _ *struct{}) (page.Page[accessKeyView], error) {
			list, err := a.Identity.AccessKeys(ctx, a.c.DB, console.CallerFrom(ctx).AccountID)
			out := page.Page[accessKeyView]{Items: []accessKeyView{}, Total: len(list)}
			for _, k := range list {
				out.Items = append(out.Items, accessKeyView{AccessKey: k})
			}
			return out, err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/access-keys", ID: "create-access-key", Summary: "Make AK/SK for the open API; the secret key is told this once",
		Tag: tagSeller, Need: access.AccountManage, Secret: true, Recent: true, Status: http.StatusCreated},
		func(ctx context.Context, tx *db.Tx, in *keyInput) (accessKeyView, error) {
			if _, err := own(ctx); err != nil {
				return accessKeyView{}, err
			}
			caller := console.CallerFrom(ctx)
			k, secretKey, err := a.Identity.CreateAccessKey(ctx, tx, caller.AccountID, caller.UserID, in.Body.Name)
			return accessKeyView{k, secretKey}, err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/access-keys/{id}/disable", ID: "disable-access-key", Summary: "End AK/SK at once; they do not come back",
		Tag: tagSeller, Need: access.AddressWrite},
		func(ctx context.Context, tx *db.Tx, in *idInput) (accessKeyView, error) {
			k, err := a.Identity.DisableAccessKey(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID)
			return accessKeyView{AccessKey: k}, err
		})
}
