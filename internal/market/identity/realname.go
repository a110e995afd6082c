package identity

import (
	"context"
	"fmt"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
)

// RealName is the evidence of who stands behind an account (实名认证). For a company:
// its registered name, certificate number and scans; for a person: name and id number.
type RealName struct {
	Name   string
	Number string
	Files  []string // keys of uploaded files
}

// MaxScans is how many files may be handed in.
const MaxScans = 5

// CheckScans adds a fault of the field when there are too many; call it before the files
// are looked up.
func CheckScans(c *errs.Check, path string, files []string) {
	if len(files) > MaxScans {
		c.Add(path, "too_many_items", "max", MaxScans)
	}
}

// The states of a real name.
const (
	RealNameNone     = "none"
	RealNamePending  = "pending"
	RealNameVerified = "verified"
	RealNameRejected = "rejected"
)

// RealNameMoves is the transition table: state → event → state.
var RealNameMoves = map[string]map[string]string{
	RealNameNone:     {"submit": RealNamePending},
	RealNameRejected: {"submit": RealNamePending},
	RealNamePending:  {"approve": RealNameVerified, "reject": RealNameRejected},
	RealNameVerified: {},
}

// SubmitRealName hands in the evidence for the operator to confirm. Errors: one per field
// (Invalid), "account.not_found", "realname.bad_transition" (Conflict) when it waits
// already or is verified.
func (s *Store) SubmitRealName(ctx context.Context, tx *db.Tx, accountID string, in RealName) error {
	a, err := s.Account(ctx, tx, accountID)
	if err != nil {
		return err
	}
	in.Name, in.Number = trim(in.Name), strings.ToUpper(trim(in.Number))
	var c errs.Check
	c.Length("name", in.Name, 2, 100)
	if c.Length("number", in.Number, 5, 40) && strings.ContainsFunc(in.Number, notCertificate) {
		c.Add("number", "identity.bad_number")
	}
	if a.Kind == CompanyAccount && len(in.Files) == 0 {
		c.Add("files", "required")
	}
	CheckScans(&c, "files", in.Files)
	for i, f := range in.Files {
		c.Length(fmt.Sprintf("files[%d]", i), f, 1, 200)
	}
	if err := c.Err(); err != nil {
		return err
	}
	sealed, err := s.Box.Seal([]byte(in.Number), numberContext(accountID))
	if err != nil {
		return err
	}
	if in.Files == nil {
		in.Files = []string{}
	}
	const sqlSubmit = `update accounts set real_name_state = $1, real_name = $2, real_name_number = $3, real_name_hint = $4,
real_name_files = $5, real_name_reason = '', real_name_at = $6, version = version + 1 where id = $7 and real_name_state in ('none', 'rejected')`
	n, err := db.Exec(ctx, tx, sqlSubmit, RealNamePending, in.Name, sealed, in.Number[max(0, len(in.Number)-4):], db.JSON(in.Files), tx.Now, accountID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("realname.bad_transition", "state", a.RealNameState)
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "realname.submit", Object: "account", ObjectID: accountID, AccountID: accountID, Detail: map[string]string{"name": in.Name}})
}

func notCertificate(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r == '-' || r == '(' || r == ')')
}

func numberContext(accountID string) string { return "accounts.real_name_number:" + accountID }

const sqlDecideRealName = `update accounts set real_name_state = $1, real_name_reason = $2, real_name_at = $3, version = version + 1
where id = $4 and real_name_state = 'pending' and version = $5`

// DecideRealName confirms or rejects what the operator has seen, told by the version of
// the account. A rejection needs a reason. Errors: field "reason", "account.not_found",
// "realname.bad_transition" (Conflict).
func (s *Store) DecideRealName(ctx context.Context, tx *db.Tx, accountID string, version int64, approve bool, reason string) error {
	var c errs.Check
	state, action := RealNameVerified, "realname.approve"
	if !approve {
		state, action = RealNameRejected, "realname.reject"
		c.Length("reason", reason, 2, 500)
	}
	if err := c.Err(); err != nil {
		return err
	}
	a, err := s.Account(ctx, tx, accountID)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, sqlDecideRealName, state, trim(reason), tx.Now, accountID, version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("realname.bad_transition", "state", a.RealNameState)
	}
	s.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: action, Object: "account", ObjectID: accountID, AccountID: accountID, Reason: trim(reason), Detail: map[string]string{"name": a.RealName}})
}

// RevealRealNameNumber gives the operator the number to compare with the scan and records
// that it was shown. Errors: "account.not_found", "realname.none" (NotFound).
func (s *Store) RevealRealNameNumber(ctx context.Context, tx *db.Tx, accountID string) (string, error) {
	sealed, ok, err := db.Maybe[string](ctx, tx, `select real_name_number from accounts where id = $1`, accountID)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", errs.NotFoundf("account.not_found")
	case sealed == "":
		return "", errs.NotFoundf("realname.none")
	}
	plain, err := s.Box.Open(sealed, numberContext(accountID))
	if err != nil {
		return "", err
	}
	return string(plain), audit.Record(ctx, tx, audit.Entry{Action: "realname.reveal", Object: "account", ObjectID: accountID, AccountID: accountID})
}

const sqlRealNames = `select ` + accountColumns + `, o.name as owner_name, o.email as owner_email, 0 as users
from accounts a join users o on o.account_id = a.id and o.owner
where a.real_name_state = $1 and ($2 = '' or a.id > $2) order by a.id limit $3`
const sqlRealNamesCount = `select count(*) from (select 1 from accounts where real_name_state = $1 limit $2) n`

// RealNames is the operator's work-list of one state, oldest account first.
func (s *Store) RealNames(ctx context.Context, q db.Querier, state string, p page.Query) (page.Page[AccountLine], error) {
	if state == "" {
		state = RealNamePending
	}
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[AccountLine]{}, err
	}
	rows, err := db.List[AccountLine](ctx, q, sqlRealNames, state, key[0], p.Size()+1)
	if err != nil {
		return page.Page[AccountLine]{}, err
	}
	n, err := db.One[int](ctx, q, sqlRealNamesCount, state, page.TotalCap+1)
	return page.Of(p, rows, func(a AccountLine) []string { return []string{a.ID} }).WithTotal(n), err
}

func trim(s string) string { return strings.TrimSpace(s) }
