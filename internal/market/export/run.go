package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/job"
)

// Jobs are the module's kinds of jobs.
func (s *Store) Jobs() []job.Kind {
	return []job.Kind{
		{Name: JobKind, Handler: s.Run, Schedule: []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute}, Timeout: 10 * time.Minute, Parallel: 2, Dead: s.dead},
		{Name: "export.purge", Every: 10 * time.Minute, Parallel: 1, Timeout: 5 * time.Minute, Schedule: []time.Duration{time.Minute},
			Handler: func(ctx context.Context, _ job.Job) error { return s.Purge(ctx) }},
	}
}

const sqlStart = `update exports set state = 'RUNNING', attempt = attempt + 1, row_count = 0, started_at = $1 where id = $2 and state in ('QUEUED', 'RUNNING') returning ` + columns
const sqlProgress = `update exports set row_count = $1, total = $2 where id = $3 and state = 'RUNNING' and attempt = $4`
const sqlReady = `update exports set state = 'READY', row_count = $1, total = $2, capped = $3, size = $4, finished_at = $5, expires_at = $6 where id = $7 and state = 'RUNNING' and attempt = $8`
const sqlFailed = `update exports set state = 'FAILED', finished_at = $1 where id = $2 and state in ('QUEUED', 'RUNNING')`

// progressEvery is how many rows lie between two notes of the progress.
const progressEvery = 2000

// Run is the handler of JobKind. A second worker that begins after the first one's lease was
// over makes the first one's result void.
func (s *Store) Run(ctx context.Context, j job.Job) error {
	var a args
	if err := j.Decode(&a); err != nil {
		return err
	}
	var e Export
	over := false
	err := s.DB.Update(ctx, func(tx *db.Tx) error {
		var found bool
		var err error
		if e, found, err = db.Maybe[Export](ctx, tx, sqlStart, clock.Wall{}.Now(), a.Export); err != nil {
			return err
		}
		if over = !found; over { // it has ended in another way
			return job.Done(ctx, tx, j)
		}
		return nil
	})
	if err != nil || over {
		return err
	}
	src, ok := s.source(e.List)
	if !ok {
		return fmt.Errorf("export: no list %q", e.List)
	}
	file, err := os.CreateTemp("", "jishi-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := s.write(ctx, file, src, &e); err != nil {
		return err
	}
	if e.Size, err = file.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.Blob.Put(ctx, e.Key(), file, e.Size, contentType[e.Format]); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := clock.Wall{}.Now()
		n, err := db.Exec(ctx, tx, sqlReady, e.Rows, e.Total, e.Capped, e.Size, now, now.Add(Life), e.ID, e.Attempt)
		if err != nil {
			return err
		}
		if n == 0 {
			return job.ErrLate
		}
		return job.Done(ctx, tx, j)
	})
}

// ContentType is what a browser is told of the file.
func (e Export) ContentType() string { return contentType[e.Format] }

var contentType = map[string]string{
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	CSV:  "text/csv; charset=utf-8",
}

// sheet is a file that takes rows one by one.
type sheet interface {
	Row(cells []string) error
	Close() error
}

// write makes the file. Between batches it looks whether it is still wanted.
func (s *Store) write(ctx context.Context, w io.Writer, src Source, e *Export) error {
	heads := make([]string, len(src.Columns))
	amounts := make([]bool, len(src.Columns))
	for i, c := range src.Columns {
		heads[i], amounts[i] = i18n.Message(e.Locale, c.Title, nil), c.Amount
	}
	out, err := newSheet(e.Format, w, heads, amounts)
	if err != nil {
		return err
	}
	n, err := src.Count(ctx, s.DB, *e, MaxRows+1)
	if err != nil {
		return err
	}
	e.Capped, e.Total = n > MaxRows, min(n, MaxRows)
	noted, after := 0, ""
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, next, err := src.Batch(ctx, s.DB, *e, after)
		if err != nil {
			return err
		}
		rows = rows[:min(len(rows), MaxRows-e.Rows)]
		for _, row := range rows {
			if err := out.Row(row); err != nil {
				return err
			}
		}
		e.Rows += len(rows)
		after, more = next, next != "" && e.Rows < MaxRows
		if e.Rows-noted >= progressEvery || noted == 0 {
			noted = max(e.Rows, 1)
			if err := s.progress(ctx, *e); err != nil {
				return err
			}
		}
	}
	e.Total = e.Rows
	return out.Close()
}

func (s *Store) progress(ctx context.Context, e Export) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, sqlProgress, e.Rows, max(e.Total, e.Rows), e.ID, e.Attempt)
		if err == nil && n == 0 {
			err = job.ErrLate
		}
		return err
	})
}

func (s *Store) dead(ctx context.Context, tx *db.Tx, j job.Job) error {
	var a args
	if err := j.Decode(&a); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlFailed, clock.Wall{}.Now(), a.Export)
	return err
}

const sqlOver = `select ` + columns + ` from exports where state = 'READY' and expires_at <= $1 order by expires_at limit 100`
const sqlExpire = `update exports set state = 'EXPIRED' where id = $1 and state = 'READY'`

// What is under way without a job for a day will not end any more; records stay a year.
const sqlLost = `update exports set state = 'FAILED', finished_at = $1 where state in ('QUEUED', 'RUNNING') and created_at < $2
and not exists (select 1 from jobs j where j.ref = exports.id and j.kind = '` + JobKind + `' and j.state in ('ready', 'running'))`
const sqlForget = `delete from exports where id in (select id from exports where created_at < $1 and state in ('EXPIRED', 'FAILED') limit 500)`

// Purge takes away the files that are three days old. A file goes before its row says so: what
// is between the two is tried again.
func (s *Store) Purge(ctx context.Context) error {
	now := clock.Wall{}.Now()
	for {
		old, err := db.List[Export](ctx, s.DB, sqlOver, now)
		if err != nil {
			return err
		}
		for _, e := range old {
			if err := s.Blob.Delete(ctx, e.Key()); err != nil {
				return err
			}
			if err := s.DB.Update(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, sqlExpire, e.ID)
				return err
			}); err != nil {
				return err
			}
		}
		if len(old) == 0 {
			break
		}
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, sqlLost, now, now.Add(-24*time.Hour)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, sqlForget, now.AddDate(-1, 0, 0))
		return err
	})
}

// Open opens the file of an export that is READY. "export.gone" (NotFound) for one that is not,
// or whose time is over.
func (s *Store) Open(ctx context.Context, e Export) (io.ReadCloser, error) {
	if e.State != Ready || !(clock.Wall{}).Now().Before(e.ExpiresAt) {
		return nil, errs.NotFoundf("export.gone")
	}
	r, _, err := s.Blob.Get(ctx, e.Key())
	if errors.Is(err, blob.ErrNotFound) { // a restored backup has the row without the file
		return nil, errs.NotFoundf("export.gone")
	}
	return r, err
}
