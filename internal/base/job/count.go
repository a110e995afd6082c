package job

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
)

const sqlCountList = `select count(*) from (select 1 from jobs where ($1 = '' or state = $1) and ($2 = '' or kind = $2) limit $3) n`

// Count counts what List lists, up to page.TotalCap and one.
func Count(ctx context.Context, q db.Querier, state, kind string) (int, error) {
	return db.One[int](ctx, q, sqlCountList, state, kind, page.TotalCap+1)
}
