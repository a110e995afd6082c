/** ISO 3166 codes offered for a company's address; their names come from the browser in the reader's language. */
export const countries = [
  "CN", "HK", "MO", "TW", "SG", "MY", "TH", "VN", "ID", "PH", "JP", "KR", "IN", "AE", "SA", "TR", "ZA", "EG", "NG", "KE",
  "GB", "IE", "FR", "DE", "NL", "BE", "CH", "AT", "IT", "ES", "PT", "PL", "SE", "NO", "DK", "FI", "US", "CA", "MX", "BR", "CL", "PE", "AU", "NZ",
];

/** ISO 4217 codes offered for the registered capital. */
export const currencies = ["CNY", "USD", "EUR", "HKD", "SGD", "JPY", "GBP", "MYR", "THB", "IDR", "AED", "SAR", "ZAR", "BRL", "MXN"];
