package trade

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/market/ledger"
)

// Party is whose an account of the book is, as people know it.
type Party struct {
	Kind string `db:"kind" json:"kind" enum:"account,seller,order,withdrawal" doc:"What id names"`
	ID   string `db:"id" json:"id" doc:"Of the account or the seller; number of the order or withdrawal"`
	Name string `db:"name" json:"name"`
}

// BookAccount is an account of the book with its balance and party.
type BookAccount struct {
	ledger.Standing
	Purpose string `json:"purpose"`
	Party   *Party `json:"party,omitempty"`
}

const sqlParties = `select 'account' as kind, a.id, a.name from accounts a where a.id = $1
union all select 'seller', s.id, a.name from sellers s join accounts a on a.id = s.account_id where s.id = $1
union all select 'order', l.order_id, a.name from order_lines l join orders o on o.id = l.order_id join accounts a on a.id = o.account_id where l.id = $1
union all select 'withdrawal', w.number, a.name from withdrawals w join accounts a on a.id = w.account_id where w.id = $1`

// Named adds the party to an account of the book.
func Named(ctx context.Context, q db.Querier, s ledger.Standing) (BookAccount, error) {
	b := BookAccount{Standing: s, Purpose: s.Account.Purpose()}
	if s.Account.Party() == "" {
		return b, nil
	}
	p, ok, err := db.Maybe[Party](ctx, q, sqlParties, s.Account.Party())
	if ok {
		b.Party = &p
	}
	return b, err
}

// BookFilter chooses accounts of the book.
type BookFilter struct {
	Prefix string // of the account's name, as in "payable:seller:"
	Text   string // a part of the party's name; a number of an order or withdrawal; an id; or the account's name
	Open   bool   // with a balance only
	At     time.Time
}

const sqlSearch = `select x.account from (
  select b.account from ledger_balances b join accounts a on 'buyer:' || a.id || ':balance' = b.account where a.id = $1 or lower(a.name) like $2 escape '!'
  union select 'payable:seller:' || s.id from sellers s join accounts a on a.id = s.account_id where s.id = $1 or lower(a.name) like $2 escape '!' or lower(s.name) like $2 escape '!'
  union select 'held:' || l.id from order_lines l where l.order_id = $1 or l.id = $1
  union select 'held:' || w.id from withdrawals w where w.number = $1 or w.id = $1
  union select $1) x
where x.account like $3 escape '!' and exists (select 1 from ledger_entries e where e.account = x.account) order by x.account limit $4`

// BookAccounts lists the accounts of the book by name, for the ledger's explorer.
func BookAccounts(ctx context.Context, q db.Querier, f BookFilter, p page.Query) (page.Page[BookAccount], error) {
	list, err := chosenAccounts(ctx, q, f, p)
	if err != nil {
		return page.Page[BookAccount]{}, err
	}
	out := page.Page[BookAccount]{Items: []BookAccount{}, Next: list.Next, Total: list.Total, TotalCapped: list.TotalCapped}
	for _, s := range list.Items {
		b, err := Named(ctx, q, s)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, b)
	}
	return out, nil
}

// found bounds a search: who finds more has to say more.
const found = 200

func chosenAccounts(ctx context.Context, q db.Querier, f BookFilter, p page.Query) (page.Page[ledger.Standing], error) {
	text := strings.TrimSpace(f.Text)
	if text == "" {
		return ledger.Accounts(ctx, q, ledger.AccountFilter{Prefix: f.Prefix, Open: f.Open, At: f.At}, p)
	}
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[ledger.Standing]{}, err
	}
	names, err := db.List[ledger.Account](ctx, q, sqlSearch, text, db.Contains(text), strings.TrimPrefix(db.Contains(f.Prefix), "%"), found)
	if err != nil {
		return page.Page[ledger.Standing]{}, err
	}
	var rows []ledger.Standing
	total := 0
	for _, name := range names {
		s, err := ledger.FindAccount(ctx, q, name, f.At)
		if err != nil {
			return page.Page[ledger.Standing]{}, err
		}
		if s.Balance == 0 && f.Open {
			continue
		}
		total++
		if string(name) > key[0] && len(rows) <= p.Size() {
			rows = append(rows, s)
		}
	}
	out := page.Of(p, rows, func(s ledger.Standing) []string { return []string{string(s.Account)} }).WithTotal(total)
	out.TotalCapped = len(names) == found
	return out, nil
}
