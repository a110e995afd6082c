package probe

import (
	"jishi/wire/saas"
)

// stepsV2 use the debug orders of saas.md §7.8: servers that read the order find them at every marketplace. Their
// numbers stay the same in all runs, as they do when a marketplace repeats its saved cases.
func stepsV2() []step {
	steps := creates(saas.V2, func(sc saas.Scenario) bool { return sc.Key != string(saas.NewInstance) })
	steps = append(steps, checks()...)
	steps = append(steps, step{name: "old-timestamp", of: anyInstance, groups: "checks " + allKinds, do: oldTimestamp})
	return append(append(steps, calls(saas.V2)...), releases()...)
}
