import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { CallTag } from "./CallTag";
import type { OrderDetail } from "./order";
import { PlainTable } from "./PlainTable";
import type { Side } from "./side";

/** The calls to the seller's server that this order caused. */
export function OrderCalls({ order, side }: { order: OrderDetail; side: Side }) {
  const { t } = useTranslation("trade");
  if (order.calls.length === 0) return null;
  return (
    <Panel title={t("order.calls")}>
      <PlainTable label={t("order.calls")} rows={order.calls} rowKey={(call) => call.id} columns={[
        { key: "activity", title: t("calls.activity"), render: (call) => <Link to={`/${side}/deliveries/${call.id}`} className="mono">{call.activity}</Link> },
        { key: "attempts", title: t("calls.attempts"), render: (call) => call.attempts },
        { key: "created", title: t("calls.created"), render: (call) => <Time at={call.createdAt} detail="second" /> },
        { key: "state", title: t("calls.state"), render: (call) => <><CallTag state={call.state} nextAt={call.nextAt} />{call.problem && <div className="faint">{call.problem.message}</div>}</> },
      ]} />
    </Panel>
  );
}
