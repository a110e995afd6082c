package app

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
	"jishi/internal/edge/console/sandboxes"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/sandbox"
)

const (
	// farthest is how far one move may go; moveFor, how long one call may take.
	farthest = 400 * 24 * time.Hour
	moveFor  = 25 * time.Second
	// tickHour is the hour of the site's zone at which each day of a move is looked at, for
	// what no due tells.
	tickHour = 12
)

// dues are the instants at which something falls due in a realm, each after $1. Whoever
// gives rows a time at which a periodic job acts adds a line; without one the job finds
// them at noon of the day, or where the move ends. Rows are due before the instant that a
// term ends or a change begins, so that this is one microsecond later.
var dues = []struct {
	what, query string
	after       time.Duration
}{
	{"order_deadline", `select min(deadline) from orders where state = 'PENDING_PAYMENT' and deadline > $1`, 0},
	{"auto_renewal", `select min(auto_at) from instances where state = 'ACTIVE' and auto_at > $1`, 0},
	{"term_end", `select min(due_at) from instances where state in ('ACTIVE', 'GRACE', 'RETENTION') and due_at >= $1`, time.Microsecond},
	{"change", `select min(change_at) from instances where change_at >= $1 and state in ('ACTIVE', 'CHANGING', 'GRACE', 'RETENTION')`, time.Microsecond},
	{"reminder", `select min(remind_at) from instances where state in ('ACTIVE', 'CHANGING', 'GRACE', 'RETENTION') and remind_at > $1`, 0},
	{"voucher_end", `select min(valid_until) from voucher_holdings where state = 'CLAIMED' and valid_until > $1`, 0},
	{"discount_end", `select min(ends_at) from discounts where state in ('EFFECTIVE', 'REVIEWING') and ends_at > $1`, 0},
	{"discount_begin", `select min(starts_at) from discounts where kind = 'offer' and state = 'EFFECTIVE' and notified_at is null and starts_at > $1`, 0},
	{"sale_resumes", `select min(suspended_until) from products where state = 'suspended' and suspended_until > $1`, 0},
}

// next is what falls due first after the realm's present instant; nil is nothing.
func (r *realm) next(ctx context.Context) (*sandboxes.Due, error) {
	now := r.app.DB.Now()
	var first *sandboxes.Due
	earlier := func(at time.Time, what string) {
		if at.After(now) && (first == nil || at.Before(first.At)) {
			first = &sandboxes.Due{At: at, What: what}
		}
	}
	for _, d := range dues {
		at, err := db.One[time.Time](ctx, r.app.DB, d.query, now)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			earlier(at.Add(d.after), d.what)
		}
	}
	wait, some, err := fulfillment.NextAttempt(ctx, r.app.DB)
	if err == nil && some {
		earlier(now.Add(wait).Truncate(time.Microsecond), "call")
	}
	return first, err
}

// Move implements sandboxes.Realms.
func (p *realms) Move(ctx context.Context, c access.Caller, w sandboxes.Wish) (sandboxes.Moved, error) {
	var out sandboxes.Moved
	s, err := p.mine(ctx, c)
	if err != nil {
		return out, err
	}
	r, err := p.enter(ctx, s)
	if err != nil {
		return out, err
	}
	defer p.leave(r)
	r.moving.Lock()
	defer r.moving.Unlock()
	err = p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = sandbox.Take(ctx, tx, s.ID)
		return err
	})
	if err != nil {
		return out, err
	}
	// The end is written even when the client has gone.
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if e := p.app.DB.UpdateCtx(end, func(ctx context.Context, tx *db.Tx) error { return sandbox.Release(ctx, tx, s) }); e != nil {
			p.app.Log.Warn("a sandbox stays held until its lease ends", "sandbox", s.ID, "error", e)
		}
	}()
	if s.Storage != r.storage || s.State != sandbox.Open {
		return out, errs.Conflictf("sandbox.busy", "state", s.State)
	}
	r.app.inside.clock.Set(s.Clock)
	m := mover{realms: p, realm: r, s: &s, lang: i18n.FromContext(ctx), since: clock.Wall{}.Now(), told: map[string]bool{}, events: []sandboxes.Event{}}
	out.From = s.Clock
	if out.Target, err = m.target(ctx, w); err != nil {
		return out, err
	}
	bounded, cancel := context.WithTimeout(audit.WithActor(ctx, audit.System), moveFor)
	defer cancel()
	if err := m.run(bounded, ctx, out.Target); err != nil {
		return out, err
	}
	out.Now, out.Events = s.Clock, m.events
	out.Reached = !out.Now.Before(out.Target) && m.quiet
	if out.Waiting, err = fulfillment.Outgoing(ctx, r.app.DB); err != nil {
		return out, err
	}
	if out.Next, err = r.next(ctx); err != nil {
		return out, err
	}
	return out, p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Action: "sandbox.move", Object: "sandbox", ObjectID: s.ID, AccountID: s.AccountID,
			Detail: map[string]any{"from": out.From, "to": out.Now}})
	})
}

// mover is one move of a realm's clock.
type mover struct {
	*realms
	realm  *realm
	s      *sandbox.Sandbox
	lang   i18n.Lang
	since  time.Time       // the wall clock's, up to which events were told
	told   map[string]bool // their rows
	events []sandboxes.Event
	quiet  bool // no call was out at the end
}

// target is where the clock is to go. Field errors: "to", "by", "next".
func (m *mover) target(ctx context.Context, w sandboxes.Wish) (time.Time, error) {
	now := m.s.Clock
	var c errs.Check
	to := w.To.UTC().Truncate(time.Microsecond)
	field := "to"
	switch {
	case w.Next && (w.By != "" || !w.To.IsZero()), w.By != "" && !w.To.IsZero():
		c.Add("to", "sandbox.one_wish")
		return to, c.Err()
	case w.Next:
		field = "next"
		next, err := m.realm.next(ctx)
		if err != nil {
			return to, err
		}
		if next == nil {
			c.Add("next", "sandbox.nothing_due")
			return to, c.Err()
		}
		to = next.At
	case w.By != "":
		field = "by"
		site, err := m.realm.app.Settings.Site(ctx)
		if err != nil {
			return to, err
		}
		var ok bool
		if to, ok = later(now, w.By, site.Zone()); !ok {
			c.Add("by", "sandbox.bad_duration")
			return to, c.Err()
		}
	case w.To.IsZero():
		c.Add("to", "required")
		return to, c.Err()
	}
	switch {
	case to.Before(now):
		c.Add(field, "sandbox.backwards", "now", now.Format(time.RFC3339))
	case to.Sub(now) > farthest:
		c.Add(field, "sandbox.too_far", "days", int(farthest/(24*time.Hour)))
	}
	return to, c.Err()
}

var durationForm = regexp.MustCompile(`^P(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$`)

// later is an instant plus a duration of ISO 8601. Years and months end on the last day of
// a month that is shorter.
func later(at time.Time, by string, zone *time.Location) (time.Time, bool) {
	parts := durationForm.FindStringSubmatch(by)
	if parts == nil || !slices.ContainsFunc(parts[1:], func(s string) bool { return s != "" }) {
		return at, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(parts[i]); return v } // its form was checked
	local := at.In(zone)
	if months := 12*n(1) + n(2); months > 0 {
		day := local.Day()
		first := time.Date(local.Year(), local.Month()+time.Month(months), 1, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), zone)
		local = first.AddDate(0, 0, min(day, first.AddDate(0, 1, -1).Day())-1)
	}
	local = local.AddDate(0, 0, 7*n(3)+n(4))
	return local.Add(time.Duration(n(5))*time.Hour + time.Duration(n(6))*time.Minute + time.Duration(n(7))*time.Second).UTC(), true
}

// run goes from one due instant to the next until the target. What is left when the time is
// over, another call does: nothing is lost, since each instant is written down before
// anything happens at it, and is worked off again by whoever goes on.
func (m *mover) run(ctx, whole context.Context, target time.Time) error {
	site, err := m.realm.app.Settings.Site(ctx)
	if err != nil {
		return err
	}
	zone := site.Zone()
	followers := m.realm.app.followers()
	if err := m.settle(ctx); err != nil || !m.quiet {
		return err
	}
	for {
		// What fell due at the present instant is done first: a move may have been cut short here.
		for _, k := range followers {
			if err := k.Handler(ctx, job.Job{}); err != nil {
				if ctx.Err() != nil && whole.Err() == nil {
					m.quiet = false
					return nil
				}
				return err
			}
		}
		if err := m.settle(ctx); err != nil || !m.quiet {
			return err
		}
		if err := m.tell(whole); err != nil || !m.s.Clock.Before(target) {
			return err
		}
		next, err := m.realm.next(ctx)
		if err != nil {
			return err
		}
		to := noonAfter(m.s.Clock, zone)
		if to.After(target) {
			to = target
		}
		if next != nil && next.At.Before(to) {
			to = next.At
		}
		if err := m.advance(ctx, to); err != nil {
			return err
		}
	}
}

// noonAfter is the next noon of the zone.
func noonAfter(at time.Time, zone *time.Location) time.Time {
	y, mo, d := at.In(zone).Date()
	noon := time.Date(y, mo, d, tickHour, 0, 0, 0, zone)
	if !noon.After(at) {
		noon = time.Date(y, mo, d+1, tickHour, 0, 0, 0, zone)
	}
	return noon.UTC()
}

// advance puts the clock to an instant. Waiting calls have waited for as long.
func (m *mover) advance(ctx context.Context, to time.Time) error {
	by := to.Sub(m.s.Clock)
	err := m.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return sandbox.Tick(ctx, tx, m.s, to) })
	if err != nil {
		return err
	}
	m.realm.app.inside.clock.Set(to)
	_, some, err := fulfillment.NextAttempt(ctx, m.realm.app.DB)
	if err != nil || !some {
		return err
	}
	return m.realm.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return fulfillment.Hasten(ctx, tx, by) })
}

func (m *mover) settle(ctx context.Context) (err error) {
	m.quiet, err = m.realm.quiet(ctx)
	return err
}

// maxEvents bounds what a move tells.
const maxEvents = 300

// Ids sort by the wall clock's time at which their row was written.
const sqlHappened = `select e.at, 'instance' as kind, e.instance_id as id, i.product_name as product, e.event as what, e.to_state as state, e.id as row_id
from instance_events e join instances i on i.id = e.instance_id where e.id >= $1
union all select e.at, 'order', e.order_id, l.product_name, e.event, e.to_state, e.id
from order_events e join order_lines l on l.order_id = e.order_id where e.id >= $2 and l.id like '%-000001'
union all select a.at, 'call', c.id, i.product_name, c.activity, c.state, a.id
from fulfillment_attempts a join fulfillment_calls c on c.id = a.call_id join instances i on i.id = c.instance_id where a.id >= $3
limit 1000`

type happened struct {
	At      time.Time `db:"at"`
	Kind    string    `db:"kind"`
	ID      string    `db:"id"`
	Product i18n.Text `db:"product"`
	What    string    `db:"what"`
	State   string    `db:"state"`
	Row     string    `db:"row_id"`
}

// tell adds what has happened since it told last, which is at the present instant.
func (m *mover) tell(ctx context.Context) error {
	if len(m.events) >= maxEvents {
		return nil
	}
	from := m.since
	m.since = clock.Wall{}.Now()
	rows, err := db.List[happened](ctx, m.realm.app.DB, sqlHappened, id.First("iev", from), id.First("oev", from), id.First("att", from))
	if err != nil {
		return err
	}
	slices.SortStableFunc(rows, func(a, b happened) int { return cmp.Compare(a.Row[4:], b.Row[4:]) })
	for _, h := range rows {
		if m.told[h.Row] || len(m.events) >= maxEvents {
			continue
		}
		m.told[h.Row] = true
		m.events = append(m.events, sandboxes.Event{At: m.s.Clock, Kind: h.Kind, ID: h.ID, Product: h.Product.In(m.lang), What: h.What, State: h.State})
	}
	return nil
}
