import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { DetailPage, type Fact } from "../../ui/DetailPage";
import { listKey } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import { creates, isOpen, type CallDetail } from "./call";
import { CallAttempts } from "./CallAttempts";
import { CallTag } from "./CallTag";
import { callsPath } from "./side";
import css from "./trade.module.css";

interface Props {
  side: "seller" | "operator";
  /** Further actions of this side; `onDone` shows what came of them. */
  actions?: (call: CallDetail, onDone: (call: CallDetail) => Promise<void>) => ReactNode;
}

/** One call to a seller's server with all its attempts, looked at again while attempts may follow. */
export function CallDetailView({ side, actions }: Props) {
  const { t } = useTranslation("trade");
  const { id = "" } = useParams();
  const { can } = useSession();
  const client = useQueryClient();
  const key = ["call", side, id];
  const { data: call, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<CallDetail>(`${callsPath[side]}/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && isOpen(query.state.data.state) ? 3000 : false),
  });
  const done = async (changed: CallDetail) => {
    client.setQueryData(key, changed);
    await client.invalidateQueries({ queryKey: listKey(callsPath[side]) });
  };
  return (
    <DetailPage
      title={call && `${call.activity} · ${call.productName}`} error={error} onRetry={() => void refetch()} back={{ to: `/${side}/deliveries`, label: t("calls.title") }}
      subtitle={call && <CopyText text={call.id} />} state={call && <CallTag state={call.state} nextAt={call.nextAt} />}
      facts={call ? factsOf(call, side, t) : []}
      actions={call && (
        <>
          {call.restartable && can(side === "seller" ? "address:write" : "call:restart") && (
            <ConfirmAction<CallDetail> label={t("call.restart")} title={t("call.restart_title", { activity: call.activity })} cost={t("call.restart_cost")} button={{ type: "primary" }}
              doneText={t("call.restarted")} run={({ key: submit }) => send<CallDetail>("POST", `${callsPath[side]}/${call.id}/restart`, undefined, submit)} onDone={done} />
          )}
          {actions?.(call, done)}
        </>
      )}
    >
      {call && (
        <>
          {call.problem && (call.state === "retrying" || call.state === "failed") && (
            <Alert type={call.state === "failed" ? "error" : "warning"} showIcon className={css.notice!} title={call.problem.message} description={t(followUp(call))} />
          )}
          <CallAttempts call={call} />
        </>
      )}
    </DetailPage>
  );
}

/** What a failure means for order and money, and what to do. */
function followUp(call: CallDetail): string {
  if (call.state === "retrying") return "call.follow_retrying";
  if (call.restartable) return "call.follow_failed";
  return creates(call) ? "call.follow_failed_create" : "call.follow_failed_final";
}

function factsOf(call: CallDetail, side: string, t: (key: string) => string): Fact[] {
  return [
    { label: t("calls.order"), value: <Link to={`/${side}/orders/${call.orderId}`} className="mono">{call.orderId}</Link> },
    { label: t("call.external"), value: <CopyText text={call.externalId} /> },
    { label: t("calls.purpose"), value: t(`purpose.${call.purpose}`) },
    { label: t("calls.generation"), value: call.generation.toUpperCase() },
    { label: t("calls.buyer"), value: call.buyerName },
    ...(side === "operator" ? [{ label: t("calls.seller"), value: call.sellerName }] : []),
    { label: t("calls.attempts"), value: call.attempts },
    { label: t("calls.created"), value: <Time at={call.createdAt} detail="second" /> },
    { label: t("call.last"), value: <Time at={call.lastAt} detail="second" /> },
    ...(call.nextAt ? [{ label: t("call.next"), value: <Time at={call.nextAt} detail="second" /> }] : []),
    ...(isOpen(call.state) ? [{ label: t("call.window"), value: <Time at={call.windowEnd} detail="second" /> }] : []),
    ...(call.doneAt ? [{ label: t("call.done"), value: <Time at={call.doneAt} detail="second" /> }] : []),
    ...(call.resultCode ? [{ label: t("call.result"), value: <span className="mono">{call.resultCode}</span> }] : []),
    ...(call.comment ? [{ label: t("call.comment"), value: call.comment, wide: true }] : []),
  ];
}
