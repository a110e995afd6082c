package integration

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
	"jishi/wire/saas"
)

// Case is a saved case (调试用例): a call that a server has answered as it should, ready to be made again.
type Case struct {
	ID           string            `db:"id"`
	SellerID     string            `db:"seller_id"`
	AddressID    string            `db:"address_id"`
	Origin       string            `db:"origin"` // of the address when it was proven
	Path         string            `db:"path"`
	Generation   saas.Generation   `db:"generation"`
	Scenario     string            `db:"scenario"`
	Position     int               `db:"position"` // of the scenario in its table
	Parameters   map[string]string `db:"parameters,json"`
	EncryptType  saas.EncryptType  `db:"encrypt_type"`
	InstanceFrom string            `db:"instance_from"` // the saved purchase whose instance it calls
	KeyID        string            `db:"key_id"`        // the key that it was proven with
	InstanceID   string            `db:"instance_id"`   // of a purchase: what the server answered last
	Exchange
	SavedAt     time.Time         `db:"saved_at"`
	SavedBy     string            `db:"saved_by"`
	SavedName   string            `db:"saved_name"`
	LastRunID   string            `db:"last_run_id"`
	LastAt      time.Time         `db:"last_at"`
	LastSource  Source            `db:"last_source"`
	LastKeyID   string            `db:"last_key_id"`
	LastPassed  bool              `db:"last_passed"`
	LastCode    string            `db:"last_code"`
	LastArgs    map[string]string `db:"last_args,json"`
	PendingKey  string            `db:"pending_key_id"` // the pending key that it was last tried with
	PendingAt   time.Time         `db:"pending_at"`
	PendingPass bool              `db:"pending_passed"`
	Version     int64             `db:"version"`
}

// CaseRow is a case with what decides whether it holds.
type CaseRow struct {
	Case
	AddressOrigin string    `db:"address_origin"`
	CurrentKey    string    `db:"current_key"` // the key in force, "" where there is none
	SellerName    i18n.Text `db:"seller_name"`
}

// Why a case does not serve (saas.md §11.1, §11.2).
const (
	LackNone    = "none"    // it was never saved
	LackKey     = "key"     // the key has changed since
	LackAddress = "address" // the address has another origin now
	LackFailed  = "failed"  // its last run failed
	LackStale   = "stale"   // it has not passed again just now
)

// Invalid is why the case does not hold any more: LackKey, LackAddress, or "" for one that holds.
func (c CaseRow) Invalid() string {
	switch {
	case c.Origin != c.AddressOrigin:
		return LackAddress
	case c.KeyID != c.CurrentKey:
		return LackKey
	}
	return ""
}

// Target is what the case belongs to.
func (c Case) Target() Target {
	return Target{SellerID: c.SellerID, AddressID: c.AddressID, Path: c.Path, Generation: c.Generation}
}

func (c Case) creates() bool {
	sc, ok := saas.ScenarioOf(c.Generation, c.Scenario)
	return ok && sc.Creates()
}

func find(list []Case, scenario string) *Case {
	if i := slices.IndexFunc(list, func(c Case) bool { return c.Scenario == scenario }); i >= 0 {
		return &list[i]
	}
	return nil
}

// current are the parameters for a run now: the instance is the one that its purchase has at present, and an expiry that
// has nearly come is moved on, since cases are run for years.
func (c Case) current(all []Case, now time.Time, zone *time.Location) map[string]string {
	out := make(map[string]string, len(c.Parameters))
	for name, value := range c.Parameters {
		out[name] = value
	}
	if from := find(all, c.InstanceFrom); from != nil && from.InstanceID != "" {
		out["instanceId"] = from.InstanceID
	}
	sc, ok := saas.ScenarioOf(c.Generation, c.Scenario)
	if at := out["expireTime"]; ok && at != "" {
		fresh := sc.Preset(saas.Dummies{Now: now, Zone: zone})["expireTime"]
		soon := saas.FormatExpireTime(now.Add(48*time.Hour), time.UTC)
		if at < soon && fresh != "" {
			out["expireTime"] = fresh
		}
	}
	return out
}

const caseColumns = `c.id, c.seller_id, c.address_id, c.origin, c.path, c.generation, c.scenario, c.position, c.parameters, c.encrypt_type,
c.instance_from, c.key_id, c.instance_id, c.method, c.url, c.request_head, c.request_body, c.status, c.response_head, c.response_body,
c.response_size, c.saved_at, c.saved_by, c.saved_name, c.last_run_id, c.last_at, c.last_source, c.last_key_id, c.last_passed,
c.last_code, c.last_args, c.pending_key_id, c.pending_at, c.pending_passed, c.version`

// caseInForce joins what decides whether a case holds: the present origin and key.
const caseInForce = ` from integration_cases c join production_addresses a on a.id = c.address_id join sellers s on s.id = c.seller_id
left join access_keys k1 on c.generation = 'v1' and k1.seller_id = c.seller_id and k1.generation = 'v1' and k1.state = 'active'
left join address_keys b on c.generation = 'v2' and b.address_id = c.address_id and b.category = 'base' and b.role = 'active'`

const caseRowColumns = caseColumns + `, a.origin as address_origin, coalesce(k1.id, b.key_id, '') as current_key, s.name as seller_name`

const sqlCasesOfTarget = `select ` + caseRowColumns + caseInForce + `
where c.seller_id = $1 and c.address_id = $2 and c.path = $3 and c.generation = $4 order by c.position`

const sqlCase = `select ` + caseRowColumns + caseInForce + ` where c.id = $1 and ($2 = '' or c.seller_id = $2)`

func (s *Store) rowsOfTarget(ctx context.Context, q db.Querier, t Target) ([]CaseRow, error) {
	return db.List[CaseRow](ctx, q, sqlCasesOfTarget, t.SellerID, t.AddressID, t.Path, t.Generation)
}

func (s *Store) ofTarget(ctx context.Context, q db.Querier, t Target) ([]Case, error) {
	rows, err := s.rowsOfTarget(ctx, q, t)
	return plainCases(rows), err
}

func plainCases(rows []CaseRow) []Case {
	out := make([]Case, len(rows))
	for i, r := range rows {
		out[i] = r.Case
	}
	return out
}

// CaseOf is a case of the seller; an empty sellerID reads any, for operators. "integration.case_not_found".
func (s *Store) CaseOf(ctx context.Context, q db.Querier, sellerID, caseID string) (CaseRow, error) {
	c, ok, err := db.Maybe[CaseRow](ctx, q, sqlCase, caseID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("integration.case_not_found")
	}
	return c, err
}

// CaseFilter narrows the lists; empty fields do not.
type CaseFilter struct {
	SellerID, AddressID, Path, Generation, Scenario string
	State                                           string // valid, invalid, failed
	Text                                            string // part of the address
}

const caseFilter = ` where ($1 = '' or c.seller_id = $1) and ($2 = '' or c.address_id = $2) and ($3 = '' or c.path = $3) and ($4 = '' or c.generation = $4)
and ($5 = '' or c.scenario = $5) and ($6 = '' or lower(a.origin || c.path) like $6 escape '!')
and ($7 = '' or ($7 = 'failed' and not c.last_passed) or ($7 <> 'failed' and ($7 = 'valid') = (c.origin = a.origin and c.key_id = coalesce(k1.id, b.key_id, ''))))`

const sqlCases = `select ` + caseRowColumns + caseInForce + caseFilter + ` and ($8 = '' or c.id < $8) order by c.id desc limit $9`
const sqlCaseCount = `select count(*) from (select 1` + caseInForce + caseFilter + ` limit $8) as n`

// Cases lists cases, newest first.
func (s *Store) Cases(ctx context.Context, q db.Querier, f CaseFilter, p page.Query) (page.Page[CaseRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[CaseRow]{}, err
	}
	args := []any{f.SellerID, f.AddressID, f.Path, f.Generation, f.Scenario, like(f.Text), f.State}
	rows, err := db.List[CaseRow](ctx, q, sqlCases, append(args[:7:7], key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[CaseRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCaseCount, append(args[:7:7], page.TotalCap+1)...)
	return page.Of(p, rows, func(r CaseRow) []string { return []string{r.ID} }).WithTotal(n), err
}

const sqlSaveCase = `insert into integration_cases (id, seller_id, address_id, origin, path, generation, scenario, position, parameters, encrypt_type,
instance_from, key_id, instance_id, method, url, request_head, request_body, status, response_head, response_body, response_size,
saved_at, saved_by, saved_name, last_run_id, last_at, last_source, last_key_id, last_passed)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $22, $26, $12, $27)
on conflict (address_id, path, generation, scenario) do update set origin = excluded.origin, parameters = excluded.parameters,
encrypt_type = excluded.encrypt_type, instance_from = excluded.instance_from, key_id = excluded.key_id, instance_id = excluded.instance_id,
method = excluded.method, url = excluded.url, request_head = excluded.request_head, request_body = excluded.request_body,
status = excluded.status, response_head = excluded.response_head, response_body = excluded.response_body, response_size = excluded.response_size,
saved_at = excluded.saved_at, saved_by = excluded.saved_by, saved_name = excluded.saved_name, last_run_id = excluded.last_run_id,
last_at = excluded.last_at, last_source = excluded.last_source, last_key_id = excluded.last_key_id, last_passed = excluded.last_passed,
last_code = '', last_args = '{}', pending_key_id = '', pending_at = null, pending_passed = false, version = integration_cases.version + 1`

const sqlCaseID = `select id from integration_cases where address_id = $1 and path = $2 and generation = $3 and scenario = $4`

// saveCase keeps a passed run as the case of its scenario, in the place of an older one.
func (s *Store) saveCase(ctx context.Context, tx *db.Tx, r Run, entered saas.Params) (string, error) {
	cases, err := s.ofTarget(ctx, tx, r.target())
	if err != nil {
		return "", err
	}
	from := ""
	for _, c := range cases {
		if c.creates() && c.InstanceID != "" && c.InstanceID == entered["instanceId"] {
			from = c.Scenario
			break
		}
	}
	position := slices.IndexFunc(saas.Scenarios(r.Generation), func(sc saas.Scenario) bool { return sc.Key == r.Scenario })
	_, err = db.Exec(ctx, tx, sqlSaveCase, id.New("cas"), r.SellerID, r.AddressID, r.Origin, r.Path, r.Generation, r.Scenario, position,
		db.JSON(entered), r.EncryptType, from, r.KeyID, r.InstanceID, r.Method, r.URL, db.JSON(r.RequestHead), r.RequestBody, r.Status,
		db.JSON(r.ResponseHead), r.ResponseBody, r.ResponseSize, r.At, r.ActorID, r.ActorName, r.ID, r.Source, true)
	if err != nil {
		return "", err
	}
	caseID, err := db.One[string](ctx, tx, sqlCaseID, r.AddressID, r.Path, r.Generation, r.Scenario)
	if err != nil {
		return "", err
	}
	return caseID, s.audit(ctx, tx, r.SellerID, "integration.case.save", caseID, "", map[string]any{
		"scenario": r.Scenario, "generation": r.Generation, "address": r.Origin + r.Path})
}

const sqlDeleteCase = `delete from integration_cases where id = $1 and seller_id = $2`

// DeleteCase removes a case; what needs it cannot be published until it is saved again. "integration.case_not_found".
func (s *Store) DeleteCase(ctx context.Context, tx *db.Tx, sellerID, caseID string) error {
	c, err := s.CaseOf(ctx, tx, sellerID, caseID)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlDeleteCase, caseID, sellerID); err != nil {
		return err
	}
	return s.audit(ctx, tx, sellerID, "integration.case.delete", caseID, "", map[string]any{
		"scenario": c.Scenario, "generation": c.Generation, "address": c.Origin + c.Path})
}

func (s *Store) audit(ctx context.Context, tx *db.Tx, sellerID, action, objectID, reason string, detail map[string]any) error {
	v, err := s.Sellers.Get(ctx, tx, sellerID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: action, Object: "integration_case", ObjectID: objectID, AccountID: v.AccountID, Reason: reason, Detail: detail})
}
