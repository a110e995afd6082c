package seller

import (
	"context"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
)

// ApplicationFilter narrows the reviewers' work-list; empty fields do not.
type ApplicationFilter struct {
	State           State
	Kind            Kind
	Text            string    // part of the shop's or company's name, or the beginning of an id
	SubmittedBefore time.Time // those that wait longer
}

// ApplicationRow is a line of the work-list.
type ApplicationRow struct {
	ID          string    `db:"id" json:"id"`
	AccountID   string    `db:"account_id" json:"accountId"`
	SellerID    string    `db:"seller_id" json:"sellerId"`
	Kind        Kind      `db:"kind" json:"kind"`
	State       State     `db:"state" json:"state"`
	Form        Form      `db:"form" json:"-"`
	CompanyName string    `db:"company_name" json:"companyName"`
	SubmittedAt time.Time `db:"submitted_at" json:"submittedAt"`
	DecidedAt   time.Time `db:"decided_at" json:"decidedAt"`
}

// Drafts are their applicants' own business and stand in no list of operators.
const applicationFilter = ` from seller_applications where submitted_at is not null
and ($1 = '' or state = $1) and ($2 = '' or kind = $2)
and ($3 = '' or search like $3 escape '\' or id = $4) and (submitted_at < $5 or $5 = 0)`

const sqlApplications = `select id, account_id, seller_id, kind, state, form, company_name, submitted_at, decided_at` + applicationFilter + `
and (submitted_at, id) > ($6, $7) order by submitted_at, id limit $8`

const sqlApplicationCount = `select count(*) from (select 1` + applicationFilter + ` limit $6) as n`

// Applications is the work-list of all submitted applications, oldest first: who waits
// longest comes first.
func (s *Store) Applications(ctx context.Context, q db.Querier, f ApplicationFilter, p page.Query) (page.Page[ApplicationRow], error) {
	key, err := page.Decode(p.Cursor, 2)
	if err != nil {
		return page.Page[ApplicationRow]{}, err
	}
	after, _ := strconv.ParseInt(key[0], 10, 64) // 0 before the first page
	var before int64
	if !f.SubmittedBefore.IsZero() {
		before = f.SubmittedBefore.UnixMicro()
	}
	args := []any{f.State, f.Kind, like(f.Text), strings.TrimSpace(f.Text), before}
	rows, err := db.List[ApplicationRow](ctx, q, sqlApplications, append(args, after, key[1], p.Size()+1)...)
	if err != nil {
		return page.Page[ApplicationRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlApplicationCount, append(args, page.TotalCap+1)...)
	return page.Of(p, rows, func(r ApplicationRow) []string {
		return []string{strconv.FormatInt(r.SubmittedAt.UnixMicro(), 10), r.ID}
	}).WithTotal(n), err
}

// like makes a pattern that finds text anywhere, "" for no text.
func like(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
