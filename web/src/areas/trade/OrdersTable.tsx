import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { Money } from "../../ui/Money";
import { ResourceTable, type Column } from "../../ui/ResourceTable";
import { readListUrl } from "../../ui/table/listUrl";
import { Time } from "../../ui/Time";
import { withInstants } from "./day";
import { ExportMenu } from "./ExportMenu";
import { orderKinds, orderStates, sellerOrderStates, type Order } from "./order";
import { OrderTag } from "./OrderTag";
import { ordersPath, type Side } from "./side";
import { termText } from "./term";
import css from "./trade.module.css";

interface Props {
  side: Side;
  empty: { title: string; hint?: ReactNode; action?: ReactNode };
}

const filterKeys = ["q", "state", "kind", "createdFrom", "createdTo"];

/** The orders of one side, with the columns and states that concern it. */
export function OrdersTable({ side, empty }: Props) {
  const { t } = useTranslation("trade");
  const { site } = useSession();
  const path = ordersPath[side];
  const states = side === "seller" ? sellerOrderStates : orderStates;
  const toQuery = (filters: Record<string, string>) => withInstants(filters, "created", site.timeZone);
  const columns: Column<Order>[] = [
    { key: "id", title: t("orders.number"), main: true, render: (order) => <span className="mono">{order.id}</span> },
    { key: "productName", title: t("orders.product"), render: (order) => <>{order.productName}<br /><span className="faint">{order.specName}{order.lineCount > 1 && ` ${t("orders.more", { count: order.lineCount - 1 })}`}{order.kind !== "NEW" && ` · ${t(`kind.${order.kind}`)}`}</span></> },
    { key: "kind", title: t("orders.kind"), hidden: true, render: (order) => t(`kind.${order.kind}`) },
    { key: "term", title: t("orders.term"), hidden: side === "operator", render: (order) => termText(order, t) },
    ...(side === "buyer" ? [] : [{ key: "buyerName", title: t("orders.buyer") }]),
    ...(side === "seller" ? [] : [{ key: "sellerName", title: t("orders.seller"), hidden: side === "buyer" }]),
    ...(side === "buyer" ? [{ key: "userName", title: t("orders.user"), hidden: true }] : []),
    { key: "purchaseNumber", title: t("order.purchase"), hidden: true },
    { key: "dueAmount", title: t("orders.amount"), align: "right", render: (order) => <Money amount={order.dueAmount} currency={order.currency} /> },
    { key: "createdAt", title: t("orders.created"), render: (order) => <Time at={order.createdAt} /> },
    { key: "paidAt", title: t("orders.paid"), hidden: true, render: (order) => <Time at={order.paidAt} /> },
    { key: "state", title: t("orders.state"), render: (order) => <div className={css.state}><OrderTag order={order} side={side} /></div> },
  ];
  return (
    <ResourceTable<Order>
      id={`${side}.orders`} path={path} label={t("orders.title")} rowKey={(order) => order.id} rowLink={(order) => `/${side}/orders/${order.id}`}
      filters={[
        { key: "q", type: "text", label: t(side === "buyer" ? "orders.search_mine" : "orders.search") },
        { key: "state", type: "select", label: t("orders.state"), options: states.map((state) => ({ value: state, label: t(`state.order.${state.toLowerCase()}`) })) },
        { key: "kind", type: "select", label: t("orders.kind"), options: orderKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })) },
        { key: "created", type: "dates", label: t("orders.created") },
      ]}
      toQuery={toQuery} columns={columns} exportable={false} empty={empty}
      actions={<ExportMenu side={side} path={path} query={() => toQuery(readListUrl(new URLSearchParams(location.search), filterKeys).filters)} />}
    />
  );
}
