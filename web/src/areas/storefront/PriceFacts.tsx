import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { formatMoney } from "../../ui/money";
import { formatTime } from "../../ui/time";
import { Explanation } from "../trade/Explanation";
import { givenText } from "../trade/discount";
import { percent, unitOf, type Price } from "./offer";
import css from "./PriceFacts.module.css";

/** How a price comes about: unit price × length, contained tax, end of the term and the next payment. */
export function PriceFacts({ price }: { price: Price }) {
  const { t } = useTranslation(["storefront", "pricing", "discount", "changes"]);
  const { site } = useSession();
  const unit = unitOf(price);
  const money = (amount: string) => formatMoney(amount, price.currency);
  const rows: [string, ReactNode][] = [
    [t("price.unit"), unit === "once" ? t("price.sum_once", { price: money(price.unitPrice) })
      : t(`price.sum_${unit}`, { price: money(price.unitPrice), count: price.periods })],
    [t("price.tax"), `${t("price.tax_contained", { rate: percent(price.taxRate), amount: money(price.taxAmount) })} · ${t(`pricing:tax_category.${price.taxCategory}`)}`],
  ];
  const running = price.change?.per !== undefined;
  if (price.discount) {
    rows.splice(1, 0, [t("discount:list"), <del key="list">{money(price.listAmount)}</del>],
      [price.discount.name, <span className={css.saved} key="saved">{givenText(price.discount, price.currency, t)} · −{money(price.discount.saves)}</span>]);
  }
  if (running) {
    rows.shift();
    rows.push([t("changes:starts"), <span className="tabular" key="start">{formatTime(price.startsAt ?? "", site.timeZone)}</span>],
      [t("changes:ends"), <span className="tabular" key="end">{formatTime(price.expiresAt ?? "", site.timeZone, "date")}</span>],
      [t("changes:effective"), t("changes:effective_now")]);
  } else if (price.change) {
    rows.push([t("changes:effective"), t("changes:effective_renewal")]);
  }
  if (price.trial) {
    rows.shift();
    rows[0] = [t("pricing:trial"), t("pricing:trial_free")];
  }
  if (price.unifiedDay) rows.shift(); // the parts below say how it comes about
  if (running) {
    // the term stays as it is
  } else if (price.expiresAt) {
    rows.push([t("price.ends"), <span className="tabular" key="end">{formatTime(price.expiresAt, site.timeZone, "date")}</span>]);
    rows.push([t("price.next"), t(price.trial ? "pricing:trial_end" : "price.next_by_hand")]);
  } else {
    rows.push([t("price.next"), t("price.next_never")]);
  }
  return (
    <>
      <dl className={css.facts}>{rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      <Explanation components={price.explanation} open={running} unit={unit} amount={price.listAmount} currency={price.currency} />
    </>
  );
}
