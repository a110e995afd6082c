import { useTranslation } from "react-i18next";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import type { OrderDetail } from "./order";
import { PlainTable } from "./PlainTable";

/** The prices that the marketplace has set for an order, and what its buyer said to them. */
export function OrderAdjustments({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("online");
  if (!order.adjustments?.length) return null;
  return (
    <Panel title={t("adjust.list")}>
      <PlainTable label={t("adjust.list")} rows={order.adjustments} rowKey={(row) => row.id} columns={[
        { key: "at", title: t("attempts.time"), render: (row) => <Time at={row.createdAt} detail="second" /> },
        { key: "before", title: t("adjust.before"), align: "right", render: (row) => <Money amount={row.before} currency={order.currency} /> },
        { key: "after", title: t("adjust.after"), align: "right", render: (row) => <Money amount={row.after} currency={order.currency} /> },
        { key: "reason", title: t("attempts.reason"), render: (row) => row.reason },
        { key: "state", title: t("attempts.state"), render: (row) => t(`adjust.state_${row.state}`) },
      ]} />
    </Panel>
  );
}
