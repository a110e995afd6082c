import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Facts } from "../../ui/DetailPage";
import { addMoney, formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { formatTime } from "../../ui/time";
import type { RenewalRefundPreview } from "../trade/refund";
import type { InstanceDetail } from "./instance";
import { instanceKey } from "./useAccessRefresh";

/** Giving back the newest renewed period; nothing is shown unless that is possible. */
export function RenewalRefundPanel({ instance, timeZone }: { instance: InstanceDetail; timeZone: string }) {
  const { t } = useTranslation("money");
  const client = useQueryClient();
  const path = `/api/v1/instances/${encodeURIComponent(instance.id)}/renewal-refund`;
  const key = ["renewal-refund", instance.id, instance.expiresAt];
  const { data: preview } = useQuery({ queryKey: key, queryFn: ({ signal }) => get<RenewalRefundPreview>(path, undefined, signal) });
  if (!preview?.possible || !preview.begins) return null;
  const amount = formatMoney(preview.amount, preview.currency);
  const cash = formatMoney(addMoney(preview.amount, `-${preview.voucherAmount}`), preview.currency); // the rest goes back to the voucher
  const changed = () => Promise.all([instanceKey(instance.id), ["renewal-refund", instance.id], ["instance-refund", instance.id], ["balance"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  return (
    <Panel title={t("refunds.renewal_title")}>
      <p className="faint">{t("refunds.renewal_hint")}</p>
      <Facts facts={[
        { label: t("refunds.renewal_period"), value: <><Time at={preview.begins} detail="second" /> – <Time at={preview.ends} detail="second" /></> },
        { label: t("refunds.amount"), value: <strong>{amount}</strong> },
        ...(Number(preview.voucherAmount) > 0 ? [{ label: t("refunds.to_voucher"), value: formatMoney(preview.voucherAmount, preview.currency) }] : []),
      ]} />
      <p style={{ margin: "12px 0" }}>{t(preview.approval ? "refunds.needs_approval" : "refunds.at_once")}</p>
      <ConfirmAction label={t("refunds.renewal_go")} title={t("refunds.renewal_confirm", { product: instance.productName })} danger doneText={t(preview.approval ? "refunds.asked" : "refunds.paid_back", { amount })}
        cost={`${t("refunds.renewal_cost", { amount: cash, expiry: formatTime(preview.begins, timeZone, "date") })}${instance.policy.atExpiry === "auto" ? ` ${t("life:give_back.auto")}` : ""}`} reason={{ label: t("refunds.reason"), required: false, maxLength: 500 }}
        run={({ reason, key: submit }) => send("POST", path, { amount: preview.amount, reason }, submit)} onDone={async () => { await changed(); }} />
    </Panel>
  );
}
