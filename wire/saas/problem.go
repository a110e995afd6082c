package saas

import (
	"fmt"
	"strings"
)

// Problem is one fault of an answer: a row of the table in saas.md §11.4. Code is stable and names the text in message
// catalogues, Values fill its placeholders.
type Problem struct {
	Row    int // number of the check in saas.md §11.4
	Code   string
	Values map[string]string
}

// The codes of problems, in the order of the checks. Rows 1 and 2, no connection and time-out, come from the sender of
// the call, not from here.
const (
	ProblemStatus         = "saas.answer.status"           // row 3, httpCode
	ProblemContentType    = "saas.answer.content_type"     // row 4, contentType
	ProblemJSON           = "saas.answer.json"             // row 5
	ProblemEncoding       = "saas.answer.encoding"         // row 5, encoding: the body is compressed, which no call asks for
	ProblemCharset        = "saas.answer.charset"          // the body is not UTF-8; it only warns
	ProblemBodySignFormat = "saas.answer.body_sign_format" // row 6
	ProblemBodySign       = "saas.answer.body_sign"        // row 7, expected
	ProblemResultCode     = "saas.answer.result_code"      // row 8, code, msg
	ProblemField          = "saas.answer.field"            // row 9, field
	ProblemLength         = "saas.answer.length"           // row 10, field, max
	ProblemDecrypt        = "saas.answer.decrypt"          // row 11, field
)

var problemTexts = map[string]string{
	ProblemStatus:         "HTTP code is {httpCode}",
	ProblemContentType:    "content type is {contentType}, expected application/json",
	ProblemJSON:           `cannot parse the response body, expected {"resultCode":"000000","resultMsg":"success."}`,
	ProblemEncoding:       "the response body is compressed ({encoding})",
	ProblemCharset:        "the response body is not UTF-8",
	ProblemBodySignFormat: "Body-Sign header missing or malformed",
	ProblemBodySign:       "HTTP body signature check failed, expected signature: {expected}",
	ProblemResultCode:     "resultCode reports an error: {code} {msg}",
	ProblemField:          "response lacks {field}",
	ProblemLength:         "length of {field} is illegal",
	ProblemDecrypt:        "{field} cannot be decrypted with the given encryptType",
}

// Error returns the English text. That of ProblemBodySign reveals the signature the answer should have had: show it to
// the owner of the key only, and elsewhere use the code.
func (p *Problem) Error() string {
	text := problemTexts[p.Code]
	if text == "" {
		return fmt.Sprintf("%s %v", p.Code, p.Values)
	}
	for name, value := range p.Values {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func problem(row int, code string, pairs ...string) *Problem {
	p := &Problem{Row: row, Code: code, Values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Values[pairs[i]] = pairs[i+1]
	}
	return p
}
