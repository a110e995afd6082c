package pricing

// Chosen names the item's combination with a quantity, for a snapshot.
func (it Item) Chosen(quantity int64) Chosen { return chosen(it, quantity) }
