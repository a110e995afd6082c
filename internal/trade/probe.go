package trade

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/job"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/notification"
	"jishi/internal/market/probing"
)

// probeTime bounds one probe: a server that hangs fails its remaining cases.
const probeTime = 2 * time.Minute

// RunProbe is the handler of probing.JobKind. The product is looked at again when the run
// begins: it may have been taken down, or probing switched off, since the run was planned.
func (t *Trade) RunProbe(ctx context.Context, j job.Job) error {
	var w probing.Wake
	if err := j.Decode(&w); err != nil {
		return err
	}
	var run probing.Run
	var p catalog.Product
	over := false
	err := t.DB.Update(ctx, func(tx *db.Tx) error {
		var found bool
		var err error
		run, found, err = probing.Start(ctx, tx, w.Run)
		if over = !found; err != nil || !found {
			return err
		}
		skip := ""
		if p, skip, err = t.probed(ctx, tx, run); err != nil {
			return err
		}
		run.AddressID = p.AddressID
		if skip == "" {
			return nil
		}
		over = true
		if err := job.Done(ctx, tx, j); err != nil {
			return err
		}
		return probing.Finish(ctx, tx, &run, probing.Outcome{Skip: skip})
	})
	if err != nil || over {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	out, err := t.RunCases(limited, p)
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // asked to stop: another node makes the run again
	case errors.Is(err, context.DeadlineExceeded):
		out, err = probing.Outcome{Cases: out.Cases, Code: "probing.too_slow", Args: map[string]any{"seconds": int(probeTime / time.Second)}}, nil
	case err != nil:
		return err
	}
	return t.DB.Update(ctx, func(tx *db.Tx) error {
		if err := job.Done(ctx, tx, j); err != nil {
			return err
		}
		if err := probing.Finish(ctx, tx, &run, out); err != nil {
			return err
		}
		return t.afterProbe(ctx, tx, run)
	})
}

// probed reads what a run needs, or why there is nothing to probe.
func (t *Trade) probed(ctx context.Context, tx *db.Tx, r probing.Run) (p catalog.Product, skip string, err error) {
	site, zone, err := t.site(ctx)
	if err != nil {
		return p, "", err
	}
	if p, err = t.Catalog.Product(ctx, tx, r.ProductID); err != nil {
		return p, "", err
	}
	task, frozen, err := probing.PendingTask(ctx, tx, p.ID, probing.TaskFrozen)
	if err != nil {
		return p, "", err
	}
	if frozen && p.State.Sold() { // an operator lifted the suspension in the catalogue
		if err := t.closeLifted(ctx, tx, &task, p, zone); err != nil {
			return p, "", err
		}
		frozen = false
	}
	v, err := t.Sellers.Get(ctx, tx, p.SellerID)
	if err != nil {
		return p, "", err
	}
	switch {
	case !site.Probing.Enabled && r.Half != "now":
		return p, probing.SkipOff, nil
	case !p.State.Sold() && !(frozen && p.State == catalog.Suspended):
		return p, probing.SkipProduct, nil
	case v.State != "active":
		return p, probing.SkipSeller, nil
	}
	return p, "", nil
}

// afterProbe does what a run's result means for the product.
func (t *Trade) afterProbe(ctx context.Context, tx *db.Tx, r probing.Run) error {
	if r.State == probing.Skipped {
		return t.noticeUnprobed(ctx, tx, r)
	}
	site, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	days, err := probing.FailingDays(ctx, tx, r.ProductID, zone)
	if err != nil {
		return err
	}
	p, err := t.Catalog.Product(ctx, tx, r.ProductID)
	if err != nil {
		return err
	}
	task, frozen, err := probing.PendingTask(ctx, tx, p.ID, probing.TaskFrozen)
	if err != nil {
		return err
	}
	if r.State == probing.Passed {
		if frozen && task.State == probing.TaskConfirmed {
			return t.liftFrozen(ctx, tx, &task, p, zone, i18n.Message(i18n.ZH, "probing.passed_again", nil)+" / "+i18n.Message(i18n.EN, "probing.passed_again", nil))
		}
		return nil
	}
	if err := t.noticeProbe(ctx, tx, p, r, days); err != nil || frozen || days < site.Probing.Days || !p.State.Sold() {
		return err
	}
	if site.Probing.AutoFreeze {
		return t.freeze(ctx, tx, p, days)
	}
	if _, asked, err := probing.OpenTask(ctx, tx, probing.TaskFailing, p.ID, p.SellerID, days); err != nil || !asked {
		return err
	}
	return t.askOperators(ctx, tx, p, "probe_failing", days)
}

// noticeUnprobed tells operators once that the cases of a product, which was probed until now,
// are gone: nobody watches it any more.
func (t *Trade) noticeUnprobed(ctx context.Context, tx *db.Tx, r probing.Run) error {
	if r.Reason != probing.SkipCases {
		return nil
	}
	probed, err := probing.ProbedBefore(ctx, tx, r)
	if err != nil || !probed {
		return err
	}
	p, err := t.Catalog.Product(ctx, tx, r.ProductID)
	if err != nil {
		return err
	}
	return t.askOperators(ctx, tx, p, "probe_no_cases", 0)
}

// freeze stops trading and takes the product out of lists until its probes pass again.
func (t *Trade) freeze(ctx context.Context, tx *db.Tx, p catalog.Product, days int) error {
	if _, err := t.Catalog.Suspend(ctx, tx, p.ID, inBoth("probing.frozen_reason", errs.Args{"days": days}), time.Time{}); err != nil {
		return err
	}
	if _, asked, err := probing.OpenTask(ctx, tx, probing.TaskFrozen, p.ID, p.SellerID, days); err != nil || !asked {
		return err
	}
	return t.askOperators(ctx, tx, p, "probe_frozen", days)
}

func (t *Trade) askOperators(ctx context.Context, tx *db.Tx, p catalog.Product, code string, days int) error {
	return t.Notices.Post(ctx, tx, notification.Message{Permission: access.ProductPenalty, Class: notification.ClassProbe,
		Code: code, Link: "/operator/probing/" + p.ID, Args: notification.Args{"product": p.Name, "days": days}})
}

func (t *Trade) liftFrozen(ctx context.Context, tx *db.Tx, task *probing.Task, p catalog.Product, zone *time.Location, reason string) error {
	if p.State == catalog.Suspended {
		if _, err := t.Catalog.Lift(ctx, tx, p.ID, reason); err != nil {
			return err
		}
	}
	return t.closeLifted(ctx, tx, task, p, zone)
}

func (t *Trade) closeLifted(ctx context.Context, tx *db.Tx, task *probing.Task, p catalog.Product, zone *time.Location) error {
	if err := task.End(ctx, tx, probing.TaskLifted); err != nil {
		return err
	}
	return probing.CountFrom(ctx, tx, p.ID, p.SellerID, zone)
}

// repairDays is how many working days the seller has (saas.md §11.3).
const repairDays = 2

// noticeProbe tells the seller of a failed probe by message and mail.
func (t *Trade) noticeProbe(ctx context.Context, tx *db.Tx, p catalog.Product, r probing.Run, days int) error {
	s, err := sellerOf(ctx, tx, p.SellerID)
	if err != nil {
		return err
	}
	link := "/seller/probing/" + p.ID
	args := notification.Args{"product": p.Name, "failed": r.FailedCases, "cases": r.Cases, "days": days, "repair": repairDays,
		"reason": i18n.Message(s.Locale, r.ErrorCode, r.ErrorArgs), "link": t.PublicURL + link}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: s.AccountID, Permission: access.AddressRead,
		Class: notification.ClassProbe, Code: "probe_failed", Link: link, Args: args}); err != nil {
		return err
	}
	to := []string{s.Owner}
	if s.Service != "" && s.Service != s.Owner {
		to = append(to, s.Service)
	}
	for _, address := range to {
		if err := t.Notices.Mail(ctx, tx, notification.To{Address: address, Name: s.Name.In(s.Locale)}, s.Locale, "probe_failed", args); err != nil {
			return err
		}
	}
	return nil
}

// PlanProbes writes the runs of the present half of the day and wakes those that are due; a
// periodic job calls it on every node.
func (t *Trade) PlanProbes(ctx context.Context, tx *db.Tx) (more bool, err error) {
	site, zone, err := t.site(ctx)
	if err != nil {
		return false, err
	}
	if err := probing.Sweep(ctx, tx); err != nil {
		return false, err
	}
	if err := probing.CloseDelisted(ctx, tx); err != nil {
		return false, err
	}
	if site.Probing.Enabled {
		if more, err = probing.Plan(ctx, tx, zone, rand.IntN); err != nil {
			return false, err
		}
	}
	waiting, err := probing.Enqueue(ctx, tx)
	return more || waiting, err
}

// ProbeNow plans a run of a product at once, for an operator. "probing.not_probed" (Conflict)
// for a product that is not sold and not frozen because of its probes.
func (t *Trade) ProbeNow(ctx context.Context, tx *db.Tx, productID, by string) (probing.Run, error) {
	_, zone, err := t.site(ctx)
	if err != nil {
		return probing.Run{}, err
	}
	p, err := t.Catalog.Product(ctx, tx, productID)
	if err != nil {
		return probing.Run{}, err
	}
	_, frozen, err := probing.PendingTask(ctx, tx, p.ID, probing.TaskFrozen)
	if err != nil {
		return probing.Run{}, err
	}
	if !p.State.Sold() && !frozen || p.AddressID == "" {
		return probing.Run{}, errs.Conflictf("probing.not_probed", "state", p.State)
	}
	return probing.Ask(ctx, tx, p.ID, p.SellerID, p.AddressID, by, zone)
}

// DecideProbeTask does what an operator decided about a task, with a comment of 2–500
// characters that the seller reads as the reason. "probing.task_not_found",
// "probing.task_decided" (Conflict), and what the catalogue refuses.
func (t *Trade) DecideProbeTask(ctx context.Context, tx *db.Tx, taskID string, a probing.Action, comment string) (probing.Task, error) {
	_, zone, err := t.site(ctx)
	if err != nil {
		return probing.Task{}, err
	}
	task, err := probing.FindTask(ctx, tx, taskID)
	if err != nil {
		return task, err
	}
	if err := probing.Decide(ctx, tx, &task, a, comment); err != nil {
		return task, err
	}
	p, err := t.Catalog.Product(ctx, tx, task.ProductID)
	if err != nil {
		return task, err
	}
	switch a {
	case probing.LiftNow:
		if p.State == catalog.Suspended {
			if _, err := t.Catalog.Lift(ctx, tx, p.ID, comment); err != nil {
				return task, err
			}
		}
		return task, probing.CountFrom(ctx, tx, p.ID, p.SellerID, zone)
	case probing.Delist:
		if p.State != catalog.Delisted {
			if _, err := t.Catalog.Delist(ctx, tx, p.ID, comment); err != nil {
				return task, err
			}
		}
		return task, probing.CloseDelisted(ctx, tx)
	case probing.Freeze:
		if p.State.Sold() {
			return task, t.freeze(ctx, tx, p, task.Count)
		}
	}
	return task, nil
}
