import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { EmptyState } from "../../ui/EmptyState";
import { toast } from "../../ui/feedback";
import { LinkButton } from "../../ui/LinkButton";
import { formatMoney } from "../../ui/money";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey } from "../../ui/ResourceTable";
import type { Withdrawal } from "../trade/withdrawal";
import { WithdrawalsTable } from "../trade/WithdrawalsTable";
import type { Balance } from "./balance";
import css from "./TopUps.module.css";

const path = "/api/v1/withdrawals";

interface Payer {
  name: string;
  left: string;
}

/** Balance back to a bank account of whoever paid it in: ask, and what became of earlier requests. */
export function WithdrawalsPage() {
  const { t } = useTranslation("money");
  const { can } = useSession();
  const client = useQueryClient();
  const mayAsk = can("balance:withdraw");
  const balance = useQuery({ queryKey: ["balance"], queryFn: ({ signal }) => get<Balance>("/api/v1/balance", undefined, signal) });
  const payers = useQuery({ queryKey: ["withdrawal-payers"], enabled: mayAsk, queryFn: ({ signal }) => get<{ payers: Payer[] }>(`${path}/payers`, undefined, signal) });
  const changed = async () => {
    await Promise.all([listKey(path), ["balance"], ["withdrawal-payers"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  const error = balance.error ?? payers.error;
  const possible = payers.data?.payers.filter((payer) => Number(payer.left) > 0);
  return (
    <Page title={t("withdrawals.title")} intro={t("withdrawals.intro")}>
      {error && !(balance.data && payers.data) ? <PageError error={error} onRetry={() => void Promise.all([balance.refetch(), payers.refetch()])} /> : mayAsk && balance.data && possible && (
        <Panel title={t("withdrawals.ask")}>
          {possible.length === 0
            ? <EmptyState title={t("withdrawals.no_payer")} hint={t("withdrawals.no_payer_hint")} action={<LinkButton to="/buyer/topups">{t("withdrawals.to_topups")}</LinkButton>} />
            : <WithdrawalForm key={balance.data.balance} balance={balance.data} payers={possible} onDone={changed} />}
        </Panel>
      )}
      <h2 className={css.listTitle}>{t("withdrawals.list")}</h2>
      <WithdrawalsTable side="buyer" path={path} rowActions={(row) => row.state === "requested" && mayAsk && (
        <ConfirmAction label={t("withdrawals.cancel")} title={t("withdrawals.cancel_title", { number: row.number })} cost={t("withdrawals.cancel_cost", { amount: formatMoney(row.amount, row.currency) })}
          button={{ size: "small" }} doneText={t("withdrawals.canceled")} run={({ key }) => send("POST", `${path}/${row.id}/cancel`, undefined, key)} onDone={changed} />
      )} />
    </Page>
  );
}

interface Values {
  payer: string;
  amount: string;
  bank: string;
  bankAccount: string;
  note?: string;
}

function WithdrawalForm({ balance, payers, onDone }: { balance: Balance; payers: Payer[]; onDone: () => Promise<void> }) {
  const { t } = useTranslation("money");
  const required = { required: true, whitespace: true, message: t("required") };
  return (
    <ResourceForm<Values, Withdrawal> initialValues={payers.length === 1 ? { payer: payers[0]!.name } : undefined} submitLabel={t("withdrawals.submit")} submit={(values, key) => send<Withdrawal>("POST", path, values, key)}
      onDone={async (row) => { toast.success(t("withdrawals.asked", { number: row.number })); await onDone(); }}>
      <Form.Item name="payer" label={t("withdrawals.payer")} extra={t("withdrawals.payer_hint")} rules={[required]}>
        <Select options={payers.map((payer) => ({ value: payer.name, label: t("withdrawals.payer_left", { name: payer.name, left: formatMoney(payer.left, balance.currency) }) }))} />
      </Form.Item>
      <Form.Item name="amount" label={t("withdrawals.amount")} extra={t("withdrawals.available", { amount: formatMoney(balance.balance, balance.currency) })} normalize={(text: string) => text.replace(/[\s,]/g, "")}
        rules={[required, { pattern: /^(?!0+(\.0*)?$)\d{1,9}(\.\d{1,2})?$/, message: t("amount_format") }]}>
        <Input inputMode="decimal" autoComplete="off" suffix={balance.currency} />
      </Form.Item>
      <Form.Item name="bank" label={t("withdrawals.bank")} rules={[required]}><Input autoComplete="off" maxLength={100} /></Form.Item>
      <Form.Item name="bankAccount" label={t("withdrawals.bank_account")} extra={t("withdrawals.bank_account_hint")} rules={[required]}><Input inputMode="numeric" autoComplete="off" maxLength={44} /></Form.Item>
      <Form.Item name="note" label={t("withdrawals.note")}><Input autoComplete="off" maxLength={200} /></Form.Item>
    </ResourceForm>
  );
}
