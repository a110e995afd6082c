import { PrinterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { DetailPage, type Fact } from "../../ui/DetailPage";
import { Money } from "../../ui/Money";
import { formatTime } from "../../ui/time";
import { Time } from "../../ui/Time";
import { underWay, type OrderDetail } from "./order";
import { OrderAdjustments } from "./OrderAdjustments";
import { OrderCalls } from "./OrderCalls";
import { orderHistory } from "./orderHistory";
import { OrderLines } from "./OrderLines";
import { OrderPayments, OrderRefund } from "./OrderPayments";
import { OrderPostings } from "./OrderPostings";
import { OrderTag } from "./OrderTag";
import { ordersPath, type Side } from "./side";
import css from "./trade.module.css";

/** The query key of an order as one side sees it. */
export const orderKey = (side: Side, id: string) => ["order", side, id];

interface Props {
  side: Side;
  /** The actions of this side that are permitted now. */
  actions?: (order: OrderDetail) => ReactNode;
  /** Stands between facts and lines. */
  services?: (order: OrderDetail) => ReactNode;
}

/** One order, looked at again while something happens to it by itself. */
export function OrderView({ side, actions, services }: Props) {
  const { t } = useTranslation("trade");
  const { id = "" } = useParams();
  const { data: order, error, refetch } = useQuery({
    queryKey: orderKey(side, id),
    queryFn: ({ signal }) => get<OrderDetail>(`${ordersPath[side]}/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && underWay(query.state.data) ? 4000 : false),
  });
  return (
    <>
      {order && <PrintHead order={order} />}
      <DetailPage
        title={order && t("order.title", { id: order.id })} error={error} onRetry={() => void refetch()} back={{ to: `/${side}/orders`, label: t("orders.title") }}
        subtitle={order && `${order.productName} · ${order.specName}`}
        state={order && <OrderTag order={order} side={side} />}
        facts={order ? factsOf(order, side, t, <AgreementText order={order} />) : []}
        actions={order && <>{actions?.(order)}<Button icon={<PrinterOutlined />} onClick={() => window.print()}>{t("order.print")}</Button></>}
        {...(order ? { timeline: orderHistory(order, t) } : {})}
      >
        {order && (
          <>
            {services?.(order)}
            <OrderRefund order={order} side={side} />
            <OrderLines order={order} side={side} />
            {side !== "seller" && <OrderAdjustments order={order} />}
            {side !== "seller" && <OrderPayments order={order} />}
            {side === "operator" && <OrderPostings order={order} />}
            {side !== "buyer" && <OrderCalls order={order} side={side} />}
          </>
        )}
      </DetailPage>
    </>
  );
}

type Text = (key: string) => string;

function factsOf(order: OrderDetail, side: Side, t: Text, agreement: ReactNode): Fact[] {
  return [
    { label: t("order.number"), value: <CopyText text={order.id} /> },
    { label: t("order.kind"), value: t(`kind.${order.kind}`) },
    ...(Number(order.voucherAmount) !== 0 ? [{ label: t("order.voucher_amount"), value: <Money amount={order.voucherAmount} currency={order.currency} /> }] : []),
    { label: t("order.due_amount"), value: <Money amount={order.dueAmount} currency={order.currency} /> },
    ...(order.state === "PENDING_PAYMENT" || order.state === "PENDING_CONFIRM" ? [{ label: t("order.deadline"), value: <Time at={order.deadline} /> }] : []),
    ...(order.paidAt ? [{ label: t("order.paid_amount"), value: <Money amount={order.paidAmount} currency={order.currency} /> }] : []),
    { label: t("order.created"), value: <Time at={order.createdAt} detail="second" /> },
    ...(order.paidAt ? [{ label: t("order.paid_at"), value: <Time at={order.paidAt} detail="second" /> }] : []),
    ...(order.closedAt ? [{ label: t("order.closed_at"), value: <Time at={order.closedAt} detail="second" /> }] : []),
    { label: t("order.buyer"), value: order.buyerName },
    ...(order.userName ? [{ label: t("order.user"), value: order.userName }] : []),
    { label: t("order.seller"), value: order.sellerName },
    ...(order.purchaseNumber ? [{ label: t("order.purchase"), value: order.purchaseNumber }] : []),
    ...(order.note ? [{ label: t("order.note"), value: order.note }] : []),
    ...(side !== "seller" && order.kind === "NEW" ? [{ label: t("order.agreement"), value: agreement }] : []),
  ];
}

function AgreementText({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("trade");
  const { site } = useSession();
  const time = formatTime(order.agreement.signedAt, site.timeZone);
  return order.agreement.version === "site" ? t("order.agreement_site", { time }) : t("order.agreement_product", { version: order.agreement.version, time });
}

/** Heads the printed page: which marketplace, printed when. */
function PrintHead({ order }: { order: OrderDetail }) {
  const { site } = useSession();
  return <div className={css.printHead}><strong>{site.name}</strong><span className="tabular">{order.id} · {formatTime(new Date().toISOString(), site.timeZone)}</span></div>;
}
