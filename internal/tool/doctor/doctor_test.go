package doctor

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

func examine(t *testing.T, d *db.DB) Report {
	t.Helper()
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return Examine(context.Background(), Patient{DB: d, Blob: store, Data: t.TempDir()})
}

func TestASoundInstallationHasNoFinding(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := examine(t, d)
		if !r.OK || len(r.Results) != len(checks) {
			t.Errorf("%+v", r)
		}
		var out strings.Builder
		r.Print(&out)
		if !strings.Contains(out.String(), "Nothing found") {
			t.Error(out.String())
		}
	})
}

// Each fault is written behind the program's back, as only a mistake in it could.
func TestEachFaultIsFound(t *testing.T) {
	for name, fault := range map[string]struct {
		check string
		text  []string
		says  string
	}{
		"paid without instance":                 {"paid lines", []string{account, paidOrder("PROCESSING"), line}, "it has no instance"},
		"processing without call":               {"paid lines", []string{account, paidOrder("PROCESSING"), line, instance("PENDING")}, "no call to the seller is open"},
		"completed, not active":                 {"paid lines", []string{account, paidOrder("COMPLETED"), line, instance("PENDING")}, "the instance is not"},
		"not captured":                          {"captures and refunds", []string{account, paidOrder("COMPLETED"), line, instance("ACTIVE")}, "not captured"},
		"another price than its discount makes": {"discounts", []string{account, paidOrder("COMPLETED"), line, `update order_lines set list_amount = 200, explanation = 'null', discount = '{"id":"dis_1","kind":"promotion","form":"ratio","value":"0.9","name":{}}'`}, "its discount makes it 1.80"},
		"cheaper without a discount":            {"discounts", []string{account, paidOrder("COMPLETED"), line, `update order_lines set list_amount = 200`}, "has no discount"},
		"a discount without its use":            {"discounts", []string{account, paidOrder("COMPLETED"), `update orders set discount_id = 'dis_1'`}, "has no use of it"},
		"a use that was not given back":         {"discounts", []string{account, paidOrder("REFUNDED"), discountRow, discountUse}, "its use of a discount stands"},
		"broken journal":                        {"ledger laws", []string{journal, entry}, "adds up to zero"},
		"broken sum":                            {"ledger sum", []string{journal, entry}, "all entries together"},
		"sleeping call":                         {"seller calls", []string{account, paidOrder("PROCESSING"), line, instance("PENDING"), call}, ""},
		"dead job":                              {"jobs", []string{`insert into jobs (id, kind, args, state, run_at, created_at, error) values ('job_1', 'x', '{}', 'dead', 1, 1, 'no')`}, ""},
		"missing file": {"uploaded files", []string{`insert into files (key, purpose, private, name, content_type, size, sha256, created_at)
			values ('gone.png', 'logo', false, 'gone', 'image/png', 3, '', 1)`}, ""},
		"paid without payment":   {"captures and refunds", []string{account, paidOrder("COMPLETED")}, "another sum than what was paid"},
		"payment without order":  {"captures and refunds", []string{account, unpaid, paymentRow(100, 0)}, "another sum than what was paid"},
		"refund without order":   {"captures and refunds", []string{account, paidOrder("COMPLETED"), paymentRow(100, 40)}, "another sum than its refund orders"},
		"refund order unpaid":    {"captures and refunds", []string{account, paidOrder("REFUNDED"), paymentRow(100, 0), refundOrder}, "another sum than its refund orders"},
		"refund order unbooked":  {"captures and refunds", []string{account, paidOrder("REFUNDED"), paymentRow(100, 100), refundOrder}, "the ledger give back different sums"},
		"refund of no order":     {"captures and refunds", []string{account, paidOrder("COMPLETED"), line, instance("ACTIVE"), refundRow("paid", "CS2")}, "not by a refund order of its amount"},
		"change without call":    {"changes", []string{account, strings.Replace(paidOrder("PROCESSING"), "'NEW'", "'CHANGE'", 1)}, "no call to the seller is open"},
		"changing without call":  {"changes", []string{account, paidOrder("COMPLETED"), line, instance("CHANGING")}, "is being changed"},
		"change without renewal": {"changes", []string{account, paidOrder("COMPLETED"), line, instance("ACTIVE"), `update instances set change_at = 5`}, "no renewal with it"},
		"change not given back": {"changes", []string{account, paidOrder("REFUNDED"), line, instance("UNSUBSCRIBED"),
			strings.NewReplacer("'NEW'", "'CHANGE'", "'CS1'", "'CS3'").Replace(paidOrder("COMPLETED")),
			strings.NewReplacer("'CS1-000001'", "'CS3-000001'", "'CS1'", "'CS3'").Replace(line), `update order_lines set instance_id = 'ins_1' where order_id = 'CS3'`}, "its change was not"},
		"change not captured":     {"captures and refunds", []string{account, strings.Replace(paidOrder("COMPLETED"), "'NEW'", "'CHANGE'", 1), line}, "not captured"},
		"refunding without end":   {"paid lines", []string{account, paidOrder("REFUNDING"), line, instance("ACTIVE")}, "has not ended"},
		"online money is lost":    {"online payments", []string{account, attempt("succeeded", 0)}, "have another sum of it"},
		"online money too early":  {"online payments", []string{account, attempt("closed", 0), attemptJournal}, "there is money of it"},
		"surplus unbooked":        {"online payments", []string{account, attempt("succeeded", 100)}, "its surplus is another sum"},
		"online without gateway":  {"online payments", []string{account, paidOrder("PROCESSING"), attempt("succeeded", 0), onlineRow}, "the gateway's account says another sum"},
		"channel refund unheld":   {"online payments", []string{account, attempt("succeeded", 0), channelRefund}, "what is held for it is not"},
		"receipt unbooked":        {"bank transfers", []string{receiptRow("unmatched")}, "are another sum"},
		"receipt not credited":    {"bank transfers", []string{receiptRow("credited")}, "has not booked it"},
		"receipt not sent back":   {"bank transfers", []string{receiptRow("returned")}, "was not booked out"},
		"top-up without journal":  {"bank transfers", []string{account, confirmedTopUp}, "the balance says otherwise"},
		"top-up of another sum":   {"amounts and postings", []string{account, confirmedTopUp, strings.Replace(journal, "'x'", "'topup:top_1'", 1), entry}, "the top-up has another sum"},
		"payment not posted":      {"amounts and postings", []string{account, paidOrder("COMPLETED"), line}, "than its payment has posted"},
		"capture of another sum":  {"amounts and postings", []string{account, paidOrder("COMPLETED"), line, strings.NewReplacer("'x'", "'capture:CS1-000001'", "'topup'", "'capture'").Replace(journal), entry}, "captured with another sum"},
		"held for nothing":        {"amounts and postings", []string{journal, strings.Replace(entry, "'bank'", "'held:nobody'", 1)}, "does not exist"},
		"a snapshot lies":         {"ledger laws", []string{`insert into ledger_snapshots (account, day, until, debit, credit) values ('bank', 0, 5, 7, 0)`}, "equals the entries before it"},
		"a total lies":            {"ledger laws", []string{journal, entry, `update ledger_watermark set until = 5`, `insert into ledger_snapshots (account, day, until, debit, credit) values ('bank', 0, 5, 0, 5)`}, "totals of a purpose"},
		"balance row is missing":  {"ledger laws", []string{journal, `insert into ledger_entries (id, journal_id, account, amount, at) values ('ent_2', 'jrn_1', 'buyer:acc_1:balance', 5, 1)`}, "has its row"},
		"adjusted without record": {"price adjustments", []string{account, strings.Replace(unpaid, "PENDING_PAYMENT", "PENDING_CONFIRM", 1)}, "no adjustment does"},
		"adjusted by another sum": {"price adjustments", []string{account, paidOrder("COMPLETED"), line, adjustment}, "than its last adjustment"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				err := d.Update(ctx, func(tx *db.Tx) error {
					for _, text := range fault.text {
						if _, err := db.Exec(ctx, tx, text); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				r, found := examine(t, d), false
				for _, x := range r.Results {
					for _, f := range x.Findings {
						found = found || x.Check == fault.check && strings.Contains(f.Text, fault.says)
					}
				}
				if !found || r.OK {
					t.Errorf("not found: %+v", r)
				}
			})
		})
	}
}

// A refund that waits for an operator, and an order of which one service is there and another
// is on its way, are no faults.
func TestWhatIsUnderWayIsNoFault(t *testing.T) {
	for name, text := range map[string][]string{
		"refund waits": {account, paidOrder("REFUNDING"), line, instance("ACTIVE"), refundRow("requested", "")},
		"half there  ": {account, paidOrder("PROCESSING"), line, instance("ACTIVE"), secondLine, secondInstance, secondCall},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				if err := d.Update(ctx, func(tx *db.Tx) error {
					for _, x := range text {
						if _, err := db.Exec(ctx, tx, x); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				if _, found, err := paidLines(ctx, Patient{DB: d}); err != nil || len(found) > 0 {
					t.Errorf("%+v, %v", found, err)
				}
			})
		})
	}
}

// While a buyer waits for his page the call behind it has no job: that is no fault.
func TestACallOfABuyersPageNeedsNoJob(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		now := clock.Wall{}.Now()
		look := func(next time.Time) bool {
			t.Helper()
			err := d.Update(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `update fulfillment_calls set purpose = 'view', state = 'calling', next_at = $1`, next)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			_, findings, err := sellerCalls(ctx, Patient{DB: d})
			if err != nil {
				t.Fatal(err)
			}
			return len(findings) == 0
		}
		if err := d.Update(ctx, func(tx *db.Tx) error {
			for _, text := range []string{account, paidOrder("COMPLETED"), line, instance("ACTIVE"), call} {
				if _, err := db.Exec(ctx, tx, text); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !look(now.Add(time.Minute)) {
			t.Error("a call on its way is a finding")
		}
		if look(now.Add(-time.Hour)) {
			t.Error("a call that nobody took over is none")
		}
	})
}

// A lease that ran out is a fault while a node runs, and expected after all were killed.
func TestLeasesOfAStoppedInstallation(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		update := func(text string, args ...any) {
			t.Helper()
			if err := d.Update(ctx, func(tx *db.Tx) error { _, err := db.Exec(ctx, tx, text, args...); return err }); err != nil {
				t.Fatal(err)
			}
		}
		now := clock.Wall{}.Now()
		update(`insert into jobs (id, kind, args, state, run_at, created_at, lease_until) values ('job_1', 'x', '{}', 'running', 1, 1, $1)`, now.Add(-5*time.Minute))
		if r := examine(t, d); !r.OK {
			t.Errorf("no node runs: %+v", r)
		}
		update(`insert into nodes (id, version, started_at, seen_at, key_check) values ('a', 'dev', 1, $1, '')`, now)
		if r := examine(t, d); r.OK {
			t.Error("a node runs and leaves the lease")
		}
	})
}

const (
	account = `insert into accounts (id, kind, name, created_at) values ('acc_1', 'company', 'a', 1)`
	line    = `insert into order_lines (id, order_id, product_id, version_id, product_name, spec_id, spec_name, sku_code, plan_id, plan_number,
		charging_mode, period_type, period_number, unit_price, list_amount, amount, tax_category, tax_rate, fee_ratio, address_id, path, generation)
		values ('CS1-000001', 'CS1', 'p', 'v', '{}', 's', '{}', 'k', 'l', 'n', 'PERIOD', 'month', 1, '1', 100, 100, 'service', '0.06', '0.05', 'a', '/', 'V1')`
	discountRow = `insert into discounts (id, kind, seller_id, name, name_key, state, public, configured, token, starts_at, ends_at, for_new, for_renewal, for_change, total_limit, account_limit, deadline_hours, created_by, created_at)
		values ('dis_1', 'promotion', 's', 'x', 'x', 'EFFECTIVE', true, false, 't', 1, 2, true, false, false, 0, 0, 0, '', 1)`
	discountUse = `insert into discount_uses (order_id, discount_id, account_id, at) values ('CS1', 'dis_1', 'acc_1', 1)`
	journal     = `insert into ledger_journals (id, key, kind, cause, currency, at) values ('jrn_1', 'x', 'topup', 'c', 'CNY', 1)`
	entry       = `insert into ledger_entries (id, journal_id, account, amount, at) values ('ent_1', 'jrn_1', 'bank', 5, 1)`
	call        = `insert into fulfillment_calls (id, activity, generation, purpose, profile, order_id, order_line_id, instance_id, account_id, seller_id,
		product_id, address_id, path, state, created_at, window_start, window_end)
		values ('cal_1', 'newInstance', 'v1', 'create', 'window_3h', 'CS1', 'CS1-000001', 'ins_1', 'acc_1', 's', 'p', 'a', '/', 'retrying', 1, 1, 2)`
)

func paidOrder(state string) string {
	return `insert into orders (id, kind, state, account_id, user_id, seller_id, product_id, currency, list_amount, due_amount, paid_amount, created_at, paid_at)
		values ('CS1', 'NEW', '` + state + `', 'acc_1', 'u', 's', 'p', 'CNY', 100, 100, 100, 1, 1)`
}

func instance(state string) string {
	return `insert into instances (id, order_id, order_line_id, account_id, seller_id, product_id, product_name, spec_name, sku_code, plan_id, plan_number,
		charging_mode, period_type, period_number, generation, address_id, path, state, created_at)
		values ('ins_1', 'CS1', 'CS1-000001', 'acc_1', 's', 'p', '{}', '{}', 'k', 'l', 'n', 'PERIOD', 'month', 1, 'V1', 'a', '/', '` + state + `', 1)`
}

var (
	secondLine     = strings.Replace(line, "'CS1-000001'", "'CS1-000002'", 1)
	secondInstance = strings.NewReplacer("'ins_1'", "'ins_2'", "'CS1-000001'", "'CS1-000002'").Replace(instance("PENDING"))
	secondCall     = strings.NewReplacer("'ins_1'", "'ins_2'", "'CS1-000001'", "'CS1-000002'").Replace(call)
	unpaid         = strings.NewReplacer("100, 100, 100, 1, 1)", "100, 100, 0, 1, null)").Replace(paidOrder("PENDING_PAYMENT"))
	refundOrder    = `insert into orders (id, kind, state, account_id, user_id, seller_id, product_id, parent_id, currency, list_amount, due_amount, paid_amount, created_at, paid_at)
		values ('CS2', 'UNSUB', 'COMPLETED', 'acc_1', 'u', 's', 'p', 'CS1', 'CNY', 0, -100, -100, 1, 1)`
)

func paymentRow(amount, refunded int) string {
	return fmt.Sprintf(`insert into payments (id, order_id, account_id, instrument, amount, refunded, currency, at) values ('pay_1', 'CS1', 'acc_1', 'balance', %d, %d, 'CNY', 1)`, amount, refunded)
}

func refundRow(state, refundOrderID string) string {
	return `insert into refunds (id, kind, state, order_id, order_line_id, instance_id, account_id, user_id, seller_id, product_id, amount, currency, explanation, refund_order_id, created_at)
		values ('ref_1', 'five_day', '` + state + `', 'CS1', 'CS1-000001', 'ins_1', 'acc_1', 'u', 's', 'p', 100, 'CNY', '{}', '` + refundOrderID + `', 1)`
}

func attempt(state string, surplus int) string {
	return fmt.Sprintf(`insert into payment_attempts (id, number, account_id, user_id, gateway, purpose, amount, currency, state, request_key, surplus, created_at, expires_at, check_at)
values ('pat_1', 'OP1', 'acc_1', 'usr_1', 'testpay', 'orders', 100, 'CNY', '%s', 'k', %d, 1, 1, 1)`, state, surplus)
}

const (
	attemptJournal = `insert into ledger_journals (id, key, kind, cause, currency, at) values ('jrn_9', 'attempt:pat_1', 'topup_online', 'OP1', 'CNY', 1)`
	onlineRow      = `insert into payments (id, order_id, account_id, instrument, amount, currency, at, instrument_id) values ('pay_9', 'CS1', 'acc_1', 'online', 100, 'CNY', 1, 'pat_1')`
	channelRefund  = `insert into gateway_refunds (id, number, attempt_id, account_id, amount, currency, state, reason, created_at, decided_by) values ('grf_1', 'GR1', 'pat_1', 'acc_1', 100, 'CNY', 'requested', 'x', 1, '')`
)

func receiptRow(state string) string {
	return `insert into bank_receipts (id, bank_reference, booked_on, amount, currency, payer, remark, state, created_at, created_by) values ('rcp_1', 'B1', '2026-01-01', 100, 'CNY', 'x', '', '` + state + `', 1, '')`
}

const confirmedTopUp = `insert into topups (id, number, account_id, user_id, amount, currency, state, payer, reference, created_at) values ('top_1', 'TU1', 'acc_1', 'u', 100, 'CNY', 'confirmed', 'x', '', 1)`

const adjustment = `insert into order_adjustments (id, order_id, type, before_amount, after_amount, lines, reason, state, operator_id, created_at) values ('adj_1', 'CS1', 609, 100, 90, '[]', 'x', 'confirmed', '', 1)`
