import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { toast } from "../../ui/feedback";
import { Money } from "../../ui/Money";
import { addMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { useProblemText } from "../../ui/ProblemText";
import { ResourceForm } from "../../ui/ResourceForm";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { PlainTable } from "../trade/PlainTable";
import { attemptsPath, type Attempt } from "./AttemptsPage";

interface Detail extends Attempt {
  notices: { id: string; source: string; event: string; status: string; amount: string; currency: string; verdict: string; at: string }[];
  refunds: { id: string; number: string; amount: string; currency: string; state: string; reason: string; error: string; createdAt: string }[];
}

/** One online payment: what the gateway told, what came of it, and the way back. */
export function AttemptPage() {
  const { t } = useTranslation("online");
  const { id = "" } = useParams();
  const { can } = useSession();
  const client = useQueryClient();
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const [refunding, setRefunding] = useState(false);
  const path = `${attemptsPath}/${encodeURIComponent(id)}`;
  const { data: one, error, refetch } = useQuery({ queryKey: ["attempt", id], queryFn: ({ signal }) => get<Detail>(path, undefined, signal) });
  const show = (now: Detail) => client.setQueryData(["attempt", id], now);
  const ask = async () => {
    setBusy(true);
    try {
      show(await send<Detail>("POST", `${path}/check`));
    } catch (failure) {
      toast.error(text(failure));
    } finally {
      setBusy(false);
    }
  };
  const left = one && addMoney(one.amount, `-${one.refunded}`);
  return (
    <DetailPage title={one && t("attempts.one", { number: one.number })} error={error} onRetry={() => void refetch()} back={{ to: "/operator/payments/attempts", label: t("attempts.title") }}
      state={one && <StateTag kind="online" state={one.state} />}
      facts={one && [
        { label: t("amount"), value: <Money amount={one.amount} currency={one.currency} /> },
        { label: t("items.account"), value: <Link to={`/operator/accounts/${one.accountId}`}>{one.accountName}</Link> },
        { label: t("attempts.purpose"), value: t(`attempts.for_${one.purpose}`) },
        { label: t("attempts.gateway"), value: one.gateway },
        { label: t("attempts.reference"), value: one.reference ? <CopyText text={one.reference} /> : "–" },
        { label: t("attempts.created"), value: <Time at={one.createdAt} detail="second" /> },
        ...(one.succeededAt ? [{ label: t("attempts.succeeded"), value: <Time at={one.succeededAt} detail="second" /> }] : []),
        { label: t("attempts.surplus"), value: <Money amount={one.surplus} currency={one.currency} /> },
        { label: t("attempts.refunded"), value: <Money amount={one.refunded} currency={one.currency} /> },
        ...(one.cause ? [{ label: t("attempts.cause"), value: one.cause.message, wide: true }] : []),
        ...(one.orders.length ? [{ label: t("attempts.orders"), wide: true, value: <>{one.orders.map((order) => <Link key={order} to={`/operator/orders/${order}`} className="mono" style={{ marginRight: 12 }}>{order}</Link>)}</> }] : []),
      ]}
      actions={one && (
        <>
          {can("topup:confirm") && <Button loading={busy} onClick={() => void ask()}>{t("attempts.check")}</Button>}
          {can("withdrawal:pay") && one.state === "succeeded" && left !== "0.00" && <Button onClick={() => setRefunding(true)}>{t("attempts.refund")}</Button>}
        </>
      )}>
      {one && (
        <>
          <Panel title={t("attempts.notices")}>
            {one.notices.length === 0 ? <p className="faint">{t("attempts.no_notices")}</p> : (
              <PlainTable label={t("attempts.notices")} rows={one.notices} rowKey={(row) => row.id} columns={[
                { key: "at", title: t("attempts.time"), render: (row) => <Time at={row.at} detail="second" /> },
                { key: "source", title: t("attempts.source"), render: (row) => t(`attempts.source_${row.source}`, { defaultValue: row.source }) },
                { key: "status", title: t("attempts.status"), render: (row) => t(`state.online.${row.status}`, { defaultValue: row.status }) },
                { key: "amount", title: t("amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
                { key: "verdict", title: t("attempts.verdict"), render: (row) => t(`attempts.verdict_${row.verdict}`, { defaultValue: row.verdict }) },
              ]} />
            )}
          </Panel>
          {one.refunds.length > 0 && (
            <Panel title={t("attempts.refunds")}>
              <PlainTable label={t("attempts.refunds")} rows={one.refunds} rowKey={(row) => row.id} columns={[
                { key: "createdAt", title: t("attempts.time"), render: (row) => <Time at={row.createdAt} detail="second" /> },
                { key: "number", title: t("attempts.refund_number"), render: (row) => <span className="mono">{row.number}</span> },
                { key: "amount", title: t("amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
                { key: "state", title: t("attempts.state"), render: (row) => t(`attempts.refund_${row.state}`) },
                { key: "reason", title: t("attempts.reason"), render: (row) => row.error || row.reason },
              ]} />
            </Panel>
          )}
          {refunding && (
            <Modal open title={t("attempts.refund")} footer={null} destroyOnHidden onCancel={() => setRefunding(false)}>
              <p className="soft">{t("attempts.refund_hint")}</p>
              <ResourceForm<{ amount: string; reason: string }, Detail> guard={false} initialValues={{ amount: left }} submitLabel={t("attempts.refund")} onCancel={() => setRefunding(false)}
                submit={(values, key) => send<Detail>("POST", `${path}/refund`, values, key)} onDone={(now) => { show(now); setRefunding(false); }}>
                <Form.Item name="amount" label={t("amount")} rules={[{ required: true, message: t("form.required") }]}><Input inputMode="decimal" suffix={one.currency} /></Form.Item>
                <Form.Item name="reason" label={t("attempts.reason")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
              </ResourceForm>
            </Modal>
          )}
        </>
      )}
    </DetailPage>
  );
}
