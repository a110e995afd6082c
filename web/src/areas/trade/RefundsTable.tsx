import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Money } from "../../ui/Money";
import { ResourceTable, type Column } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { refundKinds, refundStates, type Refund } from "./refund";

interface Props {
  side: "buyer" | "seller" | "operator";
  path: string;
  rowActions?: (refund: Refund) => ReactNode;
}

/** Refunds of delivered orders, of one account, one seller, or all. */
export function RefundsTable({ side, path, rowActions }: Props) {
  const { t } = useTranslation("money");
  const columns: Column<Refund>[] = [
    { key: "productName", title: t("refunds.product"), main: true, render: (row) => <>{row.productName} <span className="faint">{row.specName}</span></> },
    { key: "orderId", title: t("refunds.order"), render: (row) => <Link to={`/${side}/orders/${row.orderId}`} className="mono">{row.orderId}</Link> },
    ...(side === "buyer" ? [{ key: "sellerName", title: t("refunds.seller") }] : [{ key: "accountName", title: t("refunds.buyer") }]),
    { key: "kind", title: t("refunds.kind"), csv: (row) => row.kind, render: (row) => t(`refunds.kinds.${row.kind}`) },
    { key: "amount", title: t("refunds.amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
    { key: "voucherAmount", title: t("refunds.to_voucher"), align: "right", hidden: true, render: (row) => <Money amount={row.voucherAmount} currency={row.currency} /> },
    { key: "createdAt", title: t("refunds.created"), render: (row) => <Time at={row.createdAt} /> },
    { key: "state", title: t("refunds.state"), csv: (row) => row.state, render: (row) => <StateTag kind="refund" state={row.state} {...(row.state === "requested" ? { next: t("refunds.waits") } : {})} /> },
    { key: "reason", title: t("refunds.reason"), hidden: true },
    { key: "decision", title: t("refunds.decision"), hidden: true },
    { key: "refundOrderId", title: t("refunds.refund_order"), hidden: true, render: (row) => row.refundOrderId && <span className="mono">{row.refundOrderId}</span> },
  ];
  return (
    <ResourceTable<Refund>
      id={`${side}.refunds`} path={path} label={t("refunds.list")} rowKey={(row) => row.id} {...(rowActions ? { rowActions } : {})} columns={columns}
      filters={[
        { key: "q", type: "text", label: t(side === "buyer" ? "refunds.search" : "refunds.search_all") },
        { key: "state", type: "select", label: t("refunds.state"), options: refundStates.map((state) => ({ value: state, label: t(`common:state.refund.${state}`) })) },
        { key: "kind", type: "select", label: t("refunds.kind"), options: refundKinds.map((kind) => ({ value: kind, label: t(`refunds.kinds.${kind}`) })) },
      ]}
      empty={{ title: t("refunds.none"), hint: t(`refunds.none_hint_${side}`) }}
    />
  );
}
