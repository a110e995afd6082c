import { useTranslation } from "react-i18next";
import { Money } from "../../ui/Money";
import type { Unit } from "./item";

/** "from ¥99.00 / month" */
export function PriceFrom({ amount, unit, currency, several }: { amount: string; unit: Unit; currency: string; several: boolean }) {
  const { t } = useTranslation("storefront");
  return (
    <span>
      <strong><Money amount={amount} currency={currency} /></strong>
      <span className="faint"> {t(`price.per_${unit}`)}{several && ` ${t("price.from")}`}</span>
    </span>
  );
}
