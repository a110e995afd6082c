import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import type { OrderDetail } from "./order";
import { PlainTable } from "./PlainTable";
import type { Side } from "./side";
import css from "./trade.module.css";

/** How the order was paid. */
export function OrderPayments({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("trade");
  if (order.kind.startsWith("UNSUB")) return null;
  return (
    <Panel title={t("order.payments")}>
      {order.payments.length === 0 ? <p className="faint">{t("order.no_payment")}</p> : (
        <PlainTable label={t("order.payments")} rows={order.payments} rowKey={(payment) => payment.id} columns={[
          { key: "at", title: t("order.time"), render: (payment) => <Time at={payment.at} detail="second" /> },
          { key: "instrument", title: t("order.method"), render: (payment) => t(`order.instrument.${payment.instrument}`, { defaultValue: payment.instrument }) },
          { key: "amount", title: t("order.amount"), align: "right", render: (payment) => <Money amount={payment.amount} currency={payment.currency} /> },
          { key: "refunded", title: t("order.refunded"), align: "right", render: (payment) => <Money amount={payment.refunded} currency={payment.currency} /> },
        ]} />
      )}
    </Panel>
  );
}

/** Why an order ended without delivery, and where the money is. */
export function OrderRefund({ order, side }: { order: OrderDetail; side: Side }) {
  const { t } = useTranslation("trade");
  const unpaid = order.state === "CANCELED" || order.state === "EXPIRED";
  const refunded = order.state === "REFUNDED" || order.refund === "refunded";
  const refunding = order.state === "REFUNDING" || order.refund === "refunding";
  if (order.kind.startsWith("UNSUB") && order.parentId) {
    const [before, after] = t("refund.of", { id: "\u0000", amount: formatMoney(order.dueAmount.replace("-", ""), order.currency) }).split("\u0000");
    return (
      <Panel title={t("order.refund")}>
        <p>{before}<Link to={`/${side}/orders/${order.parentId}`} className="mono">{order.parentId}</Link>{after}</p>
        {order.cause && <p className={css.gap}><span className="faint">{t("refund.cause")}</span> {order.cause.message}</p>}
      </Panel>
    );
  }
  if (!unpaid && !refunded && !refunding) return null;
  const refundOrder = order.steps.find((step) => step.event === "money_returned")?.detail?.refund;
  return (
    <Panel title={t("order.refund")}>
      <p>{unpaid ? t("refund.closed_unpaid") : t(refunded ? "refund.done" : "refund.running", { amount: formatMoney(order.paidAmount, order.currency) })}</p>
      {order.cause && <p className={css.gap}><span className="faint">{t("refund.cause")}</span> {order.cause.message}</p>}
      {typeof refundOrder === "string" && <p className={css.gap}><span className="faint">{t("refund.order")}</span> <Link to={`/${side}/orders/${refundOrder}`} className="mono">{refundOrder}</Link></p>}
      {side === "seller" && !unpaid && <p className={`faint ${css.gap}`}>{t("refund.seller")}</p>}
    </Panel>
  );
}
