import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { formatMoney } from "../../ui/money";
import { Page } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import type { TopUp } from "../trade/topup";
import { TopUpsTable } from "../trade/TopUpsTable";

const path = "/api/v1/operator/topups";

/** Bank transfers that buyers announced: confirm or reject each against the bank's statement. */
export function TopUpsPage() {
  const { t } = useTranslation("trade");
  const client = useQueryClient();
  const changed = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: listKey(path) }), client.invalidateQueries({ queryKey: ["operator-home"] })]);
  };
  return (
    <Page title={t("topups.operator_title")} intro={t("topups.operator_intro")}>
      <TopUpsTable side="operator" path={path} rowActions={(topUp) => topUp.state === "pending" && <Decide topUp={topUp} onDone={changed} />} />
    </Page>
  );
}

function Decide({ topUp, onDone }: { topUp: TopUp; onDone: () => Promise<void> }) {
  const { t } = useTranslation("trade");
  const amount = formatMoney(topUp.amount, topUp.currency);
  return (
    <>
      <ConfirmAction label={t("topups.confirm")} title={t("topups.confirm_title", { amount })} button={{ size: "small", type: "primary" }} doneText={t("topups.confirmed")} onDone={onDone}
        cost={t("topups.confirm_cost", { account: topUp.accountName, amount, payer: topUp.payer, number: topUp.number })} irreversible={t("topups.confirm_irreversible")}
        reason={{ label: t("topups.confirm_reference"), required: true, maxLength: 64 }}
        run={({ reason, key }) => send("POST", `${path}/${topUp.id}/confirm`, { reference: reason }, key)} />
      <ConfirmAction label={t("topups.reject")} title={t("topups.reject_title", { number: topUp.number })} cost={t("topups.reject_cost")} danger button={{ size: "small" }} doneText={t("topups.rejected")} onDone={onDone}
        reason={{ label: t("topups.reject_reason"), required: true }}
        run={({ reason, key }) => send("POST", `${path}/${topUp.id}/reject`, { reason }, key)} />
    </>
  );
}
