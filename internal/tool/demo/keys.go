package demo

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"

	"jishi/internal/app"
	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/market/seller"
	"jishi/internal/tool/isvapp"
)

type addressOf struct {
	SellerID  string `db:"seller_id"`
	AddressID string `db:"address_id"`
	V2KeyID   string `db:"v2_key_id"`
	Proof     string `db:"proof"`
}

const sqlAddressesOf = `select a.seller_id, a.id as address_id, 'jishi-verification=' || a.token as proof,
coalesce((select b.key_id from address_keys b where b.address_id = a.id and b.category = 'base' and b.role = 'active'), '') as v2_key_id
from production_addresses a where a.origin = $1 order by a.id`

// startServers gives each sample server the keys that its sellers have now, as somebody
// who runs such a server copies them from the seller's page: the V1 key of one seller, the
// V2 key of another.
func startServers(ctx context.Context, a *app.App, origins []*origin) error {
	for i, o := range origins {
		list, err := db.List[addressOf](ctx, a.DB, sqlAddressesOf, o.address())
		if err != nil {
			return err
		}
		c := isvapp.Config{Data: serverFolder(a.Config.Data, i), Name: originName(i), PublicURL: o.publicURL(a.Config.PublicURL), Logger: slog.New(slog.DiscardHandler)}
		for _, row := range list {
			o.proofs.add(row.Proof)
			key, err := revealedKey(ctx, a, row)
			if err != nil {
				return err
			}
			if row.V2KeyID != "" {
				c.V2Key = key
			} else {
				c.V1Key = key
			}
		}
		if err := o.deliver(c); err != nil {
			return err
		}
	}
	return nil
}

func revealedKey(ctx context.Context, a *app.App, row addressOf) (secret string, err error) {
	err = a.DB.UpdateCtx(audit.WithActor(ctx, audit.Actor{Kind: "system", ID: "demo", Name: "sample server"}), func(ctx context.Context, tx *db.Tx) error {
		keyID := row.V2KeyID
		if keyID == "" {
			var key seller.Key
			if key, err = a.Sellers.V1Key(ctx, tx, row.SellerID); err != nil {
				return err
			}
			keyID = key.ID
		}
		secret, err = a.Sellers.RevealKey(ctx, tx, row.SellerID, keyID)
		return err
	})
	if err != nil {
		err = fmt.Errorf("key of %s: %w", row.SellerID, err)
	}
	return secret, err
}

// publicURL is where buyers' browsers find the server: the marketplace's own host name
// with the server's port.
func (o *origin) publicURL(site string) string {
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		return o.address()
	}
	return fmt.Sprintf("http://%s:%d", u.Hostname(), o.port())
}
