package money

// Remainder names who receives the spare cents of a split.
type Remainder int

// The places of a remainder.
const (
	ToFirst   Remainder = iota // lines of one order (trade.md §9.3)
	ToLast                     // orders of a merged payment (trade.md E-11)
	ToLargest                  // largest-remainder method: lines under a printed total (trade.md §1)
)

// SplitEven cuts total into n equal parts; the spare cents go to the first or last part.
// The parts always add up to total.
func SplitEven(total Amount, n int, spare Remainder) []Amount {
	weights := make([]Amount, n)
	for i := range weights {
		weights[i] = 1
	}
	return SplitByWeight(total, weights, spare)
}

// SplitByWeight divides total in proportion to the weights, each part cut to cents; the
// remainder goes where spare says. Weights are not negative; when all are zero they
// count as equal. The parts always add up to total.
func SplitByWeight(total Amount, weights []Amount, spare Remainder) []Amount {
	parts := make([]Amount, len(weights))
	if len(weights) == 0 {
		return parts
	}
	var sum Price
	for _, w := range weights {
		sum = sum.Add(w.Price())
	}
	even := sum.Sign() == 0
	if even {
		sum = PriceOf(int64(len(weights)))
	}
	rest := total
	lost := make([]Price, len(weights))
	for i, w := range weights {
		share := w.Price()
		if even {
			share = PriceOf(1)
		}
		exact := total.Price().Mul(share).Div(sum)
		parts[i] = Cut(exact)
		lost[i] = exact.Sub(parts[i].Price())
		rest -= parts[i]
	}
	switch spare {
	case ToFirst:
		parts[0] += rest
	case ToLast:
		parts[len(parts)-1] += rest
	case ToLargest:
		step := Amount(1)
		if rest < 0 {
			step = -1
		}
		for ; rest != 0; rest -= step {
			best := 0
			for i := range lost {
				if lost[i].Cmp(lost[best]) == int(step) {
					best = i
				}
			}
			parts[best] += step
			lost[best] = lost[best].Sub(step.Price())
		}
	}
	return parts
}
