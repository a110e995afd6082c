package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// PostgreSQL answers each statement over a socket, which costs more than most inserts do. A
// row whose writing nobody waits for is kept back and sent together with the next statement,
// or before the commit: one answer for all of them. The order of statements stays, and every
// read of the transaction sees what was written before it.

// maxLater bounds how many statements are kept back.
const maxLater = 64

type statement struct {
	text string
	args []any
}

// Append is Insert of a row that cannot be refused except by a mistake: a history, a line of
// a new order. Its error may come from a later call with the same transaction, or from its
// commit, so whoever wants to know about a key that exists uses Insert or InsertIfAbsent.
func Append(ctx context.Context, tx *Tx, table string, row any) error {
	if tx.tx == nil {
		return Insert(ctx, tx, table, row)
	}
	text, args, err := insertion(table, row, "")
	if err != nil {
		return err
	}
	return tx.keepBack(ctx, text, args)
}

// AppendAll is Append for several rows with one statement; no rows are no statement.
func AppendAll[T any](ctx context.Context, tx *Tx, table string, rows []T) error {
	if tx.tx == nil || len(rows) == 0 {
		return InsertAll(ctx, tx, table, rows)
	}
	text, args, err := insertions(table, reflect.ValueOf(rows))
	if err != nil {
		return err
	}
	return tx.keepBack(ctx, text, args)
}

func (t *Tx) keepBack(ctx context.Context, text string, args []any) error {
	if err := t.usable(); err != nil {
		return err
	}
	plain, err := values(args)
	if err != nil {
		return err
	}
	count(ctx)
	t.later = append(t.later, statement{text, plain})
	if len(t.later) < maxLater {
		return nil
	}
	return t.flush(ctx)
}

// flush sends what was kept back.
func (t *Tx) flush(ctx context.Context) error {
	if len(t.later) == 0 {
		return nil
	}
	_, err := t.send(ctx)
	return err
}

// send runs what was kept back, of which the last one's result is told.
func (t *Tx) send(ctx context.Context) (res sql.Result, err error) {
	sent := t.later
	t.later = nil
	err = t.conn.Raw(func(raw any) error {
		var b pgx.Batch
		for _, s := range sent {
			b.Queue(s.text, s.args...)
		}
		results := raw.(*stdlib.Conn).Conn().SendBatch(ctx, &b)
		for _, s := range sent {
			var tag pgconn.CommandTag
			if tag, err = results.Exec(); err != nil {
				results.Close()
				return fmt.Errorf("%w in %s", err, firstLine(s.text))
			}
			res = driver.RowsAffected(tag.RowsAffected())
		}
		return results.Close()
	})
	return res, t.note(err)
}
