package probe

import (
	"jishi/wire/saas"
)

const onDemand = "newInstance.on-demand"

// stepsV1 are the scenarios of V1 with the checks that belong to them.
func stepsV1() []step {
	steps := creates(saas.V1, func(sc saas.Scenario) bool {
		return sc.Feature == saas.FeatureContact // only products that ask the buyer for it, and only with their algorithm
	})
	steps = append(steps, checks()...)
	steps = append(steps, step{name: "second-billing-item", of: onDemand, groups: "checks on-demand package", do: secondItem})
	return append(append(steps, calls(saas.V1)...), releases()...)
}
