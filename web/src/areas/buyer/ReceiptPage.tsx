import { PrinterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney, formatMoney } from "../../ui/money";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { Facts } from "../../ui/DetailPage";
import { Time } from "../../ui/Time";
import { ChosenText } from "../trade/Explanation";
import type { OrderDetail } from "../trade/order";
import { PlainTable } from "../trade/PlainTable";
import { ordersPath } from "../trade/side";
import { percent, termText } from "../trade/term";

/** What was bought and paid with one order, for the buyer's books; made to be printed. */
export function ReceiptPage() {
  const { t } = useTranslation("cart");
  const { t: trade } = useTranslation("trade");
  const { id = "" } = useParams();
  const { site } = useSession();
  const { data: order, error, refetch } = useQuery({ queryKey: ["order", "buyer", id], queryFn: ({ signal }) => get<OrderDetail>(`${ordersPath.buyer}/${encodeURIComponent(id)}`, undefined, signal) });
  if (error && !order) return <PageError error={error} onRetry={() => void refetch()} back={{ to: "/buyer/orders", label: t("trade:orders.title") }} />;
  if (!order) return null;
  const back = <LinkButton to={`/buyer/orders/${order.id}`}>{t("receipt_back")}</LinkButton>;
  if (!order.paidAt) return <EmptyState title={t("receipt_unpaid")} hint={t("receipt_unpaid_hint")} action={back} />;
  const tax = addMoney(...order.lines.map((line) => line.taxAmount));
  const discounted = order.lines.filter((line) => line.discount);
  const refunded = addMoney("0.00", ...order.payments.map((payment) => payment.refunded));
  return (
    <Page title={t("receipt")} intro={t("receipt_intro", { site: site.name })} actions={<span className="no-print">{back} <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>{t("trade:order.print")}</Button></span>}>
      <Panel>
        <Facts facts={[
          { label: t("trade:order.number"), value: <span className="mono">{order.id}</span> },
          ...(order.purchaseNumber ? [{ label: t("purchase"), value: order.purchaseNumber }] : []),
          { label: t("trade:order.buyer"), value: order.buyerName },
          { label: t("trade:order.seller"), value: order.sellerName },
          { label: t("trade:order.paid_at"), value: <Time at={order.paidAt} detail="second" /> },
          { label: t("paid_from"), value: order.payments.map((payment) => t(`trade:order.instrument.${payment.instrument}`, { defaultValue: payment.instrument })).join(", ") || "–" },
        ]} />
      </Panel>
      <Panel>
        <PlainTable label={t("trade:order.lines")} rows={order.lines} rowKey={(line) => line.id} columns={[
          { key: "line", title: t("trade:orders.product"), render: (line) => <>{line.productName} · {line.specName}<ChosenText chosen={line.chosen} /></> },
          { key: "term", title: t("trade:orders.term"), render: (line) => termText(line, trade) },
          { key: "rate", title: t("tax_rate"), align: "right", render: (line) => percent(line.taxRate) },
          { key: "tax", title: t("tax"), align: "right", render: (line) => <Money amount={line.taxAmount} currency={order.currency} /> },
          { key: "amount", title: t("trade:orders.amount"), align: "right", render: (line) => <Money amount={line.amount} currency={order.currency} /> },
        ]} foot={[t("sum"), "", "", <Money key="tax" amount={tax} currency={order.currency} />, <strong key="sum"><Money amount={addMoney(...order.lines.map((line) => line.amount))} currency={order.currency} /></strong>]} />
        {discounted.length > 0 && <p>{t("discount:list_sum")} <Money amount={order.listAmount} currency={order.currency} /> · {t("discount:choose")} {discounted.map((line) => `${line.discount!.name} −${formatMoney(line.discount!.saves, order.currency)}`).join(" · ")}</p>}
        {Number(order.voucherAmount) > 0 && <p>{t("trade:order.voucher_amount")} <Money amount={order.voucherAmount} currency={order.currency} /> · <strong>{t("trade:order.paid_amount")} <Money amount={order.paidAmount} currency={order.currency} /></strong></p>}
        {refunded !== "0.00" && <p>{t("receipt_refunded")} <Money amount={refunded} currency={order.currency} /></p>}
        <p className="faint">{t("receipt_note")}</p>
      </Panel>
    </Page>
  );
}
