import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get } from "../../api/client";
import { queryClient, useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { listKey } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import { formatTime } from "../../ui/time";
import { ChosenText } from "../trade/Explanation";
import { InstanceCalls } from "../trade/InstanceCalls";
import { instanceHistory } from "../trade/instanceHistory";
import { InstanceTag } from "../trade/InstanceTag";
import { termText } from "../trade/term";
import { instancesPath, type OverseenDetail } from "./instances";
import { SendCallDialog } from "./SendCallDialog";

/** One purchased service: state, history, its calls, and sending another one. */
export function InstancePage() {
  const { t } = useTranslation("lifecycle");
  const { t: trade } = useTranslation("trade");
  const { id = "" } = useParams();
  const { can, site } = useSession();
  const [sending, setSending] = useState(false);
  const path = `${instancesPath}/${encodeURIComponent(id)}`;
  const { data: instance, error, refetch } = useQuery({ queryKey: ["overseen-instance", id], queryFn: ({ signal }) => get<OverseenDetail>(path, undefined, signal), refetchInterval: 5000 });
  const changed = async () => {
    await Promise.all([refetch(), queryClient.invalidateQueries({ queryKey: ["instance-calls", id] }), queryClient.invalidateQueries({ queryKey: listKey(instancesPath) })]);
  };
  return (
    <DetailPage title={instance?.productName} error={error} onRetry={() => void refetch()} back={{ to: "/operator/instances", label: t("list.title") }}
      subtitle={instance && `${instance.specName} · ${instance.buyerName}`} state={instance && <InstanceTag instance={instance} />}
      facts={instance && [
        { label: t("list.buyer"), value: <Link to={`/operator/accounts/${instance.accountId}`}>{instance.buyerName}</Link> },
        { label: t("list.seller"), value: <Link to={`/operator/sellers/${instance.sellerId}`}>{instance.sellerName}</Link> },
        { label: t("list.order"), value: <Link to={`/operator/orders/${instance.orderId}`} className="mono">{instance.orderId}</Link> },
        { label: t("list.mode"), value: `${t(`mode.${instance.chargingMode}`)} · ${termText(instance, trade)}` },
        ...(instance.chosen.length > 0 ? [{ label: t("detail.chosen"), value: <ChosenText chosen={instance.chosen} /> }] : []),
        { label: t("list.started"), value: <Time at={instance.startedAt} detail="second" /> },
        { label: t("list.expires"), value: instance.startedAt && !instance.expiresAt ? t("list.no_end") : <Time at={instance.expiresAt} detail="second" /> },
        ...(instance.endedAt ? [{ label: t("detail.ended"), value: <Time at={instance.endedAt} detail="second" /> }] : []),
        { label: t("list.generation"), value: `${instance.generation} · ${instance.path}` },
        { label: t("detail.plan"), value: <CopyText text={instance.planNumber} /> },
        { label: t("list.external"), value: <CopyText text={instance.externalId} /> },
        { label: trade("instances.id"), value: <CopyText text={instance.id} /> },
      ]}
      {...(instance ? { timeline: instanceHistory(instance.steps, instance.state, t, (at) => formatTime(at, site.timeZone, "date")) } : {})}
      actions={instance && can("instance:manage") && instance.possible.some((one) => !one.refused) && <Button type="primary" onClick={() => setSending(true)}>{t("send.action")}</Button>}>
      {instance?.frozen && instance.frozenAt && (
        <Alert type="warning" showIcon title={t("frozen_title", { time: formatTime(instance.frozenAt, site.timeZone) })} description={instance.frozenReason} style={{ marginBottom: 16 }} />
      )}
      {instance && can("call:oversee") && <InstanceCalls instanceId={id} onEnd={refetch} />}
      {instance && sending && <SendCallDialog instance={instance} onClose={() => setSending(false)} onSent={changed} />}
    </DetailPage>
  );
}
