package saas

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// ExtendParam is one extension parameter of a product (扩展参数), filled in by the buyer and passed to the seller in the
// V1 parameter saasExtendParams.
type ExtendParam struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// extendVariants bounds the search for a Base64 text without "+".
const extendVariants = 24

// EncodeExtendParams returns Base64 of the JSON array (saas.md §6.1.1); an empty list gives "".
//
// Some servers URL-decode the value twice, which turns a "+" of the Base64 into a blank. Where it costs nothing the text
// therefore avoids "+": blanks after structural commas and colons of the JSON shift the Base64 groups without changing
// the content. After 24 fruitless variants the plain form is sent.
func EncodeExtendParams(list []ExtendParam) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := compactJSON(list)
	if err != nil {
		return "", err
	}
	plain := base64.StdEncoding.EncodeToString(text)
	if !strings.Contains(plain, "+") {
		return plain, nil
	}
	places := structuralPlaces(text)
	tries := 0
	for _, blanks := range blankSets(places) {
		if tries++; tries > extendVariants {
			break
		}
		if v := base64.StdEncoding.EncodeToString(insertBlanks(text, blanks)); !strings.Contains(v, "+") {
			return v, nil
		}
	}
	return plain, nil
}

// DecodeExtendParams reads saasExtendParams. Blanks that a second URL-decoding made of "+" are turned back.
func DecodeExtendParams(text string) ([]ExtendParam, error) {
	if text == "" {
		return nil, nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, " ", "+"))
	if err != nil {
		return nil, fmt.Errorf("saasExtendParams: %w", err)
	}
	var list []ExtendParam
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("saasExtendParams: %w", err)
	}
	return list, nil
}

// ParseExtendParams reads the JSON list that a person has written, as it stands before EncodeExtendParams.
func ParseExtendParams(text string) ([]ExtendParam, error) {
	var list []ExtendParam
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("saasExtendParams: %w", err)
	}
	return list, nil
}

// structuralPlaces returns the offsets right behind the commas and colons that are not inside a string.
func structuralPlaces(text []byte) []int {
	var places []int
	inString, escaped := false, false
	for i, c := range text {
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case !inString && (c == ',' || c == ':'):
			places = append(places, i+1)
		}
	}
	return places
}

// blankSets yields where to put blanks: one blank at each place first, then two.
func blankSets(places []int) [][]int {
	var sets [][]int
	for _, p := range places {
		sets = append(sets, []int{p})
	}
	for i, p := range places {
		for _, q := range places[i:] {
			sets = append(sets, []int{p, q})
		}
	}
	return sets
}

// insertBlanks inserts one blank at each offset; the offsets ascend.
func insertBlanks(text []byte, at []int) []byte {
	out := make([]byte, 0, len(text)+len(at))
	from := 0
	for _, p := range at {
		out = append(append(out, text[from:p]...), ' ')
		from = p
	}
	return append(out, text[from:]...)
}
