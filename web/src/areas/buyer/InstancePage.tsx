import { ExportOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { DetailPage, Facts } from "../../ui/DetailPage";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { TimelineEntry } from "../../ui/Timeline";
import { ChosenText } from "../trade/Explanation";
import { termText } from "../trade/term";
import { AccessPanel } from "./AccessPanel";
import type { InstanceDetail } from "./instance";
import { RefundPanel } from "./RefundAction";
import { instanceKey, useAccessRefresh } from "./useAccessRefresh";

/** One purchased service: sign-in data, term, seller's contact, history. */
export function InstancePage() {
  const { t } = useTranslation(["trade", "pricing"]);
  const { id = "" } = useParams();
  const { can, site } = useSession();
  const { data: instance, error, refetch } = useQuery({
    queryKey: instanceKey(id),
    queryFn: ({ signal }) => get<InstanceDetail>(`/api/v1/instances/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) => (query.state.data?.state === "PENDING" ? 4000 : false),
  });
  const currency = useAccessRefresh(id, instance?.state === "ACTIVE");
  return (
    <DetailPage
      title={instance?.productName} error={error} onRetry={() => void refetch()} back={{ to: "/buyer/instances", label: t("instances.title") }}
      subtitle={instance && `${instance.specName} · ${instance.sellerName}`}
      state={instance && <StateTag kind="instance" state={instance.state} />}
      actions={instance?.state === "ACTIVE" && instance.access?.frontEndUrl && (
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
      {...(instance ? { timeline: historyOf(instance, t) } : {})}
    >
      {instance && <AccessPanel instance={instance} currency={currency} />}
      {instance && <Contact instance={instance} />}
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

function historyOf(instance: InstanceDetail, t: (key: string, options?: Record<string, unknown>) => string): TimelineEntry[] {
  const entries: TimelineEntry[] = instance.steps.map((step) => ({
    key: step.id, text: t(`event.${step.event}`, { defaultValue: step.event }), at: step.at, actor: t(step.event === "provisioned" || step.event === "access_data" ? "actor.seller" : "actor.system"),
    tone: step.event === "provisioned" ? "success" : "neutral",
    detail: step.event === "provisioned" && typeof step.detail?.instanceId === "string" ? t("event_detail.external", { id: step.detail.instanceId }) : undefined,
  }));
  if (instance.state === "PENDING") entries.push({ key: "waiting", text: t("wait.provision"), waiting: true });
  return entries;
}
