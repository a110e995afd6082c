import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Facts } from "../../ui/DetailPage";
import { addMoney, formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import type { RefundPreview } from "../trade/refund";
import type { InstanceDetail } from "./instance";
import { instanceKey } from "./useAccessRefresh";

/** Giving a service back: what would go back now and how it is computed, or why it is not possible. */
export function RefundPanel({ instance, currency }: { instance: InstanceDetail; currency: string }) {
  const { t } = useTranslation(["money", "changes"]);
  const client = useQueryClient();
  const path = `/api/v1/instances/${encodeURIComponent(instance.id)}/refund`;
  const key = ["instance-refund", instance.id];
  const { data: preview } = useQuery({ queryKey: key, queryFn: ({ signal }) => get<RefundPreview>(path, undefined, signal) });
  if (!preview) return null;
  const amount = formatMoney(preview.amount, currency);
  const cash = formatMoney(addMoney(preview.amount, `-${preview.voucherAmount}`), currency); // the rest goes back to the voucher
  const changed = () => Promise.all([instanceKey(instance.id), key, ["balance"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  return (
    <Panel title={t("refunds.give_back")}>
      {!preview.possible ? <p className="faint">{preview.blocker?.message}</p> : (
        <>
          <Facts facts={factsOf(preview, currency, t)} />
          <p style={{ margin: "12px 0" }}>{t(preview.approval ? "refunds.needs_approval" : "refunds.at_once")}</p>
          <ConfirmAction label={t("refunds.give_back")} title={t("refunds.give_back_title", { product: instance.productName })} danger doneText={t(preview.approval ? "refunds.asked" : "refunds.paid_back", { amount })}
            cost={t("refunds.give_back_cost", { amount: cash })} irreversible={t("refunds.give_back_irreversible")} reason={{ label: t("refunds.reason"), required: false, maxLength: 500 }}
            run={({ reason, key: submit }) => send("POST", path, { amount: preview.amount, reason }, submit)} onDone={async () => { await changed(); }} />
        </>
      )}
    </Panel>
  );
}

function factsOf({ kind, explanation, amount, voucherAmount, baseAmount, parts }: RefundPreview, currency: string, t: (key: string, values?: Record<string, unknown>) => string) {
  const money = (value: string) => formatMoney(value, currency);
  return [
    { label: t("refunds.paid"), value: money(explanation.paid) },
    ...(Number(explanation.before) > 0 ? [{ label: t("refunds.before"), value: money(explanation.before) }] : []),
    ...(kind === "prorata" ? [
      { label: t("refunds.consumed"), value: t("refunds.consumed_value", { amount: money(explanation.consumed), used: explanation.usedHours ?? 0, total: explanation.totalHours ?? 0 }) },
      { label: t("refunds.fee"), value: money(explanation.fee) },
    ] : [
      { label: t("refunds.until"), value: <Time at={explanation.until} detail="second" /> },
      { label: t("refunds.quota"), value: t("refunds.quota_value", { used: explanation.used, max: explanation.perYear }) },
    ]),
    ...(parts.length > 0 ? [{ label: t("changes:of_purchase"), value: money(baseAmount) }] : []),
    ...parts.map((part) => ({
      label: t("changes:of_change", { id: part.orderId }),
      value: kind === "prorata" ? t("changes:part_prorata", { amount: money(part.amount), paid: money(part.explanation.paid), used: part.explanation.usedHours ?? 0, total: part.explanation.totalHours ?? 0, consumed: money(part.explanation.consumed) }) : money(part.amount),
    })),
    { label: t("refunds.amount"), value: <strong>{money(amount)}</strong> },
    ...(Number(voucherAmount) > 0 ? [{ label: t("refunds.to_voucher"), value: money(voucherAmount) }] : []),
  ];
}
