package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// One reads exactly the first row into T: a struct with `db:"column"` tags, or a
// scalar. ErrNoRows when there is none.
func One[T any](ctx context.Context, q Querier, text string, args ...any) (T, error) {
	v, ok, err := Maybe[T](ctx, q, text, args...)
	if err == nil && !ok {
		err = ErrNoRows
	}
	return v, err
}

// Maybe is One for a row that may be missing.
func Maybe[T any](ctx context.Context, q Querier, text string, args ...any) (T, bool, error) {
	var out T
	found := false
	err := each(ctx, q, text, args, func(scan func(*T) error) (bool, error) {
		found = true
		return false, scan(&out)
	})
	return out, found, err
}

// List reads all rows; the result is never nil.
func List[T any](ctx context.Context, q Querier, text string, args ...any) ([]T, error) {
	out := []T{}
	err := each(ctx, q, text, args, func(scan func(*T) error) (bool, error) {
		var v T
		if err := scan(&v); err != nil {
			return false, err
		}
		out = append(out, v)
		return true, nil
	})
	return out, err
}

// Each calls fn for every row as it comes, for exports too long for memory.
func Each[T any](ctx context.Context, q Querier, text string, fn func(T) error, args ...any) error {
	return each(ctx, q, text, args, func(scan func(*T) error) (bool, error) {
		var v T
		if err := scan(&v); err != nil {
			return false, err
		}
		return true, fn(v)
	})
}

// Exec runs a writing statement and tells how many rows it touched.
func Exec(ctx context.Context, tx *Tx, text string, args ...any) (int64, error) {
	plain, err := values(args)
	if err != nil {
		return 0, err
	}
	res, err := tx.exec(ctx, text, plain)
	if err != nil {
		return 0, fmt.Errorf("%w in %s", err, firstLine(text))
	}
	return res.RowsAffected()
}

// Insert writes one row of a struct with `db` tags.
func Insert(ctx context.Context, tx *Tx, table string, row any) error {
	_, err := insert(ctx, tx, table, row, "")
	return err
}

// InsertIfAbsent is Insert with "on conflict do nothing"; it tells whether the row was
// written.
func InsertIfAbsent(ctx context.Context, tx *Tx, table string, row any) (bool, error) {
	n, err := insert(ctx, tx, table, row, " on conflict do nothing")
	return n == 1, err
}

// InsertAll writes several rows with one statement; no rows are no statement.
func InsertAll[T any](ctx context.Context, tx *Tx, table string, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	text, args, err := insertions(table, reflect.ValueOf(rows))
	if err != nil {
		return err
	}
	_, err = Exec(ctx, tx, text, args...)
	return err
}

// insertions is the statement for a slice of rows.
func insertions(table string, rows reflect.Value) (string, []any, error) {
	m := mappingOf(rows.Type().Elem())
	var names []string
	for _, f := range m.fields {
		names = append(names, f.column)
	}
	var text strings.Builder
	text.WriteString("insert into " + table + " (" + strings.Join(names, ", ") + ") values ")
	args := make([]any, 0, rows.Len()*len(m.fields))
	for i := range rows.Len() {
		if i > 0 {
			text.WriteString(", ")
		}
		one, err := m.arguments(rows.Index(i))
		if err != nil {
			return "", nil, err
		}
		for k := range one {
			sep := ", "
			if k == 0 {
				sep = "("
			}
			fmt.Fprintf(&text, "%s$%d", sep, len(args)+k+1)
		}
		text.WriteByte(')')
		args = append(args, one...)
	}
	return text.String(), args, nil
}

var insertTexts sync.Map // table + type → SQL text

// insertion is the statement for one row, with a tail such as "on conflict do nothing".
func insertion(table string, row any, tail string) (string, []any, error) {
	v := reflect.Indirect(reflect.ValueOf(row))
	m := mappingOf(v.Type())
	key := [2]any{table + tail, v.Type()}
	text, ok := insertTexts.Load(key)
	if !ok {
		var names, marks []string
		for i, f := range m.fields {
			names = append(names, f.column)
			marks = append(marks, fmt.Sprintf("$%d", i+1))
		}
		text = "insert into " + table + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ")" + tail
		insertTexts.Store(key, text)
	}
	args, err := m.arguments(v)
	return text.(string), args, err
}

func insert(ctx context.Context, tx *Tx, table string, row any, tail string) (int64, error) {
	text, args, err := insertion(table, row, tail)
	if err != nil {
		return 0, err
	}
	return Exec(ctx, tx, text, args...)
}

// arguments are the values of a row in the order of the mapping.
func (m *mapping) arguments(v reflect.Value) ([]any, error) {
	args := make([]any, len(m.fields))
	for i, f := range m.fields {
		field := v.FieldByIndex(f.index)
		if !f.json {
			args[i] = field.Interface()
			continue
		}
		b, err := json.Marshal(field.Interface())
		if err != nil {
			return nil, err
		}
		args[i] = string(b)
	}
	return args, nil
}

func each[T any](ctx context.Context, q Querier, text string, args []any, fn func(scan func(*T) error) (bool, error)) error {
	plain, err := values(args)
	if err != nil {
		return err
	}
	rows, err := q.query(ctx, text, plain)
	if err != nil {
		return fmt.Errorf("%w in %s", err, firstLine(text))
	}
	defer rows.Close()
	var plan []target
	for rows.Next() {
		if plan == nil {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			if plan, err = planFor(reflect.TypeFor[T](), columns); err != nil {
				return fmt.Errorf("%w in %s", err, firstLine(text))
			}
		}
		more, err := fn(func(out *T) error {
			if err := scanRow(rows, reflect.ValueOf(out).Elem(), plan); err != nil {
				return fmt.Errorf("%w in %s", err, firstLine(text))
			}
			return nil
		})
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	return rows.Err()
}

// target says where a column goes; no index means the whole value.
type target struct {
	index []int
	json  bool
	time  bool
}

type field struct {
	column string
	index  []int
	json   bool
}

type mapping struct {
	fields  []field
	columns map[string]field
}

var mappings sync.Map // reflect.Type → *mapping

var timeType = reflect.TypeFor[time.Time]()

func mappingOf(t reflect.Type) *mapping {
	if m, ok := mappings.Load(t); ok {
		return m.(*mapping)
	}
	m := &mapping{columns: map[string]field{}}
	collect(t, nil, m)
	mappings.Store(t, m)
	return m
}

func collect(t reflect.Type, at []int, m *mapping) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, at...), i)
		tag := f.Tag.Get("db")
		if f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct {
			collect(f.Type, index, m)
			continue
		}
		if tag == "" || tag == "-" {
			continue
		}
		column, option, _ := strings.Cut(tag, ",")
		e := field{column: column, index: index, json: option == "json"}
		m.fields = append(m.fields, e)
		m.columns[column] = e
	}
}

func scalar(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t == timeType {
		return true
	}
	return reflect.PointerTo(t).Implements(reflect.TypeFor[sql.Scanner]())
}

func planFor(t reflect.Type, columns []string) ([]target, error) {
	if scalar(t) {
		if len(columns) != 1 {
			return nil, fmt.Errorf("db: %d columns for one %s", len(columns), t)
		}
		return []target{{time: t == timeType}}, nil
	}
	m := mappingOf(t)
	plan := make([]target, len(columns))
	for i, c := range columns {
		f, ok := m.columns[c]
		if !ok {
			return nil, fmt.Errorf("db: %s has no field for column %q", t, c)
		}
		plan[i] = target{index: f.index, json: f.json, time: t.FieldByIndex(f.index).Type == timeType}
	}
	return plan, nil
}

func scanRow(rows *sql.Rows, v reflect.Value, plan []target) error {
	dest := make([]any, len(plan))
	for i, p := range plan {
		f := v
		if p.index != nil {
			f = v.FieldByIndex(p.index)
		}
		switch {
		case p.json:
			dest[i] = &jsonTarget{f}
		case p.time:
			dest[i] = &timeTarget{f.Addr().Interface().(*time.Time)}
		case f.Kind() == reflect.String || f.Kind() == reflect.Int64 || f.Kind() == reflect.Int || f.Kind() == reflect.Bool:
			if _, own := f.Addr().Interface().(sql.Scanner); own {
				dest[i] = f.Addr().Interface()
			} else {
				dest[i] = &plainTarget{f}
			}
		default:
			dest[i] = f.Addr().Interface()
		}
	}
	return rows.Scan(dest...)
}

func firstLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 120 {
		text = text[:120] + "…"
	}
	return text
}
