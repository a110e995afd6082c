package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/integration"
	"jishi/internal/market/probing"
)

// CaseRunner runs the saved cases of a product's required set with testFlag=1, outside any
// transaction. What the server does wrong is in the outcome; an error is a fault of ours, and
// the run is made again.
type CaseRunner func(ctx context.Context, p catalog.Product) (probing.Outcome, error)

// SavedCases is the CaseRunner of a marketplace: the cases of the version that is sold. A case
// that does not hold any more is not run; without any there is nothing to probe. An address
// that lost its key or its proof fails, since no order could be delivered to it either.
func SavedCases(d *db.DB, c *catalog.Store, i *integration.Store) CaseRunner {
	return func(ctx context.Context, p catalog.Product) (probing.Outcome, error) {
		target, need, err := c.LiveCases(ctx, d, p.ID)
		if err != nil {
			return probing.Outcome{}, err
		}
		batch, err := i.RunCases(ctx, integration.BatchInput{Target: target, Source: integration.SourceProbe, Need: &need})
		out := probing.Outcome{Cases: make([]probing.Case, 0, len(batch.Results))}
		for _, r := range batch.Results {
			one := probing.Case{Scenario: r.Scenario, Title: integration.ScenarioTitle(target.Generation, r.Scenario), RunID: r.RunID, Passed: r.Passed,
				DurationMS: r.Duration.Milliseconds()}
			if r.Problem != nil {
				hidden := r.Problem.Hidden() // operators read it too: no signature
				one.Code, one.Args = hidden.Code, map[string]any{}
				for k, v := range hidden.Args {
					one.Args[k] = v
				}
			}
			out.Cases = append(out.Cases, one)
		}
		if e, ok := errs.As(err); ok && integration.CannotCall(err) {
			out.Code, out.Args = e.Code, e.Args
			return out, nil
		}
		if err == nil && len(out.Cases) == 0 {
			out.Skip = probing.SkipCases
		}
		return out, err
	}
}
