package pricing

// The tax categories of a sale (trade.md §2.1).
const (
	TaxHardware = "hardware"
	TaxSoftware = "software"
	TaxService  = "service"
)

// TaxCategory is the category of a delivery type and charging mode: one-time licences, AI
// assets and data assets are software, hardware is hardware, all else is a service.
func TaxCategory(deliveryType, chargingMode string) string {
	switch deliveryType {
	case "hardware":
		return TaxHardware
	case "license", "ai", "data":
		if chargingMode == "ONE_TIME" {
			return TaxSoftware
		}
	}
	return TaxService
}
