package seller

import (
	"context"

	"jishi/internal/base/db"
)

// What a sandbox has of its seller: the record, contacts, verified addresses with the keys
// in force, and the order notification. Keys stay sealed for the same rows, since both
// realms have one master key.
var transplants = []struct{ table, query string }{
	{"sellers", `select * from sellers where id = $1`},
	{"seller_contact_groups", `select * from seller_contact_groups where seller_id = $1`},
	{"access_keys", `select * from access_keys where seller_id = $1 and state = 'active'`},
	{"production_addresses", `select * from production_addresses where seller_id = $1 and state = 'verified'`},
	{"address_keys", `select k.* from address_keys k join production_addresses a on a.id = k.address_id join access_keys x on x.id = k.key_id
		where a.seller_id = $1 and a.state = 'verified' and x.state = 'active' and k.role = 'active'`},
	{"order_notifications", `select n.* from order_notifications n join production_addresses a on a.id = n.address_id where n.seller_id = $1 and a.state = 'verified'`},
}

// Transplant writes a seller of another realm into the empty one of tx, with the same ids.
func Transplant(ctx context.Context, tx *db.Tx, from db.Querier, sellerID string) error {
	for _, t := range transplants {
		if _, err := db.CopyRows(ctx, tx, t.table, from, t.query, sellerID); err != nil {
			return err
		}
	}
	return nil
}
