package payment

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
)

// The rules by which a receipt is matched, the surest first.
const (
	RuleCode     = "code"    // the remark names the account's receiving code
	RuleNumber   = "number"  // the remark names an open announcement of this amount
	RulePayer    = "payer"   // the only open announcement of this amount and payer
	RuleName     = "name"    // the payer is called like the account
	RuleCredited = "already" // it looks like a top-up that was confirmed by hand
	RuleHand     = "hand"
)

// Candidate is an account to which a receipt may belong.
type Candidate struct {
	AccountID   string
	AccountName string
	TopUpID     string // of the announcement
	TopUpNumber string
	Rule        string
	ThirdParty  bool // the payer is somebody else, without an agreement
}

type announced struct {
	TopUp
	AccountName string `db:"account_name"`
	RealName    string `db:"real_name"`
}

const sqlAnnounced = `select t.id, t.number, t.account_id, t.user_id, t.amount, t.currency, t.state, t.payer, t.reference, t.note, t.reason, t.created_at, t.decided_at, t.decided_by, t.version, a.name as account_name, a.real_name
from topups t join accounts a on a.id = t.account_id where t.amount = $1 and t.currency = $2
and (t.state = 'pending' or t.state = 'confirmed' and t.decided_at > $3 and not exists (select 1 from bank_receipts r where r.topup_id = t.id)) order by t.id desc limit 200`
const sqlNamed = `select id, name, real_name from accounts where lower(real_name) = lower($1) or lower(name) = lower($1) order by id limit 10`

// handConfirmed is how long a top-up that was confirmed by hand may wait for its line of a
// statement.
const handConfirmed = 30 * 24 * time.Hour

// Candidates are the accounts to which a receipt may belong, the surest first. Exact tells that
// the first one is certain enough to be credited without a person: named by its code, or by an
// announcement of this very amount that is unlike all others; from the account itself or with an
// agreement; and nothing looks as if it had been credited before.
func Candidates(ctx context.Context, q db.Querier, r Receipt, now time.Time) (list []Candidate, exact bool, err error) {
	open, err := db.List[announced](ctx, q, sqlAnnounced, r.Amount, r.Currency, now.Add(-handConfirmed))
	if err != nil {
		return nil, false, err
	}
	add := func(h holder, top TopUp, rule string) error {
		if slices.ContainsFunc(list, func(c Candidate) bool { return c.AccountID == h.ID && c.TopUpID == top.ID }) {
			return nil
		}
		third, err := foreign(ctx, q, h, r.Payer)
		list = append(list, Candidate{h.ID, h.Name, top.ID, top.Number, rule, third})
		return err
	}
	holderOf := func(t announced) holder { return holder{t.AccountID, t.AccountName, t.RealName} }
	numbers, key := topUpsIn(r.Remark), payerKey(r.Payer)
	like := func(t announced) bool { return payerKey(t.Payer) == key }
	var before []announced // what looks as if it were this transfer, credited by hand
	for _, t := range open {
		if t.State == Confirmed && (t.Reason == r.BankReference || t.Reference == r.BankReference || slices.Contains(numbers, t.Number) || like(t)) {
			before = append(before, t)
		}
	}
	for _, code := range codesIn(r.Remark) {
		account, found, err := db.Maybe[string](ctx, q, sqlCodeOwner, code)
		if err != nil {
			return nil, false, err
		}
		if !found {
			continue
		}
		h, err := db.One[holder](ctx, q, sqlHolder, account)
		if err != nil {
			return nil, false, err
		}
		var top TopUp // the oldest announcement that it may fulfil
		for _, t := range open {
			if t.State == Pending && t.AccountID == account && like(t) {
				top = t.TopUp
			}
		}
		if err := add(h, top, RuleCode); err != nil {
			return nil, false, err
		}
	}
	for _, rule := range []string{RuleNumber, RulePayer} {
		for _, t := range open {
			if t.State == Pending && (rule == RuleNumber && slices.Contains(numbers, t.Number) || rule == RulePayer && like(t)) {
				if err := add(holderOf(t), t.TopUp, rule); err != nil {
					return nil, false, err
				}
			}
		}
	}
	exact = len(before) == 0 && certain(list)
	named, err := db.List[holder](ctx, q, sqlNamed, r.Payer)
	if err != nil {
		return nil, false, err
	}
	for _, h := range named {
		if slices.ContainsFunc(list, func(c Candidate) bool { return c.AccountID == h.ID }) {
			continue
		}
		if err := add(h, TopUp{}, RuleName); err != nil {
			return nil, false, err
		}
	}
	for _, t := range before {
		if err := add(holderOf(t), t.TopUp, RuleCredited); err != nil {
			return nil, false, err
		}
	}
	return list, exact, nil
}

// certain tells whether the first candidate is the only one of its kind: what the remark names
// beats what payer and amount let guess.
func certain(list []Candidate) bool {
	if len(list) == 0 || list[0].ThirdParty {
		return false
	}
	guess := list[0].Rule == RulePayer
	return !slices.ContainsFunc(list[1:], func(c Candidate) bool {
		if guess {
			return c.Rule == RulePayer
		}
		return c.Rule != RulePayer && c.AccountID != list[0].AccountID
	})
}

// ReceiptRow is a receipt in a list.
type ReceiptRow struct {
	Receipt
	AccountName string `db:"account_name"`
	TopUpNumber string `db:"topup_number"`
}

// ReceiptFilter narrows a list; empty fields do not.
type ReceiptFilter struct {
	ID, State, StatementID string
	Text                   string // bank reference, amount, or a part of payer, remark or account
}

const whereReceipts = ` from bank_receipts r left join accounts a on a.id = r.account_id left join topups t on t.id = r.topup_id
where ($1 = '' or r.state = $1) and ($2 = '' or r.statement_id = $2) and ($3 = '' or r.id = $3)
and ($4 = '' or r.bank_reference = $4 or t.number = $4 or lower(r.payer) like $5 escape '!' or lower(r.remark) like $5 escape '!' or lower(a.name) like $5 escape '!')`
const sqlReceipts = `select ` + receiptColumns + `, coalesce(a.name, '') as account_name, coalesce(t.number, '') as topup_number` + whereReceipts + ` and ($6 = '' or r.id < $6) order by r.id desc limit $7`
const sqlReceiptCount = `select count(*) from (select 1` + whereReceipts + ` limit $6) as n`

// Receipts lists incoming transfers, newest first, for finance.
func Receipts(ctx context.Context, q db.Querier, f ReceiptFilter, p page.Query) (page.Page[ReceiptRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[ReceiptRow]{}, err
	}
	like := db.Contains(f.Text)
	rows, err := db.List[ReceiptRow](ctx, q, sqlReceipts, f.State, f.StatementID, f.ID, f.Text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[ReceiptRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlReceiptCount, f.State, f.StatementID, f.ID, f.Text, like, page.TotalCap+1)
	return page.Of(p, rows, func(r ReceiptRow) []string { return []string{r.ID} }).WithTotal(n), err
}
