package discount_test

import (
	"flag"
	"testing"

	"jishi/internal/base/statedoc"
	"jishi/internal/market/discount"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTableIsDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range discount.Moves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: string(m.Event), To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "discount", "States of a promotion or an exclusive offer", "A promotion begins EFFECTIVE, and so does an offer within the authorised discounts of its products; one beyond them begins in REVIEWING. It holds from its start to its end.", moves)
}
