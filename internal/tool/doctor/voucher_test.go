package doctor

import (
	"context"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

// A paid order of 100 of which a voucher of 50 paid 20, as the program writes it.
var soundVoucher = []string{
	account,
	strings.Replace(strings.Replace(paidOrder("PROCESSING"), "due_amount, paid_amount,", "due_amount, paid_amount, voucher_amount,", 1), "100, 100, 100, 1, 1)", "100, 80, 80, 20, 1, 1)", 1),
	strings.Replace(strings.Replace(line, "list_amount, amount,", "list_amount, amount, voucher_amount,", 1), "100, 100, 'service'", "100, 100, 20, 'service'", 1),
	`insert into voucher_campaigns (id, issuer, seller_id, kind, state, name, face, total, claimed, per_account, modes, seller_share, currency, created_at)
		values ('vca_1', 's', 's', 'activity', 'PUBLISHED', 'x', 50, 5, 1, 1, '["month"]', '0.95', 'CNY', 1)`,
	`insert into voucher_holdings (id, campaign_id, account_id, number, state, face, balance, locked, used, valid_from, valid_until, claimed_at)
		values ('vch_1', 'vca_1', 'acc_1', 1, 'CLAIMED', 50, 30, 0, 20, 1, 9, 1)`,
	`insert into voucher_uses (id, holding_id, order_id, account_id, amount, state, locked_at, spent_at) values ('vus_1', 'vch_1', 'CS1', 'acc_1', 20, 'spent', 1, 1)`,
	`insert into payments (id, order_id, account_id, instrument, instrument_id, amount, currency, at) values ('pay_1', 'CS1', 'acc_1', 'voucher', 'vch_1', 20, 'CNY', 1), ('pay_2', 'CS1', 'acc_1', 'balance', '', 80, 'CNY', 1)`,
	`insert into ledger_journals (id, key, kind, cause, currency, at) values ('jrn_1', 'pay:CS1', 'payment', 'CS1', 'CNY', 1)`,
	`insert into ledger_entries (id, journal_id, account, amount, at) values ('e1', 'jrn_1', 'held:CS1-000001', 100, 1), ('e2', 'jrn_1', 'voucher:s', -20, 1), ('e3', 'jrn_1', 'bank', -80, 1)`,
}

func TestEachFaultOfAVoucherIsFound(t *testing.T) {
	faults := map[string]struct{ text, says string }{
		"sound":                 {"", ""},
		"used twice over":       {`update voucher_holdings set balance = 10, used = 40`, "another sum than its uses"},
		"locked by nobody":      {`update voucher_holdings set balance = 20, locked = 10, state = 'LOCKED'`, "another sum than its uses"},
		"a state that is wrong": {`update voucher_holdings set state = 'USED'`, "do not bear out"},
		"given beside the book": {`update voucher_campaigns set claimed = 2`, "counts other vouchers"},
		"another amount":        {`update voucher_uses set amount = 19`, "another sum than the order says"},
		"a lock too long":       {`update voucher_uses set state = 'locked'`, "is locked, though the order is PROCESSING"},
		"paid without one":      {`update voucher_uses set state = 'released'`, "none is locked or spent"},
		"parts of lines":        {`update order_lines set voucher_amount = 19`, "other voucher parts"},
		"another pay item":      {`update payments set refunded = 5 where id = 'pay_1'`, "pay item and the use"},
		"not in the ledger":     {`update ledger_entries set account = 'bank' where id = 'e2'`, "another sum paid by its voucher"},
		"restored by nobody":    {`update voucher_uses set restored = 5`, "gives its voucher another sum back"},
		"delivered and owed":    {`update orders set state = 'COMPLETED'`, "the issuer owes another sum"},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for name, fault := range faults { // in one database, which each fault finds sound
			if err := d.Update(ctx, func(tx *db.Tx) error {
				for _, table := range []string{"ledger_entries", "ledger_journals", "payments", "voucher_uses", "voucher_holdings", "voucher_campaigns", "order_lines", "orders", "accounts"} {
					if _, err := db.Exec(ctx, tx, "delete from "+table); err != nil {
						return err
					}
				}
				for _, text := range append(append([]string{}, soundVoucher...), fault.text) {
					if text == "" {
						continue
					}
					if _, err := db.Exec(ctx, tx, text); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(name, err)
			}
			note, found, err := vouchers(ctx, Patient{DB: d})
			if err != nil || note != "1 vouchers" {
				t.Fatal(name, note, err)
			}
			hit := fault.says == "" && len(found) == 0
			for _, f := range found {
				hit = hit || fault.says != "" && strings.Contains(f.Text, fault.says)
			}
			if !hit {
				t.Errorf("%s: %+v", name, found)
			}
		}
	})
}
