package isvapp

import (
	"context"
	"encoding/json"
	"time"

	"jishi/isv"
	"jishi/wire/saas"
)

// keptCalls bounds the log of calls.
const keptCalls = 5000

// received is one call as the administrator sees it. Answers are not kept: they contain passwords.
type received struct {
	At         time.Time
	Generation saas.Generation
	Activity   string
	Test       bool
	Params     string
	Code       string
	Message    string
	Took       time.Duration
}

// record keeps a call. Losing one in a crash harms nobody, so an error is only logged.
func (a *App) record(r isv.Record) {
	params, _ := json.Marshal(r.Params) // strings always have a JSON form
	ctx := context.Background()
	_, err := a.db.ExecContext(ctx, `insert into calls (at, generation, activity, test, params, code, message, took_us) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.At.UnixMicro(), r.Generation, clip(string(r.Activity), 64), r.Test, clip(string(params), 4096), r.ResultCode, clip(r.Message, 255), r.Took.Microseconds())
	if err == nil {
		_, err = a.db.ExecContext(ctx, `delete from calls where id <= (select max(id) from calls) - $1`, keptCalls)
	}
	if err != nil {
		a.config.Logger.Error("call not recorded", "error", err)
	}
}

func (a *App) receivedCalls(ctx context.Context, limit int) (list []received, err error) {
	rows, err := a.db.QueryContext(ctx, `select at, generation, activity, test, params, code, message, took_us from calls order by id desc limit $1`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c received
		var at, took int64
		if err := rows.Scan(&at, &c.Generation, &c.Activity, &c.Test, &c.Params, &c.Code, &c.Message, &took); err != nil {
			return nil, err
		}
		c.At, c.Took = time.UnixMicro(at), time.Duration(took)*time.Microsecond
		list = append(list, c)
	}
	return list, rows.Err()
}

// clip cuts a text to a number of characters.
func clip(text string, limit int) string {
	if r := []rune(text); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return text
}
