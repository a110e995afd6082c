import { useTranslation } from "react-i18next";
import { Money } from "../../ui/Money";
import type { Unit } from "./item";

const gap = "\u0000";

/** "from ¥99.00 / month" */
export function PriceFrom({ amount, unit, currency }: { amount: string; unit: Unit; currency: string }) {
  const { t } = useTranslation("storefront");
  const [before, after] = t(`price.from_${unit}`, { price: gap }).split(gap);
  return <span className="faint">{before}<strong><Money amount={amount} currency={currency} /></strong>{after}</span>;
}
