package voucher

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// Target is an account to which a directed campaign gives vouchers.
type Target struct {
	CampaignID  string `db:"campaign_id" json:"-"`
	AccountID   string `db:"account_id" json:"accountId"`
	AccountName string `db:"account_name" json:"accountName"`
	Number      int    `db:"number" json:"number"`
}

type targetRow struct {
	CampaignID string `db:"campaign_id"`
	AccountID  string `db:"account_id"`
	Number     int    `db:"number"`
}

const sqlTargets = `select t.campaign_id, t.account_id, a.name as account_name, t.number from voucher_targets t join accounts a on a.id = t.account_id
where t.campaign_id = $1 order by a.name, t.account_id`

// Targets lists the accounts of a directed campaign.
func Targets(ctx context.Context, q db.Querier, campaignID string) ([]Target, error) {
	return db.List[Target](ctx, q, sqlTargets, campaignID)
}

// maxTargets bounds the accounts of one campaign.
const maxTargets = 1000

const sqlAccountName = `select name from accounts where id = $1 and state = 'active'`

// ReadTargets reads a filled template: CSV lines of account id, account name (which must be
// the account's, so that a slip is noticed; may be empty) and number of vouchers (1 where left
// out); a first line whose first cell is no account id is the heading. Each faulty line is a
// field error "line <n>".
func ReadTargets(ctx context.Context, q db.Querier, c Campaign, text string) ([]Target, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	var out []Target
	var k errs.Check
	for first := true; ; first = false {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil { // a line that cannot be read has no fields to ask for their place
			line := 1
			var p *csv.ParseError
			if errors.As(err, &p) {
				line = p.Line
			}
			k.Add(fmt.Sprintf("line %d", line), "voucher.csv")
			break
		}
		line, _ := r.FieldPos(0)
		at := fmt.Sprintf("line %d", line)
		account := strings.TrimSpace(cells[0])
		if account == "" || first && !strings.HasPrefix(account, "acc_") {
			continue
		}
		if len(out) == maxTargets {
			k.Add(at, "too_many_items", "max", maxTargets)
			break
		}
		t, fault, err := readTarget(ctx, q, c, account, cells)
		switch {
		case err != nil:
			return nil, err
		case fault != "":
			k.Add(at, fault, "account", account, "max", c.PerAccount)
		case slices.ContainsFunc(out, func(x Target) bool { return x.AccountID == account }):
			k.Add(at, "duplicate")
		default:
			out = append(out, t)
		}
	}
	if len(out) == 0 && k.OK() {
		k.Add("csv", "voucher.no_accounts")
	}
	return out, k.Err()
}

func readTarget(ctx context.Context, q db.Querier, c Campaign, account string, cells []string) (t Target, fault string, err error) {
	cell := func(i int) string {
		if i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	name, found, err := db.Maybe[string](ctx, q, sqlAccountName, account)
	switch {
	case err != nil:
		return t, "", err
	case !found:
		return t, "voucher.unknown_account", nil
	case cell(1) != "" && cell(1) != name:
		return t, "voucher.account_name", nil
	}
	t = Target{CampaignID: c.ID, AccountID: account, AccountName: name, Number: 1}
	if cell(2) != "" {
		if t.Number, err = strconv.Atoi(cell(2)); err != nil || t.Number < 1 || t.Number > c.PerAccount {
			return t, "voucher.number", nil
		}
	}
	return t, "", nil
}

const sqlAddTarget = `insert into voucher_targets (campaign_id, account_id, number) values ($1, $2, $3)
on conflict (campaign_id, account_id) do update set number = voucher_targets.number + excluded.number where voucher_targets.number + excluded.number <= $4`

// SetTargets uploads the accounts of a directed campaign. Those of a draft replace the ones
// before and get their vouchers when it is published; to a published one they are added and
// get theirs at once, which come back. Field errors of ReadTargets; "voucher.all_claimed",
// "voucher.bad_state" (Conflict).
func SetTargets(ctx context.Context, tx *db.Tx, campaignID, sellerID, text string) (Campaign, []Target, error) {
	c, err := hold(ctx, tx, campaignID, sellerID)
	if err != nil {
		return c, nil, err
	}
	if c.Kind != Directed || c.State != Draft && (c.State != Published || !c.ClaimUntil.After(tx.Now)) {
		return c, nil, badState(c)
	}
	list, err := ReadTargets(ctx, tx, c, text)
	if err != nil {
		return c, nil, err
	}
	if c.State == Draft {
		if _, err := db.Exec(ctx, tx, sqlDropTargets, c.ID); err != nil {
			return c, nil, err
		}
	}
	var k errs.Check
	for _, t := range list {
		n, err := db.Exec(ctx, tx, sqlAddTarget, c.ID, t.AccountID, t.Number, c.PerAccount)
		if err != nil {
			return c, nil, err
		}
		if n == 0 {
			k.Add("csv", "voucher.claimed_enough_by", "account", t.AccountName, "max", c.PerAccount)
			return c, nil, k.Err()
		}
	}
	if c.State == Draft {
		if sum(list) > c.Total {
			return c, nil, errs.Conflictf("voucher.all_claimed", "state", c.State, "left", c.Total)
		}
		return c, nil, record(ctx, tx, "accounts", c, "")
	}
	if err := c.give(ctx, tx, list); err != nil {
		return c, nil, err
	}
	if _, err := db.Exec(ctx, tx, sqlPublish, c.State, c.Claimed, c.PublishedAt, c.EndedAt, c.ID); err != nil {
		return c, nil, err
	}
	return c, list, record(ctx, tx, "accounts", c, "")
}

func sum(list []Target) (n int) {
	for _, t := range list {
		n += t.Number
	}
	return n
}

// give makes the holdings of a held campaign and counts them; the caller writes the counter.
func (c *Campaign) give(ctx context.Context, tx *db.Tx, list []Target) error {
	left := c.Total - c.Claimed
	if sum(list) > left {
		return errs.Conflictf("voucher.all_claimed", "state", c.State, "left", left)
	}
	var rows []Holding
	for _, t := range list {
		n, err := db.One[int](ctx, tx, sqlHas, c.ID, t.AccountID)
		if err != nil {
			return err
		}
		for i := range t.Number {
			rows = append(rows, c.voucher(t.AccountID, "", n+i+1, tx.Now))
		}
	}
	c.Claimed += len(rows)
	if c.Claimed == c.Total {
		c.State, c.EndedAt = Ended, tx.Now
	}
	for chunk := range slices.Chunk(rows, 100) {
		if err := db.InsertAll(ctx, tx, "voucher_holdings", chunk); err != nil {
			return err
		}
	}
	return nil
}

// voucher is a new one of the campaign: valid from its fixed date on, or for so many days from now.
func (c Campaign) voucher(accountID, userID string, number int, now time.Time) Holding {
	h := Holding{ID: id.New("vch"), CampaignID: c.ID, AccountID: accountID, UserID: userID, Number: number, State: Claimed,
		Face: c.Face, Balance: c.Face, ValidFrom: c.UseFrom, ValidUntil: c.UseUntil, ClaimedAt: now}
	if c.UseDays > 0 {
		h.ValidFrom, h.ValidUntil = now, now.AddDate(0, 0, c.UseDays)
	}
	return h
}
