package payment

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"
	"unicode"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// A receiving code (收款识别码) stands for an account on its transfers: "JS", eight digits drawn at
// random and two check digits, so that a slip of the pen names nobody.
var codeForm = regexp.MustCompile(`(?i)JS[\s-]*((?:\d[\s-]*){10})`)

type codeRow struct {
	AccountID string    `db:"account_id"`
	Code      string    `db:"code"`
	CreatedAt time.Time `db:"created_at"`
}

const sqlCode = `select code from receiving_codes where account_id = $1`
const sqlCodeOwner = `select account_id from receiving_codes where code = $1`

// ReceivingCode is the account's code, drawn when it is first asked for.
func ReceivingCode(ctx context.Context, tx *db.Tx, accountID string) (string, error) {
	for range 20 {
		code, found, err := db.Maybe[string](ctx, tx, sqlCode, accountID)
		if err != nil || found {
			return code, err
		}
		n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
		if err != nil {
			return "", err
		}
		if _, err := db.InsertIfAbsent(ctx, tx, "receiving_codes", codeRow{accountID, withCheck(n.Int64()), tx.Now}); err != nil {
			return "", err
		}
	}
	return "", errs.New(errs.Internal, "internal")
}

// withCheck writes a code with its check digits: the whole number leaves 1 when divided by 97.
func withCheck(n int64) string { return fmt.Sprintf("JS%08d%02d", n, 98-n*100%97) }

// codesIn finds the valid codes in a remark, in their normal form.
func codesIn(remark string) []string {
	var out []string
	for _, m := range codeForm.FindAllStringSubmatch(remark, -1) {
		digits := strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, m[1])
		var n int64
		if _, err := fmt.Sscanf(digits, "%d", &n); err == nil && n%97 == 1 {
			out = append(out, "JS"+digits)
		}
	}
	return out
}

var topUpForm = regexp.MustCompile(`(?i)TU[0-9A-Z]{10}`)

func topUpsIn(remark string) []string {
	var out []string
	for _, n := range topUpForm.FindAllString(remark, -1) {
		out = append(out, strings.ToUpper(n))
	}
	return out
}

var orderForm = regexp.MustCompile(`(?i)CS\d{10}[0-9A-Z]{5}`)

// OrderIn is the order number that a remark names, if any.
func OrderIn(remark string) string { return strings.ToUpper(orderForm.FindString(remark)) }

// payerKey makes names comparable: banks write them with other widths, spaces and brackets.
func payerKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // full width
			r -= '！' - '!'
		case unicode.IsSpace(r):
			return -1
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}
