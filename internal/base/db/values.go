package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// JSON marks an argument that is stored as JSON text.
func JSON(v any) driver.Valuer { return jsonValue{v} }

type jsonValue struct{ v any }

func (j jsonValue) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

// values turns arguments into what both drivers take alike.
func values(args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, a := range args {
		v, err := value(a)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func value(a any) (any, error) {
	switch v := a.(type) {
	case nil, string, int64, bool, []byte, float64:
		return a, nil
	case int:
		return int64(v), nil
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		return v.UnixMicro(), nil
	case *time.Time:
		if v == nil || v.IsZero() {
			return nil, nil
		}
		return v.UnixMicro(), nil
	case time.Duration:
		return v.Microseconds(), nil
	case driver.Valuer:
		return v.Value()
	}
	r := reflect.ValueOf(a)
	switch r.Kind() {
	case reflect.String:
		return r.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(r.Uint()), nil
	case reflect.Bool:
		return r.Bool(), nil
	case reflect.Pointer:
		if r.IsNil() {
			return nil, nil
		}
		return value(r.Elem().Interface())
	}
	return nil, fmt.Errorf("db: cannot pass a %T", a)
}

type timeTarget struct{ t *time.Time }

func (t *timeTarget) Scan(v any) error {
	switch n := v.(type) {
	case nil:
		*t.t = time.Time{}
	case int64:
		*t.t = time.UnixMicro(n).UTC()
	default:
		return fmt.Errorf("db: cannot read a time from %T", v)
	}
	return nil
}

type jsonTarget struct{ v reflect.Value }

func (j *jsonTarget) Scan(v any) error {
	var b []byte
	switch s := v.(type) {
	case nil:
		j.v.SetZero()
		return nil
	case string:
		b = []byte(s)
	case []byte:
		b = s
	default:
		return fmt.Errorf("db: cannot read JSON from %T", v)
	}
	if len(b) == 0 {
		j.v.SetZero()
		return nil
	}
	return json.Unmarshal(b, j.v.Addr().Interface())
}

// plainTarget reads scalars of named types; NULL gives the zero value.
type plainTarget struct{ v reflect.Value }

func (p *plainTarget) Scan(v any) error {
	switch s := v.(type) {
	case nil:
		p.v.SetZero()
		return nil
	case []byte:
		v = string(s)
	}
	switch p.v.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok {
			p.v.SetString(s)
			return nil
		}
	case reflect.Int64, reflect.Int:
		switch n := v.(type) {
		case int64:
			p.v.SetInt(n)
			return nil
		case string: // PostgreSQL sums bigint to numeric
			i, err := strconv.ParseInt(n, 10, 64)
			if err == nil {
				p.v.SetInt(i)
				return nil
			}
		case float64:
			p.v.SetInt(int64(n))
			return nil
		}
	case reflect.Bool:
		switch n := v.(type) {
		case bool:
			p.v.SetBool(n)
			return nil
		case int64:
			p.v.SetBool(n != 0)
			return nil
		}
	}
	return fmt.Errorf("db: cannot read a %s from %T %v", p.v.Type(), v, v)
}

// Contains makes a pattern for "like $n escape '!'" that finds text anywhere, in small
// letters; the text's own wildcards are taken literally.
func Contains(text string) string {
	r := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
	return "%" + r.Replace(strings.ToLower(text)) + "%"
}
