import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";
import { formatMoney } from "../../ui/money";
import { Page } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import type { Withdrawal } from "../trade/withdrawal";
import { WithdrawalsTable } from "../trade/WithdrawalsTable";

const path = "/api/v1/operator/withdrawals";

/** Balance that buyers want back: transfer it and note the bank's reference, or reject. */
export function WithdrawalsPage() {
  const { t } = useTranslation("money");
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({ queryKey: listKey(path) });
  return (
    <Page title={t("withdrawals.operator_title")} intro={t("withdrawals.operator_intro")}>
      <WithdrawalsTable side="operator" path={path} rowActions={(row) => row.state === "requested" && <Decide row={row} onDone={changed} />} />
    </Page>
  );
}

function Decide({ row, onDone }: { row: Withdrawal; onDone: () => Promise<void> }) {
  const { t } = useTranslation("money");
  const amount = formatMoney(row.amount, row.currency);
  return (
    <>
      <BankAccount row={row} />
      <ConfirmAction label={t("withdrawals.pay")} title={t("withdrawals.pay_title", { amount })} button={{ size: "small", type: "primary" }} doneText={t("withdrawals.paid")} onDone={onDone}
        cost={t("withdrawals.pay_cost", { account: row.accountName, payer: row.payer, bank: row.bank, tail: row.bankTail })} irreversible={t("withdrawals.pay_irreversible")}
        reason={{ label: t("withdrawals.reference"), required: true, maxLength: 64 }}
        run={({ reason, key }) => send("POST", `${path}/${row.id}/pay-out`, { reference: reason }, key)} />
      <ConfirmAction label={t("withdrawals.reject")} title={t("withdrawals.reject_title", { number: row.number })} cost={t("withdrawals.reject_cost", { amount })} danger button={{ size: "small" }} doneText={t("withdrawals.rejected")} onDone={onDone}
        reason={{ label: t("withdrawals.reject_reason"), required: true }}
        run={({ reason, key }) => send("POST", `${path}/${row.id}/reject`, { reason }, key)} />
    </>
  );
}

/** The number to transfer to, shown on demand: each look is audited. */
function BankAccount({ row }: { row: Withdrawal }) {
  const { t } = useTranslation("money");
  const text = useProblemText();
  const [number, setNumber] = useState("");
  const reveal = async () => {
    try {
      setNumber((await send<{ bankAccount: string }>("POST", `${path}/${row.id}/reveal`)).bankAccount);
    } catch (error) {
      toast.error(text(error));
    }
  };
  return number ? <CopyText text={number} /> : <Button size="small" onClick={() => void reveal()}>{t("withdrawals.reveal")}</Button>;
}
