package probe

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
	"jishi/wire/saas"
)

// probe is one run.
type probe struct {
	Options
	address     string
	key         string
	generation  saas.Generation
	development bool
	client      *outbound.Client
	order       string // beginning of the order numbers of this run, V1
	made        []*made
	passed      map[string]bool
	unreachable bool // nobody accepts connections: the other calls would only wait
	skewTold    bool
	report      Report
}

// made is a test instance that the server has created.
type made struct {
	by        string // the create step; "" for one that no other step may use
	params    saas.Params
	id        string
	releasing bool // a step has taken the release over
}

// Run checks a server and reports. The error tells that nothing was checked: an option is not usable, or a scenario does
// not exist. What the server does wrong is in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	p, err := start(o)
	if err != nil {
		return Report{}, err
	}
	defer p.client.CloseIdle()
	plans, err := choose(stepsOf(p.generation), p.Scenario)
	if err != nil {
		return Report{}, err
	}
	for _, s := range plans {
		c := Case{Name: s.name, Prerequisite: s.prerequisite}
		p.perform(ctx, s.step, &c)
	}
	p.cleanUp(ctx)
	return p.report, nil
}

func start(o Options) (*probe, error) {
	if o.Lang == "" {
		o.Lang = i18n.EN
	}
	if o.Clock == nil {
		o.Clock = clock.Wall{}
	}
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{{&o.Timeout, 20 * time.Second}, {&o.ReadyTimeout, time.Minute}, {&o.Poll, 2 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.usual
		}
		if *d.value < 0 {
			return nil, fmt.Errorf("a time limit must not be negative")
		}
	}
	p := &probe{Options: o, generation: saas.Generation(o.Generation), passed: map[string]bool{}, order: "PROBE" + random(8)}
	if saas.Activities(p.generation) == nil {
		return nil, fmt.Errorf("--generation must be v1 or v2")
	}
	var err error
	if p.key, err = o.key(); err != nil {
		return nil, err
	}
	config := outbound.Config{Clock: o.Clock, UserAgent: strings.TrimSuffix("Jishi/"+o.Version, "/") + " probe", MaxPerHost: 4}
	if p.address, p.development, config.DevelopmentPrefixes, err = o.address(); err != nil {
		return nil, err
	}
	// An address whose own query collides with the protocol shows itself here.
	if _, err := p.sign(saas.Params{saas.ParamActivity: string(saas.QueryInstance)}, p.key, p.now()); err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	p.client = outbound.New(config)
	p.report = Report{URL: p.address, Generation: o.Generation, At: p.now(), Cases: []Case{}, lang: o.Lang}
	return p, nil
}

// perform runs a step, or says why it cannot be run.
func (p *probe) perform(ctx context.Context, s step, c *Case) {
	c.lang, c.Title = p.Lang, i18n.Message(p.Lang, titleKey(s.name), nil)
	skip := func(code string, args map[string]any) { c.Skipped = i18n.Message(p.Lang, code, args) }
	m := p.instance(s.of)
	switch {
	case ctx.Err() != nil:
		skip("probe.skipped_stopped", nil)
	case p.unreachable:
		skip("probe.skipped_unreachable", nil)
	case s.of == anyInstance && m == nil:
		skip("probe.skipped_no_instance", nil)
	case s.of != "" && m == nil:
		skip("probe.skipped_needs", map[string]any{"step": s.of})
	case s.after != "" && !p.passed[s.after]:
		skip("probe.skipped_needs", map[string]any{"step": s.after})
	default:
		s.do(ctx, p, m, c)
		p.passed[s.name] = !c.failed()
	}
	p.report.add(*c)
}

// instance finds what a create step has made.
func (p *probe) instance(by string) *made {
	for _, m := range p.made {
		if m.by != "" && (by == m.by || by == anyInstance) {
			return m
		}
	}
	return nil
}

// cleanUp releases the test instances that no step has released.
func (p *probe) cleanUp(ctx context.Context) {
	c := Case{Name: "clean-up"}
	s := step{name: c.Name, do: func(ctx context.Context, p *probe, _ *made, c *Case) {
		for _, m := range p.made {
			if !m.releasing {
				p.call(ctx, p.release(m), c)
			}
		}
	}}
	for _, m := range p.made {
		if !m.releasing {
			p.perform(ctx, s, &c)
			return
		}
	}
}

func (p *probe) now() time.Time { return p.Clock.Now() }

// random is n random bytes in upper-case hex.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return strings.ToUpper(hex.EncodeToString(b))
}
