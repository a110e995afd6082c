package saas

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A field of a request struct is bound to a parameter by the tag `param:"name"`. Strings, whole numbers and flags exist;
// a flag travels as "1". Without the option "always" a blank, 0 or false is not sent, with it it is sent as it is.

// encode turns a request struct into the parameters of its activity.
func encode(a Activity, request any) Params {
	p := Params{ParamActivity: string(a)}
	v := reflect.ValueOf(request)
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("param"), ",")
		f := v.Field(i)
		if f.IsZero() && option != "always" {
			continue
		}
		switch f.Kind() {
		case reflect.String:
			p[name] = f.String()
		case reflect.Int:
			p[name] = strconv.FormatInt(f.Int(), 10)
		case reflect.Bool:
			p[name] = "0"
			if f.Bool() {
				p[name] = "1"
			}
		}
	}
	return p
}

// decode fills the request struct that request points to. Unknown parameters are ignored; a number that is none is a
// *ParamError.
func decode(p Params, request any) error {
	v := reflect.ValueOf(request).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("param"), ",")
		text, ok := p[name]
		if !ok || text == "" {
			continue
		}
		f := v.Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString(text)
		case reflect.Int:
			n, err := strconv.Atoi(text)
			if err != nil {
				return &ParamError{Name: name, Fault: NotANumber}
			}
			f.SetInt(int64(n))
		case reflect.Bool:
			f.SetBool(text == "1" || text == "true")
		}
	}
	return nil
}

// Fault is what is wrong with a parameter.
type Fault string

// The faults of parameters.
const (
	Missing    Fault = "missing"
	TooLong    Fault = "too_long"
	NotANumber Fault = "not_a_number"
	NotAValue  Fault = "not_a_value" // not one of the documented values
	Undefined  Fault = "undefined"   // the activity does not exist in this generation
)

// ParamError names the first parameter that breaks the tables of saas.md §6 and §7. A seller's server answers it with
// result code 000002.
type ParamError struct {
	Name  string
	Fault Fault
}

// Error implements error.
func (e *ParamError) Error() string { return fmt.Sprintf("parameter %s: %s", e.Name, e.Fault) }
