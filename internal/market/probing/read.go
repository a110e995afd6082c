package probing

import (
	"context"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
)

// ShownDays is how many days of runs a row of the overview shows.
const ShownDays = 7

// ProductRow is a probed product in the overview.
type ProductRow struct {
	ProductID    string    `db:"id"`
	Name         i18n.Text `db:"name"`
	State        string    `db:"state"`
	SellerID     string    `db:"seller_id"`
	SellerName   i18n.Text `db:"seller_name"`
	FailingDays  int       `db:"failing_days"`
	LastState    State     `db:"last_state"`
	LastAt       time.Time `db:"last_at"`
	PendingTasks int       `db:"tasks"`
	Frozen       bool      `db:"frozen"`
	Days         []Day     `db:"-"` // the oldest first, today last
}

// Day is a day's two runs; "" is one that was not planned.
type Day struct {
	Day string `json:"day"`
	AM  State  `json:"am"`
	PM  State  `json:"pm"`
}

// Filter narrows the overview; empty fields do not.
type Filter struct {
	SellerID  string
	ProductID string
	View      string // "failing": failing days or the last run failed; "frozen"; "tasks"
	Text      string // product id, or a part of its or the seller's name
}

// sqlProducts begin the overview's statements: what is on sale, and what was frozen.
const productsFrom = ` from products p join sellers s on s.id = p.seller_id left join probe_products x on x.product_id = p.id
where p.delivery_type = 'saas' and p.state in ('on_sale', 'hidden', 'suspended') and ($1 = '' or p.seller_id = $1) and ($2 = '' or p.id = $2)
and ($3 <> 'failing' or x.failing_days > 0 or x.last_state = 'failed')
and ($3 <> 'frozen' or exists (select 1 from probe_tasks t where t.product_id = p.id and t.kind = 'frozen' and t.state in ('open', 'confirmed')))
and ($3 <> 'tasks' or exists (select 1 from probe_tasks t where t.product_id = p.id and t.state in ('open', 'confirmed')))
and ($4 = '' or p.id = $4 or p.search like $5 escape '!' or lower(s.name) like $5 escape '!')`

const sqlProducts = `select p.id, p.name, p.state, p.seller_id, s.name as seller_name, coalesce(x.failing_days, 0) as failing_days, coalesce(x.last_state, '') as last_state, x.last_at,
(select count(*) from probe_tasks t where t.product_id = p.id and t.state in ('open', 'confirmed')) as tasks,
exists (select 1 from probe_tasks t where t.product_id = p.id and t.kind = 'frozen' and t.state in ('open', 'confirmed')) as frozen` + productsFrom + `
and ($6 = '' or p.id < $6) order by p.id desc limit $7`
const sqlProductCount = `select count(*) from (select 1` + productsFrom + ` limit $6) as n`

// Overview lists probed products with their runs of the last days, newest product first.
func Overview(ctx context.Context, q db.Querier, f Filter, now time.Time, zone *time.Location, p page.Query) (page.Page[ProductRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[ProductRow]{}, err
	}
	args := []any{f.SellerID, f.ProductID, f.View, f.Text, db.Contains(f.Text)}
	rows, err := db.List[ProductRow](ctx, q, sqlProducts, append(args, key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[ProductRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlProductCount, append(args, page.TotalCap+1)...)
	if err != nil {
		return page.Page[ProductRow]{}, err
	}
	out := page.Of(p, rows, func(r ProductRow) []string { return []string{r.ProductID} }).WithTotal(n)
	return out, fillDays(ctx, q, out.Items, now.In(zone))
}

type shownRun struct {
	ProductID string `db:"product_id"`
	Day       string `db:"day"`
	Half      string `db:"half"`
	State     State  `db:"state"`
}

func fillDays(ctx context.Context, q db.Querier, rows []ProductRow, today time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	args := []any{dayBefore(today, ShownDays-1)}
	marks, at := make([]string, len(rows)), map[string]int{}
	for i, r := range rows {
		args = append(args, r.ProductID)
		marks[i] = "$" + strconv.Itoa(len(args))
		at[r.ProductID] = i
		rows[i].Days = make([]Day, ShownDays)
		for d := range rows[i].Days {
			rows[i].Days[d].Day = dayBefore(today, ShownDays-1-d)
		}
	}
	runs, err := db.List[shownRun](ctx, q, `select product_id, day, half, state from probe_runs where day >= $1 and product_id in (`+strings.Join(marks, ", ")+`) and half <> 'now'`, args...)
	for _, r := range runs {
		days := rows[at[r.ProductID]].Days
		for i := range days {
			switch {
			case days[i].Day != r.Day:
			case r.Half == "am":
				days[i].AM = r.State
			default:
				days[i].PM = r.State
			}
		}
	}
	return err
}

const sqlRuns = `select ` + runColumns + ` from probe_runs where product_id = $1 and ($2 = '' or seller_id = $2) and ($3 = '' or id < $3) order by id desc limit $4`

// Runs lists a product's runs, newest planned first; with a seller only of his own.
func Runs(ctx context.Context, q db.Querier, productID, sellerID string, p page.Query) (page.Page[Run], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Run]{}, err
	}
	rows, err := db.List[Run](ctx, q, sqlRuns, productID, sellerID, key[0], p.Size()+1)
	return page.Of(p, rows, func(r Run) []string { return []string{r.ID} }), err
}

const sqlRun = `select ` + runColumns + ` from probe_runs where id = $1 and ($2 = '' or seller_id = $2)`

// FindRun reads a run; with a seller only his own. "probing.run_not_found".
func FindRun(ctx context.Context, q db.Querier, runID, sellerID string) (Run, error) {
	r, ok, err := db.Maybe[Run](ctx, q, sqlRun, runID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("probing.run_not_found")
	}
	return r, err
}
