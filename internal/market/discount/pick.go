package discount

import (
	"cmp"
	"slices"

	"jishi/internal/base/errs"
)

// None is the pick of a buyer who wants no discount.
const None = "none"

// Pick is what a buyer wants: "" the best, None, or a rule; and the link that he came by, which
// may lead to one that others do not see.
type Pick struct {
	ID   string
	Link string
}

func sortOptions(list []Option) {
	slices.SortStableFunc(list, func(a, b Option) int {
		return cmp.Or(cmp.Compare(a.Total, b.Total), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
}

func rank(o Option) int {
	if o.Rule.Kind == Offer {
		return 0
	}
	return 1
}

// Choose picks one of the fitting options, nil for none: the best that can be taken, unless the
// buyer named another. A rule
// that does not fit is the field error "discount"; one that cannot be taken is its problem.
func (p Pick) Choose(list []Option) (*Option, error) {
	if p.ID == None {
		return nil, nil
	}
	if p.ID != "" {
		i := slices.IndexFunc(list, func(o Option) bool { return o.Rule.ID == p.ID })
		if i < 0 {
			var c errs.Check
			c.Add("discount", "discount.not_available")
			return nil, c.Err()
		}
		return &list[i], list[i].Problem
	}
	for i := range list {
		if list[i].Problem == nil {
			return &list[i], nil
		}
	}
	return nil, nil
}
