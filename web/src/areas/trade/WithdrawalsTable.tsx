import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyText } from "../../ui/CopyText";
import { Money } from "../../ui/Money";
import { ResourceTable, type Column } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { withdrawalStates, type Withdrawal } from "./withdrawal";

interface Props {
  side: "buyer" | "operator";
  path: string;
  rowActions: (withdrawal: Withdrawal) => ReactNode;
}

/** Withdrawals of one account, or of all for finance. */
export function WithdrawalsTable({ side, path, rowActions }: Props) {
  const { t } = useTranslation("money");
  const columns: Column<Withdrawal>[] = [
    { key: "number", title: t("withdrawals.number"), main: true, render: (row) => <CopyText text={row.number} /> },
    ...(side === "operator" ? [{ key: "accountName", title: t("withdrawals.account") }] : []),
    { key: "amount", title: t("withdrawals.amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
    { key: "payer", title: t("withdrawals.payer"), render: (row) => <>{row.payer} <span className="faint">{row.bank} ····{row.bankTail}</span></> },
    { key: "createdAt", title: t("withdrawals.created"), render: (row) => <Time at={row.createdAt} /> },
    { key: "decidedAt", title: t("withdrawals.decided"), hidden: true, render: (row) => <Time at={row.decidedAt} /> },
    { key: "state", title: t("withdrawals.state"), csv: (row) => row.state, render: (row) => <StateTag kind="withdrawal" state={row.state} {...(row.state === "requested" && side === "buyer" ? { next: t("withdrawals.waits") } : {})} /> },
    { key: "note", title: t("withdrawals.note"), hidden: true },
    { key: "reference", title: t("withdrawals.reference"), render: (row) => row.reference || row.reason },
  ];
  return (
    <ResourceTable<Withdrawal>
      id={`${side}.withdrawals`} path={path} label={t("withdrawals.list")} rowKey={(row) => row.id} rowActions={rowActions} columns={columns}
      filters={[
        { key: "q", type: "text", label: t(side === "buyer" ? "withdrawals.search" : "withdrawals.search_all") },
        { key: "state", type: "select", label: t("withdrawals.state"), options: withdrawalStates.map((state) => ({ value: state, label: t(`common:state.withdrawal.${state}`) })) },
      ]}
      empty={{ title: t("withdrawals.none"), hint: t(side === "buyer" ? "withdrawals.none_hint" : "withdrawals.none_hint_operator") }}
    />
  );
}
