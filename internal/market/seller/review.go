package seller

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Tick is a line of the check-list with what the reviewer and the computer say.
type Tick struct {
	Code     string `json:"code"`
	Ticked   bool   `json:"ticked"`   // by the reviewer
	Computed string `json:"computed"` // "" not computed, "met", "failed", "unknown"
}

// What Tick.Computed holds.
const (
	Met     = "met"
	Failed  = "failed"
	Unknown = "unknown"
)

// Checklist is the admission conditions with the computed ones filled in at day; those
// that the reviewer ticked are marked (catalog-and-roles.md B1). A change has no
// conditions.
func (c Config) Checklist(a Application, day time.Time) []Tick {
	list := []Tick{}
	if a.Kind == Change {
		return list
	}
	for _, condition := range c.Conditions {
		t := Tick{Code: condition.Code}
		switch condition.Code {
		case ConditionAge:
			t.Computed = c.age(a.Form, day)
		case ConditionCapital:
			t.Computed = c.capital(a.Form)
		}
		for _, had := range a.Checks {
			if had.Code == t.Code {
				t.Ticked = had.Ticked
			}
		}
		list = append(list, t)
	}
	return list
}

func (c Config) age(f Form, day time.Time) string {
	founded, err := time.Parse(time.DateOnly, f.Founded)
	if err != nil {
		return Unknown
	}
	if founded.AddDate(c.MinAgeYears, 0, 0).After(day) {
		return Failed
	}
	return Met
}

// capital cannot compare two currencies: that is left to the reviewer.
func (c Config) capital(f Form) string {
	have, err := money.Parse(f.Capital.Amount)
	want, err2 := money.Parse(c.MinCapital)
	switch {
	case err != nil || err2 != nil || f.Capital.Currency != c.CapitalCurrency:
		return Unknown
	case have < want:
		return Failed
	}
	return Met
}

// Decision is a reviewer's. Checks are the codes of the conditions that were ticked.
type Decision struct {
	ApplicationID string
	Version       int64 // of the application as the reviewer saw it
	Reviewer      string
	Checks        []string
	Reason        string
}

// Approve admits a seller, or puts a change into force (审核通过). Every condition must be
// ticked; one whose computation failed needs a reason besides. A new seller gets a V1 Key
// and a message in the same transaction. Errors: "seller.application_not_found",
// "seller.bad_transition", "seller.application_changed", "invalid" (checks, reason).
func (s *Store) Approve(ctx context.Context, tx *db.Tx, d Decision) (Application, error) {
	a, err := s.decidable(ctx, tx, d, Approve)
	if err != nil {
		return a, err
	}
	config, err := s.Config(ctx)
	if err != nil {
		return a, err
	}
	if a.Checks, err = config.ticked(a, d, tx.Now); err != nil {
		return a, err
	}
	code, path := NoticeApproved, "/seller"
	if a.Kind == Change {
		code, path = NoticeChanged, "/seller/shop"
		err = s.changeSeller(ctx, tx, a)
	} else {
		a.SellerID = id.New("sel")
		err = s.admit(ctx, tx, a)
	}
	if err != nil {
		return a, err
	}
	a.Reason, a.ReviewerID, a.DecidedAt = d.Reason, d.Reviewer, tx.Now
	if err := s.move(ctx, tx, &a, Approve, d.Reason); err != nil {
		return a, err
	}
	return a, s.notify(ctx, tx, Notice{AccountID: a.AccountID, Email: a.Form.ServiceEmail, Code: code, Path: path,
		Args: map[string]any{"seller": a.Form.Name}})
}

func (c Config) ticked(a Application, d Decision, day time.Time) ([]Tick, error) {
	list := c.Checklist(a, day)
	var check errs.Check
	for i := range list {
		list[i].Ticked = slices.Contains(d.Checks, list[i].Code)
		if !list[i].Ticked {
			check.Add("checks", "seller.checks")
		} else if list[i].Computed == Failed && d.Reason == "" {
			check.Add("reason", "seller.reason_for_exception")
		}
	}
	check.Length("reason", d.Reason, 0, 500)
	return list, check.Err()
}

// Reject sends an application back with a reason of 2–500 characters (驳回). Errors as Approve.
func (s *Store) Reject(ctx context.Context, tx *db.Tx, d Decision) (Application, error) {
	a, err := s.decidable(ctx, tx, d, Reject)
	if err != nil {
		return a, err
	}
	if err := checkReason(d.Reason); err != nil {
		return a, err
	}
	config, err := s.Config(ctx)
	if err != nil {
		return a, err
	}
	a.Checks = config.Checklist(a, tx.Now)
	for i := range a.Checks {
		a.Checks[i].Ticked = slices.Contains(d.Checks, a.Checks[i].Code)
	}
	a.Reason, a.ReviewerID, a.DecidedAt = d.Reason, d.Reviewer, tx.Now
	if err := s.move(ctx, tx, &a, Reject, d.Reason); err != nil {
		return a, err
	}
	return a, s.notify(ctx, tx, Notice{AccountID: a.AccountID, Email: a.Form.ServiceEmail, Code: NoticeRejected, Path: "/seller/apply",
		Args: map[string]any{"seller": a.Form.Name, "reason": d.Reason}})
}

func (s *Store) decidable(ctx context.Context, tx *db.Tx, d Decision, e Event) (Application, error) {
	a, err := s.Application(ctx, tx, d.ApplicationID)
	if err != nil {
		return a, err
	}
	if _, err := a.State.Next(e); err != nil {
		return a, err
	}
	if d.Version != 0 && d.Version != a.Version {
		return a, errs.Conflictf("seller.application_changed", "state", string(a.State))
	}
	return a, nil
}

func checkReason(reason string) error {
	var c errs.Check
	c.Length("reason", strings.TrimSpace(reason), 2, 500)
	return c.Err()
}

// Application is any application, for operators. "seller.application_not_found".
func (s *Store) Application(ctx context.Context, q db.Querier, applicationID string) (Application, error) {
	return found(db.Maybe[Application](ctx, q, sqlApplicationByID, applicationID))
}

// admit writes the seller of an approved application with its V1 Key.
func (s *Store) admit(ctx context.Context, tx *db.Tx, a Application) error {
	row := sellerRow{Seller: Seller{
		ID: a.SellerID, AccountID: a.AccountID, Name: a.Form.Name, State: Active, ServiceEmail: a.Form.ServiceEmail, ServicePhone: a.Form.ServicePhone,
		LogoKey: a.Form.LogoKey, Form: a.Form, CompanyName: a.CompanyName, Certificate: a.Certificate, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}, Search: searchText(a.Form, a.CompanyName)}
	written, err := db.InsertIfAbsent(ctx, tx, "sellers", row)
	if err == nil && !written {
		err = errs.Conflictf("seller.exists")
	}
	if err != nil {
		return err
	}
	if _, err := s.createKey(ctx, tx, a.SellerID, V1, ""); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "seller.admit", Object: "seller", ObjectID: a.SellerID, AccountID: a.AccountID})
}
