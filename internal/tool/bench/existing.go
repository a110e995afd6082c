package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jishi/internal/base/db"
)

// copied are the tables that an order leaves rows in, with the condition on the rows of some
// orders and the columns that name something of the order itself: copies get other names.
var copied = []struct {
	table, where string
	names        []string
}{
	{"orders", "id in (%s)", []string{"id"}},
	{"order_lines", "order_id in (%s)", []string{"id", "order_id"}},
	{"order_events", "order_id in (%s)", []string{"id", "order_id"}},
	{"quotes", "order_id in (%s)", []string{"id", "order_id"}},
	{"payments", "order_id in (%s)", []string{"id", "order_id"}},
	{"ledger_journals", "cause in (%s)", []string{"id", "key", "cause"}},
	{"ledger_entries", "journal_id in (select id from ledger_journals where cause in (%s))", []string{"id", "journal_id", "held"}},
	{"instances", "order_id in (%s)", []string{"id", "order_id", "order_line_id", "external_id"}},
	{"instance_events", "instance_id in (select id from instances where order_id in (%s))", []string{"id", "instance_id"}},
	{"fulfillment_calls", "order_id in (%s)", []string{"id", "order_id", "order_line_id", "instance_id", "external_id"}},
	{"fulfillment_attempts", "call_id in (select id from fulfillment_calls where order_id in (%s))", []string{"id", "call_id"}},
}

// copiesAtOnce is how often each order is copied in one transaction.
const copiesAtOnce = 20

// fillOrders makes the marketplace as full as if so many orders had been bought and
// delivered: one of each buyer really is, and its rows are copied by the database.
func (s *stage) fillOrders(ctx context.Context, n int) error {
	if s.existing >= n {
		return nil
	}
	if s.existing > 0 {
		return fmt.Errorf("%d orders were made already", s.existing)
	}
	if err := s.forgetWaiting(ctx); err != nil {
		return err
	}
	var ids []string
	for c := range maxBuyers {
		orderID, err := s.place(ctx, c, "V1")
		if err == nil {
			err = s.pay(ctx, c, orderID)
		}
		if err != nil {
			return err
		}
		ids = append(ids, "'"+orderID+"'")
	}
	_, stop := s.runJobs(ctx, s.app.Jobs())
	err := waitFor(ctx, time.Minute, func() (bool, error) {
		open, err := db.One[int](ctx, s.app.DB, sqlOpenCalls)
		return open == 0, err
	})
	if stop(); err != nil {
		return err
	}
	texts, err := s.copying(ctx, strings.Join(ids, ", "))
	if err != nil {
		return err
	}
	each := n/maxBuyers + 1
	for first := 1; first < each; first += copiesAtOnce {
		if err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, text := range texts {
				if err := write(ctx, tx, text, first, min(first+copiesAtOnce, each)-1); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	s.existing = n
	return s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := write(ctx, tx, `update ledger_balances set balance = (select sum(e.amount) from ledger_entries e where e.account = ledger_balances.account)`); err != nil {
			return err
		}
		return write(ctx, tx, `analyze`)
	})
}

// copying gives the statement for each table that copies the rows of the orders under the
// numbers from $1 to $2.
func (s *stage) copying(ctx context.Context, ids string) ([]string, error) {
	var out []string
	for _, c := range copied {
		columns, err := s.columns(ctx, c.table)
		if err != nil {
			return nil, err
		}
		values := make([]string, len(columns))
		for i, column := range columns {
			values[i] = "t." + column
			for _, name := range c.names {
				if name == column {
					values[i] = fmt.Sprintf("case when t.%[1]s = '' then '' else t.%[1]s || '~' || seq.n end", column)
				}
			}
			if c.table == "ledger_entries" && column == "account" {
				values[i] = "case when t.account like 'held:%' then t.account || '~' || seq.n else t.account end"
			}
		}
		out = append(out, fmt.Sprintf(`with recursive seq(n) as (select %[4]s union all select n + 1 from seq where n < $2)
insert into %[1]s (%[2]s) select %[3]s from %[1]s t cross join seq where t.%[5]s`, c.table, strings.Join(columns, ", "), strings.Join(values, ", "),
			"cast($1 as bigint)", fmt.Sprintf(c.where, ids)))
	}
	return out, nil
}

func (s *stage) columns(ctx context.Context, table string) ([]string, error) {
	if s.app.DB.Engine() == db.SQLite {
		return db.List[string](ctx, s.app.DB, `select name from pragma_table_info($1)`, table)
	}
	return db.List[string](ctx, s.app.DB, `select column_name from information_schema.columns where table_schema = current_schema() and table_name = $1`, table)
}

// among measures orders before and after the marketplace was filled; the ratio tells how the
// cost of an order grows with their number.
func among(ctx context.Context, s *stage) ([]Figure, error) {
	var out []Figure
	before := map[int]float64{}
	for _, full := range []bool{false, true} {
		if full {
			if err := s.fillOrders(ctx, s.Existing); err != nil {
				return nil, err
			}
		}
		for _, clients := range []int{1, 16, 64} {
			rate, p50, p99, err := closed(clients, s.duration(), func(c int) (func(int) error, func(), error) {
				return func(int) error { return s.buy(ctx, c, "V1") }, func() {}, nil
			})
			if err != nil {
				return nil, err
			}
			if !full {
				before[clients] = rate
				continue
			}
			ratio := rate / before[clients]
			out = append(out, Figure{Name: fmt.Sprintf("orders among %d existing", s.Existing), Clients: clients, Rate: rate, Unit: "orders/s", P50: p50, P99: p99,
				Goal: "≥ 1,000 orders/s", Met: rate >= 1000},
				Figure{Name: fmt.Sprintf("orders among %d existing, against an empty shop (%.0f orders/s)", s.Existing, before[clients]), Clients: clients, Value: 100 * ratio, Unit: "%", Goal: "≥ 90 %", Met: ratio >= 0.9})
		}
	}
	return out, nil
}
