package payment

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

// ReceiptState is the state of money that arrived at the bank.
type ReceiptState string

// The states.
const (
	Unmatched   ReceiptState = "unmatched" // 待认领: on clearing:bank
	Credited    ReceiptState = "credited"  // 已入账: on an account's balance, by a confirmed top-up
	ReceiptBack ReceiptState = "returned"  // 已退汇: sent back
	Linked      ReceiptState = "linked"    // 已关联: it was credited by hand before it was imported
)

// ReceiptMove is one row of the transition table.
type ReceiptMove struct {
	From  ReceiptState
	Event string
	To    ReceiptState
	Actor string
}

// ReceiptMoves is the transition table; every other pair is "payment.receipt_decided".
var ReceiptMoves = []ReceiptMove{
	{Unmatched, "credited", Credited, "system, finance"},
	{Unmatched, "returned", ReceiptBack, "finance"},
	{Unmatched, "linked", Linked, "finance"},
}

// Receipt (收款) is one incoming transfer.
type Receipt struct {
	ID            string       `db:"id"`
	StatementID   string       `db:"statement_id"` // empty: entered by hand
	Line          int          `db:"line"`         // of the statement's file
	BankReference string       `db:"bank_reference"`
	BookedOn      string       `db:"booked_on"` // 2006-01-02, as the bank says
	Amount        money.Amount `db:"amount"`
	Currency      string       `db:"currency"`
	Payer         string       `db:"payer"`
	Remark        string       `db:"remark"`
	State         ReceiptState `db:"state"`
	AccountID     string       `db:"account_id"`
	TopUpID       string       `db:"topup_id"`
	Rule          string       `db:"rule"`        // by which it was matched; "hand" by a person
	ThirdParty    bool         `db:"third_party"` // the payer is not the account
	Reason        string       `db:"reason"`
	CreatedAt     time.Time    `db:"created_at"`
	CreatedBy     string       `db:"created_by"`
	DecidedAt     time.Time    `db:"decided_at"`
	DecidedBy     string       `db:"decided_by"`
	Version       int64        `db:"version"`
}

// Incoming is what the bank says of a transfer.
type Incoming struct {
	StatementID   string
	Line          int
	BankReference string // 2–64 characters; the same one is the same transfer
	BookedOn      string
	Amount        money.Amount
	Currency      string
	Payer         string // 1–100
	Remark        string // ≤ 300
}

func (in *Incoming) check() error {
	in.BankReference, in.Payer, in.Remark = strings.TrimSpace(in.BankReference), strings.TrimSpace(in.Payer), strings.TrimSpace(in.Remark)
	var c errs.Check
	c.Length("bankReference", in.BankReference, 2, 64)
	c.Length("payer", in.Payer, 1, 100)
	c.Length("remark", in.Remark, 0, 300)
	if in.Amount <= 0 || in.Amount > maxTopUp {
		c.Add("amount", "payment.amount_range", "min", "0.01", "max", maxTopUp.String())
	}
	if _, err := time.Parse(time.DateOnly, in.BookedOn); err != nil {
		c.Add("bookedOn", "date")
	}
	return c.Err()
}

const receiptColumns = `r.id, r.statement_id, r.line, r.bank_reference, r.booked_on, r.amount, r.currency, r.payer, r.remark, r.state, r.account_id, r.topup_id, r.rule, r.third_party, r.reason, r.created_at, r.created_by, r.decided_at, r.decided_by, r.version`
const sqlReceipt = `select ` + receiptColumns + ` from bank_receipts r where r.id = $1`
const sqlReceiptByReference = `select ` + receiptColumns + ` from bank_receipts r where r.bank_reference = $1`

// FindReceipt reads a receipt, for finance; "payment.receipt_not_found".
func FindReceipt(ctx context.Context, q db.Querier, receiptID string) (Receipt, error) {
	r, found, err := db.Maybe[Receipt](ctx, q, sqlReceipt, receiptID)
	if err == nil && !found {
		err = errs.NotFoundf("payment.receipt_not_found")
	}
	return r, err
}

// KeepReceipt writes an incoming transfer and books it: bank → clearing:bank. One whose bank
// reference is known comes back as it is, with fresh false; "payment.receipt_differs" (Conflict)
// when the bank says another amount or payer under it now. Field errors.
func KeepReceipt(ctx context.Context, tx *db.Tx, in Incoming) (r Receipt, fresh bool, err error) {
	if err := in.check(); err != nil {
		return Receipt{}, false, err
	}
	r = Receipt{ID: id.New("rcp"), StatementID: in.StatementID, Line: in.Line, BankReference: in.BankReference, BookedOn: in.BookedOn, Amount: in.Amount,
		Currency: in.Currency, Payer: in.Payer, Remark: in.Remark, State: Unmatched, CreatedAt: tx.Now, CreatedBy: audit.ActorFrom(ctx).ID, Version: 1}
	if fresh, err = db.InsertIfAbsent(ctx, tx, "bank_receipts", r); err != nil {
		return r, false, err
	}
	if !fresh {
		old, err := db.One[Receipt](ctx, tx, sqlReceiptByReference, in.BankReference)
		if err == nil && (old.Amount != in.Amount || payerKey(old.Payer) != payerKey(in.Payer)) {
			err = errs.Conflictf("payment.receipt_differs", "reference", in.BankReference)
		}
		return old, false, err
	}
	if err := postReceipt(ctx, tx, r, "bank_receipt", ledger.Bank, ledger.BankClearing); err != nil {
		return r, true, err
	}
	return r, true, audit.Record(ctx, tx, audit.Entry{Action: "receipt.keep", Object: "receipt", ObjectID: r.ID,
		Detail: map[string]any{"amount": r.Amount, "payer": r.Payer, "reference": r.BankReference}})
}

func postReceipt(ctx context.Context, tx *db.Tx, r Receipt, kind string, from, to ledger.Account) error {
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: kind + ":" + r.ID, Kind: kind, Cause: r.BankReference, Currency: r.Currency,
		Lines: []ledger.Line{{Account: from, Amount: -r.Amount}, {Account: to, Amount: r.Amount}}})
	return err
}

const sqlDecideReceipt = `update bank_receipts set state = $1, account_id = $2, topup_id = $3, rule = $4, third_party = $5, reason = $6, decided_at = $7, decided_by = $8, version = version + 1
where id = $9 and state = 'unmatched' and version = $10`

func decideReceipt(ctx context.Context, tx *db.Tx, r *Receipt, event, reason string) error {
	i := slices.IndexFunc(ReceiptMoves, func(m ReceiptMove) bool { return m.From == r.State && m.Event == event })
	if i < 0 {
		return errs.Conflictf("payment.receipt_decided", "state", r.State)
	}
	to, by := ReceiptMoves[i].To, audit.ActorFrom(ctx).ID
	n, err := db.Exec(ctx, tx, sqlDecideReceipt, to, r.AccountID, r.TopUpID, r.Rule, r.ThirdParty, reason, tx.Now, by, r.ID, r.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("payment.receipt_decided", "state", r.State)
	}
	r.State, r.Reason, r.DecidedAt, r.DecidedBy = to, reason, tx.Now, by
	return audit.Record(ctx, tx, audit.Entry{Action: "receipt." + event, Object: "receipt", ObjectID: r.ID, AccountID: r.AccountID, Reason: reason,
		Detail: map[string]any{"amount": r.Amount, "payer": r.Payer, "rule": r.Rule, "topup": r.TopUpID, "thirdParty": r.ThirdParty}})
}

// Assignment says to whose balance a receipt goes.
type Assignment struct {
	AccountID string
	TopUpID   string // the announcement that it fulfils; empty: there is none
	Rule      string // of the match; RuleHand for a person's decision, which needs a reason
	Reason    string // 2–500 characters of a person
	Agreement bool   // the payer is somebody else, and the agreement with him was seen
}

type holder struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	RealName string `db:"real_name"`
}

const sqlHolder = `select id, name, real_name from accounts where id = $1`
const sqlAgreement = `select 1 from payer_agreements where account_id = $1 and payer_key = $2`

// foreign tells whether the payer is neither the account nor somebody with whom there is an
// agreement for it.
func foreign(ctx context.Context, q db.Querier, h holder, payer string) (bool, error) {
	key := payerKey(payer)
	if key != "" && (key == payerKey(h.Name) || key == payerKey(h.RealName)) {
		return false, nil
	}
	_, agreed, err := db.Maybe[int](ctx, q, sqlAgreement, h.ID, key)
	return !agreed, err
}

// CreditReceipt credits a receipt to an account's balance as a confirmed top-up: clearing:bank →
// balance. A payer who is not the account needs an agreement, once: "payment.third_party"
// (Conflict). Errors besides: fields "accountId", "topUpId", "reason"; "payment.receipt_decided",
// "payment.topup_decided" (Conflict).
func CreditReceipt(ctx context.Context, tx *db.Tx, receiptID string, a Assignment) (Receipt, error) {
	r, err := FindReceipt(ctx, tx, receiptID)
	if err != nil {
		return r, err
	}
	var c errs.Check
	if a.Reason = strings.TrimSpace(a.Reason); a.Rule == RuleHand {
		c.Length("reason", a.Reason, 2, 500)
	}
	h, found, err := db.Maybe[holder](ctx, tx, sqlHolder, a.AccountID)
	if err != nil {
		return r, err
	}
	if !found {
		c.Add("accountId", "unknown")
	}
	var top TopUp
	if a.TopUpID != "" {
		if top, err = FindTopUp(ctx, tx, a.TopUpID, a.AccountID); err != nil && !errs.Is(err, "payment.topup_not_found") {
			return r, err
		}
		if err != nil || top.Amount != r.Amount {
			c.Add("topUpId", "payment.other_amount")
		}
	}
	if err := c.Err(); err != nil {
		return r, err
	}
	if r.ThirdParty, err = foreign(ctx, tx, h, r.Payer); err != nil {
		return r, err
	}
	if r.ThirdParty {
		if !a.Agreement {
			return r, errs.Conflictf("payment.third_party", "payer", r.Payer, "account", h.Name)
		}
		if err := agree(ctx, tx, h.ID, r.Payer, a.Reason); err != nil {
			return r, err
		}
	}
	if a.TopUpID != "" {
		err = decide(ctx, tx, &top, Confirmed, r.BankReference)
	} else {
		top, err = creditedTopUp(ctx, tx, h.ID, r)
	}
	if err != nil {
		return r, err
	}
	r.AccountID, r.TopUpID, r.Rule = h.ID, top.ID, a.Rule
	if err := decideReceipt(ctx, tx, &r, "credited", a.Reason); err != nil {
		return r, err
	}
	_, err = ledger.Post(ctx, tx, ledger.Journal{Key: "topup:" + top.ID, Kind: "topup", Cause: top.Number, Currency: r.Currency,
		Lines: []ledger.Line{{Account: ledger.BankClearing, Amount: -r.Amount}, {Account: ledger.BuyerBalance(h.ID), Amount: r.Amount}}})
	return r, err
}

func agree(ctx context.Context, tx *db.Tx, accountID, payer, reason string) error {
	_, err := db.InsertIfAbsent(ctx, tx, "payer_agreements", struct {
		AccountID string    `db:"account_id"`
		Key       string    `db:"payer_key"`
		Payer     string    `db:"payer"`
		Reason    string    `db:"reason"`
		At        time.Time `db:"agreed_at"`
		By        string    `db:"agreed_by"`
	}{accountID, payerKey(payer), payer, reason, tx.Now, audit.ActorFrom(ctx).ID})
	return err
}

// creditedTopUp writes the top-up of a transfer that nobody announced.
func creditedTopUp(ctx context.Context, tx *db.Tx, accountID string, r Receipt) (TopUp, error) {
	t := TopUp{ID: id.New("top"), AccountID: accountID, Amount: r.Amount, Currency: r.Currency, State: Confirmed, Payer: r.Payer, Reference: r.BankReference,
		Reason: r.BankReference, CreatedAt: tx.Now, DecidedAt: tx.Now, DecidedBy: audit.ActorFrom(ctx).ID, Version: 1}
	t.Number = "TU" + strings.ToUpper(t.ID[len(t.ID)-10:])
	return t, db.Insert(ctx, tx, "topups", t)
}

// ReturnReceipt notes that money which belongs to nobody here was sent back: clearing:bank →
// bank. Reference (2–64 characters) is the bank's number of the return. "payment.receipt_decided".
func ReturnReceipt(ctx context.Context, tx *db.Tx, receiptID, reference, reason string) (Receipt, error) {
	reference, reason = strings.TrimSpace(reference), strings.TrimSpace(reason)
	var c errs.Check
	c.Length("reference", reference, 2, 64)
	c.Length("reason", reason, 2, 400)
	if err := c.Err(); err != nil {
		return Receipt{}, err
	}
	r, err := FindReceipt(ctx, tx, receiptID)
	if err != nil {
		return r, err
	}
	if err := decideReceipt(ctx, tx, &r, "returned", reason+" ["+reference+"]"); err != nil {
		return r, err
	}
	return r, postReceipt(ctx, tx, r, "bank_return", ledger.BankClearing, ledger.Bank)
}

const sqlLinked = `select 1 from bank_receipts where topup_id = $1`

// LinkReceipt ties a receipt to a top-up that finance had confirmed by hand before the statement
// came: the money is on the balance already, so what the receipt booked is taken back. Field
// "topUpId" for one that is not confirmed, of another amount or linked already.
func LinkReceipt(ctx context.Context, tx *db.Tx, receiptID, topUpID, reason string) (Receipt, error) {
	r, err := FindReceipt(ctx, tx, receiptID)
	if err != nil {
		return r, err
	}
	top, err := FindTopUp(ctx, tx, topUpID, "")
	if err != nil && !errs.Is(err, "payment.topup_not_found") {
		return r, err
	}
	missing := err != nil
	_, taken, err := db.Maybe[int](ctx, tx, sqlLinked, topUpID)
	if err != nil {
		return r, err
	}
	var c errs.Check
	c.Length("reason", strings.TrimSpace(reason), 2, 500)
	if missing || taken || top.State != Confirmed || top.Amount != r.Amount {
		c.Add("topUpId", "payment.other_amount")
	}
	if err := c.Err(); err != nil {
		return r, err
	}
	r.AccountID, r.TopUpID, r.Rule = top.AccountID, top.ID, RuleHand
	if err := decideReceipt(ctx, tx, &r, "linked", strings.TrimSpace(reason)); err != nil {
		return r, err
	}
	return r, postReceipt(ctx, tx, r, "bank_linked", ledger.BankClearing, ledger.Bank)
}
