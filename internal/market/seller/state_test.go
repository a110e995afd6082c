package seller_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/seller"
)

var update = flag.Bool("update", false, "write the documents that are printed from code")

const statesFile = "../../../docs/states/seller-application.md"

func TestStateTableIsDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("# States of a seller application\n\n")
	b.WriteString("Printed from `internal/market/seller/state.go` by `go test ./internal/market/seller -update`. ")
	b.WriteString("An empty cell is the conflict `seller.bad_transition`.\n\n| State |")
	for _, e := range seller.Events {
		fmt.Fprintf(&b, " %s |", e)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(seller.Events)) + "\n")
	for _, s := range seller.States {
		fmt.Fprintf(&b, "| %s |", s)
		for _, e := range seller.Events {
			if to, err := s.Next(e); err == nil {
				fmt.Fprintf(&b, " %s |", to)
			} else {
				b.WriteString(" |")
			}
		}
		b.WriteString("\n")
	}
	if *update {
		if err := os.MkdirAll("../../../docs/states", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(statesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(statesFile)
	if err != nil || string(have) != b.String() {
		t.Fatalf("%s is stale (%v): run go test ./internal/market/seller -update", statesFile, err)
	}
}

// TestEveryOtherPairIsAConflict puts an application into each state and tries each event.
func TestEveryOtherPairIsAConflict(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		for i, state := range seller.States {
			for j, event := range seller.Events {
				account := fmt.Sprintf("acc_%d_%d", i, j)
				b.addAccount(account, "verified")
				a := b.into(account, state)
				err := b.fire(a, event)
				permitted := slices.ContainsFunc(seller.Moves, func(m seller.Move) bool { return m.From == state && m.Event == event })
				// Saving after the end opens a new application: the old one does not move.
				opensNew := event == seller.Save && (state == seller.Approved || state == seller.Withdrawn)
				if permitted || opensNew {
					if err != nil {
						t.Errorf("%s in %s: %v", event, state, err)
					}
				} else if e, ok := errs.As(err); !ok || e.Kind != errs.Conflict || e.Code != "seller.bad_transition" || e.State != string(state) {
					t.Errorf("%s in %s: %v", event, state, err)
				}
				now, err := b.s.ApplicationOf(b.ctx, b.d, account, a.ID)
				if err != nil {
					t.Fatal(err)
				}
				want := state
				if permitted {
					want, _ = state.Next(event)
				}
				if now.State != want {
					t.Errorf("%s in %s led to %s, want %s", event, state, now.State, want)
				}
			}
		}
	})
}

func (b *bundle) into(account string, s seller.State) seller.Application {
	b.t.Helper()
	a := b.draft(account, form(account))
	steps := map[seller.State][]seller.Event{
		seller.Reviewing: {seller.Submit}, seller.Approved: {seller.Submit, seller.Approve},
		seller.Rejected: {seller.Submit, seller.Reject}, seller.Withdrawn: {seller.Submit, seller.Withdraw},
	}
	for _, e := range steps[s] {
		if err := b.fire(a, e); err != nil {
			b.t.Fatal(e, err)
		}
	}
	return a
}

func (b *bundle) fire(a seller.Application, e seller.Event) error {
	decision := seller.Decision{ApplicationID: a.ID, Reviewer: "opr_1", Checks: allChecks, Reason: "资料不全"}
	_, err := in(b, func(tx *db.Tx) (seller.Application, error) {
		switch e {
		case seller.Save:
			return b.s.SaveDraft(b.ctx, tx, a.AccountID, a.Form)
		case seller.Withdraw:
			return b.s.WithdrawApplication(b.ctx, tx, a.AccountID, a.ID)
		case seller.Approve:
			return b.s.Approve(b.ctx, tx, decision)
		case seller.Reject:
			return b.s.Reject(b.ctx, tx, decision)
		}
		return b.s.Submit(b.ctx, tx, seller.SubmitInput{AccountID: a.AccountID, ApplicationID: a.ID, Agreements: agreements})
	})
	return err
}
