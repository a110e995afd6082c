import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { OrderDetail } from "../trade/order";
import { OrderView } from "../trade/OrderView";
import { PlainTable } from "../trade/PlainTable";
import { Decide } from "./ApprovalsPage";
import { ConfirmPrice } from "./ConfirmPrice";
import { PayAction } from "./PayAction";

/** One of the account's orders: pay or cancel it, follow its delivery, open what it delivered. */
export function OrderPage() {
  return <OrderView side="buyer" actions={(order) => <Actions order={order} />} services={(order) => <Services order={order} />} />;
}

function Actions({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("trade");
  const { can } = useSession();
  const client = useQueryClient();
  const receipt = order.paidAt && order.kind !== "UNSUB" && order.kind !== "TRIAL" && <LinkButton to={`/buyer/orders/${order.id}/receipt`}>{t("cart:receipt")}</LinkButton>;
  const review = order.state === "PENDING_REVIEW";
  const confirm = order.state === "PENDING_CONFIRM";
  if ((order.state !== "PENDING_PAYMENT" && !review && !confirm) || !can("order:buy")) return <><Decide order={order} />{receipt}</>;
  const changed = () => client.invalidateQueries();
  return (
    <>
      <Decide order={order} />
      {confirm && <ConfirmPrice order={order} />}
      {!review && !confirm && <PayAction order={order} onDone={changed} />}
      <ConfirmAction label={t("cancel.action")} title={t("cancel.title", { id: order.id })} cost={t("cancel.cost")} irreversible={t("cancel.irreversible")} danger doneText={t("cancel.done")}
        run={({ key }) => send("POST", `/api/v1/orders/${order.id}/cancel`, undefined, key)} onDone={changed} />
    </>
  );
}

function Services({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("trade");
  if (order.instances.length === 0) return null;
  return (
    <Panel title={t("order.services")}>
      <PlainTable label={t("order.services")} rows={order.instances} rowKey={(instance) => instance.id} columns={[
        { key: "state", title: t("orders.state"), render: (instance) => <StateTag kind="instance" state={instance.state} /> },
        { key: "external", title: t("order.external"), render: (instance) => <CopyText text={instance.externalId} /> },
        { key: "expires", title: t("order.expires"), render: (instance) => (instance.startedAt && !instance.expiresAt ? t("instances.no_end") : <Time at={instance.expiresAt} />) },
        { key: "open", title: t("order.service"), align: "right", render: (instance) => <LinkButton to={`/buyer/instances/${instance.id}`} type={instance.state === "ACTIVE" ? "primary" : "default"}>{t(instance.state === "ACTIVE" ? "order.open_service" : "order.show_service")}</LinkButton> },
      ]} />
    </Panel>
  );
}
