import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import type { Order } from "../trade/order";
import { termText } from "../trade/term";

/** Orders of the own company that wait for whoever may approve. */
export function ApprovalsPage() {
  const { t } = useTranslation("cart");
  const { t: trade } = useTranslation("trade");
  return (
    <Page title={t("approvals")} intro={t("approvals_intro")}>
      <ResourceTable<Order>
        id="buyer.approvals" path="/api/v1/approvals" label={t("approvals")} rowKey={(order) => order.id} rowLink={(order) => `/buyer/orders/${order.id}`} exportable={false}
        columns={[
          { key: "id", title: t("trade:orders.number"), main: true, render: (order) => <span className="mono">{order.id}</span> },
          { key: "productName", title: t("trade:orders.product"), render: (order) => <>{order.productName}<br /><span className="faint">{order.specName} · {termText(order, trade)}</span></> },
          { key: "userName", title: t("asked_by") },
          { key: "note", title: t("note"), render: (order) => [order.purchaseNumber, order.note].filter(Boolean).join(" · ") || "–" },
          { key: "createdAt", title: t("trade:orders.created"), render: (order) => <Time at={order.createdAt} /> },
          { key: "dueAmount", title: t("trade:orders.amount"), align: "right", render: (order) => <Money amount={order.dueAmount} currency={order.currency} /> },
        ]}
        rowActions={(order) => <Decide order={order} />}
        empty={{ title: t("approvals_none"), hint: t("approvals_none_hint") }}
      />
    </Page>
  );
}

/** Approve or decline, with a comment for the buyer. */
export function Decide({ order }: { order: Order }) {
  const { t } = useTranslation("cart");
  const { can } = useSession();
  const client = useQueryClient();
  if (order.state !== "PENDING_REVIEW" || !can("order:approve")) return null;
  const amount = formatMoney(order.dueAmount, order.currency);
  const changed = () => client.invalidateQueries();
  return (
    <>
      <ConfirmAction label={t("approve")} title={t("approve_title", { product: order.productName, amount })} cost={t("approve_cost")} button={{ type: "primary" }} doneText={t("approved")}
        reason={{ label: t("comment"), required: false }} run={({ reason, key }) => send("POST", `/api/v1/orders/${order.id}/approve`, { comment: reason }, key)} onDone={changed} />
      <ConfirmAction label={t("decline")} title={t("decline_title", { product: order.productName, amount })} cost={t("decline_cost")} danger doneText={t("declined")}
        reason={{ label: t("comment"), required: true }} run={({ reason, key }) => send("POST", `/api/v1/orders/${order.id}/reject`, { comment: reason }, key)} onDone={changed} />
    </>
  );
}
