import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { formatMoney } from "../../ui/money";
import { Page } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import type { Refund } from "../trade/refund";
import { RefundsTable } from "../trade/RefundsTable";

const path = "/api/v1/operator/refunds";

/** Refunds of all buyers; those above the site's limit wait for a decision. */
export function RefundsPage() {
  const { t } = useTranslation("money");
  const { can } = useSession();
  return (
    <Page title={t("refunds.operator_title")} intro={t("refunds.operator_intro")}>
      <RefundsTable side="operator" path={path} rowActions={(row) => row.state === "requested" && can("refund:decide") && <Decide row={row} />} />
    </Page>
  );
}

function Decide({ row }: { row: Refund }) {
  const { t } = useTranslation("money");
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({ queryKey: listKey(path) });
  const amount = formatMoney(row.amount, row.currency);
  return (
    <>
      <ConfirmAction label={t("refunds.approve")} title={t("refunds.approve_title", { amount })} cost={t(row.kind === "renewal" ? "refunds.approve_cost_renewal" : "refunds.approve_cost", { account: row.accountName, product: row.productName, amount })} irreversible={t("refunds.give_back_irreversible")}
        button={{ size: "small", type: "primary" }} doneText={t("refunds.approved")} run={({ key }) => send("POST", `${path}/${row.id}/approve`, undefined, key)} onDone={changed} />
      <ConfirmAction label={t("refunds.reject")} title={t("refunds.reject_title", { order: row.orderId })} cost={t("refunds.reject_cost")} danger button={{ size: "small" }} doneText={t("refunds.rejected")}
        reason={{ label: t("refunds.reject_reason"), required: true }} run={({ reason, key }) => send("POST", `${path}/${row.id}/reject`, { reason }, key)} onDone={changed} />
    </>
  );
}
