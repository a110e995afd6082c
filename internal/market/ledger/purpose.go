package ledger

import "strings"

// Purpose is what accounts of one kind are for: the name without the party, as in
// "buyer:balance", "payable:seller" or "held". The trial balance has a row for each.
func (a Account) Purpose() string {
	parts := strings.Split(string(a), ":")
	switch {
	case parts[0] == "buyer" && len(parts) == 3:
		return parts[0] + ":" + parts[2]
	case parts[0] == "payable" && len(parts) == 3:
		return parts[0] + ":" + parts[1]
	case parts[0] == "held" || parts[0] == "voucher":
		return parts[0]
	}
	return string(a)
}

// Party is whose the account is: the id of an account, a seller, an order line, a
// withdrawal or an issuer; "" for what belongs to the marketplace.
func (a Account) Party() string {
	parts := strings.Split(string(a), ":")
	switch {
	case parts[0] == "buyer" && len(parts) == 3:
		return parts[1]
	case parts[0] == "payable" && len(parts) == 3:
		return parts[2]
	case (parts[0] == "held" || parts[0] == "voucher") && len(parts) == 2:
		return parts[1]
	}
	return ""
}
