const symbols: Record<string, string> = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$", SGD: "S$", JPY: "JP¥" };

/**
 * An amount string of the API ("-1234.5") for people: "−¥1,234.50". Works on the digits, never on a
 * float. More decimals than two are kept, because a unit price of 0.0035 must not become 0.00.
 */
export function formatMoney(amount: string, currency: string): string {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(amount.trim());
  if (!match) return amount;
  const [, sign, whole = "0", decimals = ""] = match;
  const grouped = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
  const zero = /^0*$/.test(whole + decimals);
  return `${sign === "-" && !zero ? "−" : ""}${symbols[currency] ?? `${currency} `}${grouped}.${decimals.padEnd(2, "0")}`;
}

/** The sum of amount strings with two decimals, exact. */
export function addMoney(...amounts: string[]): string {
  const sum = amounts.reduce((total, amount) => total + cents(amount), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(3, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function cents(amount: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(amount);
  if (!match) throw new Error(`not an amount: ${amount}`);
  const value = BigInt(match[2]!) * 100n + BigInt((match[3] ?? "").padEnd(2, "0"));
  return match[1] ? -value : value;
}
