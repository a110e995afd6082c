package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jishi/wire/saas"
)

// step is one scenario of saas.md §11.1 or one check. Names are stable: they stand in build files.
type step struct {
	name   string
	of     string // the create step whose instance it uses, or anyInstance
	after  string // a step without whose success this one says nothing
	create bool
	groups string // kinds of product that need it (saas.md §11.2), and "checks"
	extra  bool   // run only when it is named
	do     func(context.Context, *probe, *made, *Case)
}

// anyInstance is the first instance that the run has made.
const anyInstance = "*"

type planned struct {
	step
	prerequisite bool
}

func stepsOf(g saas.Generation) []step {
	if g == saas.V1 {
		return stepsV1()
	}
	return stepsV2()
}

// titleKey names the title of a step in the catalogue.
func titleKey(name string) string {
	for _, g := range []saas.Generation{saas.V1, saas.V2} {
		if sc, ok := saas.ScenarioOf(g, name); ok {
			return "saas.scenario_" + sc.TextKey()
		}
	}
	return "probe.step_" + strings.NewReplacer(".", "_", "-", "_").Replace(name)
}

// matches tells whether a name given by --scenario means the step.
func (s step) matches(name string) bool {
	activity, _, _ := strings.Cut(s.name, ".")
	return name == s.name || name == activity || slices.Contains(strings.Fields(s.groups), name)
}

// choose selects the steps and what they need, in their own order. Without names it is every step that is not extra.
func choose(all []step, names []string) ([]planned, error) {
	wanted := make([]bool, len(all))
	for i, s := range all {
		wanted[i] = len(names) == 0 && !s.extra
	}
	for _, name := range names {
		found := false
		for i, s := range all {
			if s.matches(strings.TrimSpace(name)) {
				wanted[i], found = true, true
			}
		}
		if !found {
			return nil, unknown(all, name)
		}
	}
	needed := slices.Clone(wanted)
	anyone, made := false, false
	for i := len(all) - 1; i >= 0; i-- {
		if !needed[i] {
			continue
		}
		s := all[i]
		anyone, made = anyone || s.of == anyInstance, made || s.create
		for j := range i {
			if all[j].name == s.of || all[j].name == s.after {
				needed[j] = true
			}
		}
	}
	if anyone && !made {
		needed[slices.IndexFunc(all, func(s step) bool { return s.create })] = true
	}
	var out []planned
	for i, s := range all {
		if needed[i] {
			out = append(out, planned{step: s, prerequisite: !wanted[i]})
		}
	}
	return out, nil
}

// unknown lists what could have been meant.
func unknown(all []step, name string) error {
	var scenarios, groups []string
	for _, s := range all {
		scenarios = append(scenarios, s.name)
		for _, g := range strings.Fields(s.groups) {
			if !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
	}
	slices.Sort(groups)
	return fmt.Errorf("no scenario %q in this generation. There are:\n  %s\nand the groups %s", name, strings.Join(scenarios, "\n  "), strings.Join(groups, ", "))
}
