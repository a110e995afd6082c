import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyText } from "../../ui/CopyText";
import { Money } from "../../ui/Money";
import { ResourceTable, type Column } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { topUpStates, type TopUp } from "./topup";

interface Props {
  side: "buyer" | "operator";
  path: string;
  rowActions: (topUp: TopUp) => ReactNode;
}

/** Top-ups of one account, or of all for operators. */
export function TopUpsTable({ side, path, rowActions }: Props) {
  const { t } = useTranslation("trade");
  const columns: Column<TopUp>[] = [
    { key: "number", title: t("topups.number"), main: true, render: (topUp) => <CopyText text={topUp.number} /> },
    ...(side === "operator" ? [{ key: "accountName", title: t("topups.buyer") }] : []),
    { key: "amount", title: t("topups.amount"), align: "right", render: (topUp) => <Money amount={topUp.amount} currency={topUp.currency} /> },
    { key: "payer", title: t("topups.payer") },
    { key: "reference", title: t("topups.bank_reference"), hidden: side === "buyer" },
    { key: "note", title: t("topups.note"), hidden: true },
    { key: "createdAt", title: t("topups.created"), render: (topUp) => <Time at={topUp.createdAt} /> },
    { key: "decidedAt", title: t("topups.decided"), hidden: side === "operator", render: (topUp) => <Time at={topUp.decidedAt} /> },
    { key: "state", title: t("topups.state"), csv: (topUp) => topUp.state, render: (topUp) => <StateTag kind="topup" state={topUp.state} {...(topUp.state === "pending" && side === "buyer" ? { next: t("topups.waits") } : {})} /> },
    { key: "reason", title: t("topups.reason") },
  ];
  return (
    <ResourceTable<TopUp>
      id={`${side}.topups`} path={path} label={t("topups.list")} rowKey={(topUp) => topUp.id} rowActions={rowActions} columns={columns}
      filters={[
        { key: "q", type: "text", label: t(side === "buyer" ? "topups.search" : "topups.search_all") },
        { key: "state", type: "select", label: t("topups.state"), options: topUpStates.map((state) => ({ value: state, label: t(`state.topup.${state}`) })) },
      ]}
      empty={{ title: t("topups.none"), hint: t(side === "buyer" ? "topups.none_hint" : "topups.none_hint_operator") }}
    />
  );
}
