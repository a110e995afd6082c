import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CopyText } from "../../ui/CopyText";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { ChangeText } from "./ChangeText";
import { givenText } from "./discount";
import { ChosenText, Explanation } from "./Explanation";
import type { OrderDetail, OrderLine } from "./order";
import { shortNumber } from "./priced";
import { PlainTable, type PlainColumn } from "./PlainTable";
import type { Side } from "./side";
import { percent, termText } from "./term";
import css from "./trade.module.css";

/** What was ordered, with how each amount comes about. */
export function OrderLines({ order, side }: { order: OrderDetail; side: Side }) {
  const { t } = useTranslation(["trade", "changes"]);
  const columns: PlainColumn<OrderLine>[] = [
    {
      key: "product", title: t("orders.product"), render: (line) => (
        <div className={css.stack}>
          <span>{line.productName} · {line.specName}</span>
          {line.change ? <ChangeText change={line.change} chosen={line.chosen} /> : <ChosenText chosen={line.chosen} />}
          {line.instanceId && side === "buyer" && <Link className={css.small} to={`/buyer/instances/${line.instanceId}`}>{t("changes:service")}</Link>}
          {side !== "buyer" && <span className={css.small}><span className="faint">{t("order.plan")}</span> <CopyText text={line.planNumber} /></span>}
          {side !== "buyer" && <span className={css.small}><span className="faint">{t("order.sku")}</span> <CopyText text={line.skuCode} /></span>}
        </div>
      ),
    },
    { key: "term", title: t("orders.term"), render: (line) => (line.change?.per ? <Time at={line.endsAt} detail="date" /> : termText(line, t)) },
    ...(side === "buyer" ? [] : [{ key: "generation", title: t("order.generation"), render: (line: OrderLine) => line.generation }]),
    ...(side === "buyer" ? [] : [{ key: "fee", title: t("order.fee"), render: (line: OrderLine) => (line.feeRatio ? percent(line.feeRatio) : "–") }]),
    { key: "amount", title: t("order.amount"), align: "right", render: (line) => <Amount line={line} currency={order.currency} /> },
  ];
  return <Panel title={t("order.lines")}><PlainTable label={t("order.lines")} columns={columns} rows={order.lines} rowKey={(line) => line.id} /></Panel>;
}

function Amount({ line, currency }: { line: OrderLine; currency: string }) {
  const { t } = useTranslation(["trade", "discount", "changes"]);
  const running = line.change?.per !== undefined;
  const amount = formatMoney(line.amount, currency);
  const unit = line.periodType || "once";
  const paid = line.discount ? formatMoney(line.listAmount, currency) : amount;
  const once = unit === "once" || line.explanation[0]?.kind === "trial";
  return (
    <div className={css.amount}>
      {line.discount && <del className="faint"><span className="visually-hidden">{t("discount:list")} </span>{formatMoney(line.listAmount, currency)}</del>}
      <Money amount={line.amount} currency={currency} />
      {line.discount && <span className={css.small}>{line.discount.name} · {givenText(line.discount, currency, t)} · −{formatMoney(line.discount.saves, currency)}</span>}
      <span className={`faint ${css.small}`}>
        {line.unifiedDay ? null : running ? t("changes:explain", { left: shortNumber(line.change?.left ?? ""), per: t(line.change?.per === "day" ? "changes:days" : "changes:months") }) : once ? t("order.explain_once", { amount: paid }) : t("order.explain_term", { price: formatMoney(line.unitPrice, currency), per: t(`term.per_${line.periodType}`), count: line.periodNumber, amount: paid })}
      </span>
      {Number(line.voucherAmount) !== 0 && <span className={css.small}>{t("order.voucher_part", { amount: formatMoney(line.voucherAmount.replace("-", ""), currency) })}</span>}
      <Explanation components={line.explanation} unit={unit} amount={line.listAmount} currency={currency} />
      <span className={`faint ${css.small}`}>{t("order.explain_tax", { rate: percent(line.taxRate), tax: formatMoney(line.taxAmount, currency) })} · {t(`pricing:tax_category.${line.taxCategory}`)}</span>
    </div>
  );
}
