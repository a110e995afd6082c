import { useSession } from "../api/session";
import { formatMoney } from "./money";
import css from "./Money.module.css";

interface Props {
  /** The API's string, "199.00". Nothing is shown as a dash. */
  amount: string | null | undefined;
  /** ISO 4217; the marketplace's currency when left out. */
  currency?: string | undefined;
  /** large: the price on a product page. */
  size?: "normal" | "large";
  /** Colours credits and debits in a statement and writes the plus sign. */
  signed?: boolean;
  struck?: boolean;
}

/** An amount with currency, two decimals and tabular figures. Table columns of it take `align: "right"`. */
export function Money({ amount, currency, size = "normal", signed = false, struck = false }: Props) {
  const { site } = useSession();
  if (amount === null || amount === undefined || amount === "") return <span className="faint">–</span>;
  const negative = amount.startsWith("-");
  const text = (signed && !negative && !/^[0.]*$/.test(amount) ? "+" : "") + formatMoney(amount, currency ?? site.currency);
  const tone = signed ? (negative ? "out" : "in") : undefined;
  const className = `${css.money} ${size === "large" ? css.large : ""}`;
  return struck ? <s className={className}>{text}</s> : <span className={className} data-tone={tone}>{text}</span>;
}
