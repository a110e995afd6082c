import { ExportOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { DetailPage, Facts } from "../../ui/DetailPage";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { formatTime } from "../../ui/time";
import { ChosenText } from "../trade/Explanation";
import { instanceHistory } from "../trade/instanceHistory";
import { InstanceTag } from "../trade/InstanceTag";
import { termText } from "../trade/term";
import { AccessPanel } from "./AccessPanel";
import { ChangePanel } from "./ChangePanel";
import { usable, type InstanceDetail } from "./instance";
import { RefundPanel } from "./RefundAction";
import { RenewalRefundPanel } from "./RenewalRefund";
import { RenewPanel } from "./RenewPanel";
import { instanceKey, useAccessRefresh } from "./useAccessRefresh";

/** The states from which a service can be renewed. */
const renewable = ["ACTIVE", "GRACE", "RETENTION"];

/** One purchased service: sign-in data, term, seller's contact, history. */
export function InstancePage() {
  const { t } = useTranslation(["trade", "pricing"]);
  const { can, site } = useSession();
  const { id = "" } = useParams();
  const { data: instance, error, refetch } = useQuery({
    queryKey: instanceKey(id),
    queryFn: ({ signal }) => get<InstanceDetail>(`/api/v1/instances/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) => (query.state.data?.state === "PENDING" || query.state.data?.state === "CHANGING" ? 4000 : false),
  });
  const currency = useAccessRefresh(id, instance !== undefined && usable(instance.state));
  return (
    <DetailPage
      title={instance?.productName} error={error} onRetry={() => void refetch()} back={{ to: "/buyer/instances", label: t("instances.title") }}
      subtitle={instance && `${instance.specName} · ${instance.sellerName}`}
      state={instance && <InstanceTag instance={instance} />}
      actions={instance && usable(instance.state) && instance.access?.frontEndUrl && (
        <Button type="primary" icon={<ExportOutlined />} href={instance.access.frontEndUrl} target="_blank" rel="noopener noreferrer">{t("instances.open")}</Button>
      )}
      facts={instance ? [
        { label: t("instances.term"), value: `${termText(instance, t)}${instance.trial ? ` · ${t("pricing:trial")}` : ""}` },
        ...(instance.chosen.length > 0 ? [{ label: t("pricing:chosen_label"), value: <ChosenText chosen={instance.chosen} /> }] : []),
        { label: t("instances.started"), value: <Time at={instance.startedAt} detail="second" /> },
        { label: t("instances.expires"), value: instance.startedAt && !instance.expiresAt ? t("instances.no_end") : <Time at={instance.expiresAt} detail="second" /> },
        { label: t("instances.order"), value: <Link to={`/buyer/orders/${instance.orderId}`} className="mono">{instance.orderId}</Link> },
        { label: t("instances.external"), value: <CopyText text={instance.externalId} /> },
        { label: t("instances.id"), value: <CopyText text={instance.id} /> },
      ] : []}
      {...(instance ? { timeline: instanceHistory(instance.steps, instance.state, t, (at) => formatTime(at, site.timeZone, "date")) } : {})}
    >
      {instance && <Standing instance={instance} />}
      {instance && <AccessPanel instance={instance} currency={currency} />}
      {instance && <Contact instance={instance} />}
      {instance && instance.expiresAt && renewable.includes(instance.state) && can("order:buy") && <RenewPanel instance={instance} currency={site.currency} />}
      {instance && instance.state === "ACTIVE" && !instance.trial && instance.expiresAt && can("order:buy") && <ChangePanel instance={instance} />}
      {instance && instance.state === "ACTIVE" && can("order:buy") && <RenewalRefundPanel instance={instance} timeZone={site.timeZone} />}
      {instance && instance.state === "ACTIVE" && can("order:buy") && <RefundPanel instance={instance} currency={site.currency} />}
    </DetailPage>
  );
}

function Contact({ instance }: { instance: InstanceDetail }) {
  const { t } = useTranslation("trade");
  const { phone, email } = instance.contact;
  return (
    <Panel title={t("instances.contact")}>
      {!phone && !email ? <p className="faint">{t("instances.no_contact")}</p> : (
        <Facts facts={[
          { label: t("instances.seller"), value: instance.sellerName },
          ...(phone ? [{ label: t("instances.phone"), value: <a href={`tel:${phone.replace(/[^\d+]/g, "")}`}>{phone}</a> }] : []),
          ...(email ? [{ label: t("instances.email"), value: <a href={`mailto:${email}`}>{email}</a> }] : []),
        ]} />
      )}
    </Panel>
  );
}

/** What a state that is not plain use means for the buyer. */
function Standing({ instance }: { instance: InstanceDetail }) {
  const { t } = useTranslation("lifecycle");
  if (instance.frozen && instance.state === "RETENTION") return <Alert type="error" showIcon title={t("notice.frozen")} description={instance.frozenReason} style={{ marginBottom: 16 }} />;
  const kind = { GRACE: "grace", RETENTION: "retention", CHANGING: "changing" }[instance.state];
  if (!kind) return null;
  return <Alert type={kind === "changing" ? "info" : "warning"} showIcon title={t(`notice.${kind}`)} description={t(`notice.${kind}_hint`)} style={{ marginBottom: 16 }} />;
}
