import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, type Page } from "../../api/client";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import type { Order } from "../trade/order";
import { OrderTag } from "../trade/OrderTag";
import { PlainTable } from "../trade/PlainTable";
import { ordersPath } from "../trade/side";

const query = { limit: 5 };

/** What was ordered last, and how it is going. */
export function LatestOrders() {
  const { t } = useTranslation("trade");
  const { data } = useQuery({ queryKey: listKey(ordersPath.buyer, query), queryFn: ({ signal }) => get<Page<Order>>(ordersPath.buyer, query, signal) });
  if (!data || data.items.length === 0) return null;
  return (
    <Panel title={t("buyer_home.recent")} extra={<Link to="/buyer/orders">{t("buyer_home.all_orders")}</Link>}>
      <PlainTable label={t("buyer_home.recent")} rows={data.items} rowKey={(order) => order.id} columns={[
        { key: "product", title: t("orders.product"), render: (order) => <Link to={`/buyer/orders/${order.id}`}>{order.productName} · {order.specName}{order.kind !== "NEW" && ` · ${t(`kind.${order.kind}`)}`}</Link> },
        { key: "amount", title: t("orders.amount"), align: "right", render: (order) => <Money amount={order.dueAmount} currency={order.currency} /> },
        { key: "state", title: t("orders.state"), render: (order) => <OrderTag order={order} side="buyer" /> },
      ]} />
    </Panel>
  );
}
