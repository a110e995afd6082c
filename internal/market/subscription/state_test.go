package subscription_test

import (
	"flag"
	"testing"

	"jishi/internal/base/statedoc"
	"jishi/internal/market/subscription"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTableIsDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range subscription.Moves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: string(m.Event), To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "instance", "States of an instance", "An instance begins in PENDING with the payment of its order.", moves)
}
