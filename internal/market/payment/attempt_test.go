package payment_test

import (
	"testing"

	"jishi/internal/base/statedoc"
	"jishi/internal/market/payment"
)

func TestAttemptsAreDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range payment.AttemptMoves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: m.Event, To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "online-payment", "States of an online payment", "An attempt begins as created; it waits when its gateway has opened it. What a gateway reports as paid is paid, however late: the money is there, and goes to the balance when the orders cannot be paid any more.", moves)
}

func TestReceiptsAreDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range payment.ReceiptMoves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: m.Event, To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "bank-receipt", "States of an incoming bank transfer", "A transfer begins as unmatched, on the account clearing:bank; what matches exactly is credited in the same transaction.", moves)
}
