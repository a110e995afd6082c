import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceTable } from "../../ui/ResourceTable";
import { StatCard, StatRow } from "../../ui/StatCard";
import { Time } from "../../ui/Time";
import { withInstants } from "../trade/day";
import { transactionKinds, type Balance, type Transaction } from "./balance";

/** What the account has, and every movement of it. */
export function BalancePage() {
  const { t } = useTranslation(["trade", "money"]);
  const { can, site } = useSession();
  const { data, error, refetch } = useQuery({ queryKey: ["balance"], queryFn: ({ signal }) => get<Balance>("/api/v1/balance", undefined, signal) });
  const topUp = can("balance:topup") && <LinkButton to="/buyer/topups" type="primary">{t("balance.topup")}</LinkButton>;
  if (error && !data) return <Page title={t("balance.title")}><PageError error={error} onRetry={() => void refetch()} /></Page>;
  return (
    <Page title={t("balance.title")} actions={<>{can("balance:withdraw") && <LinkButton to="/buyer/withdrawals">{t("money:withdrawals.title")}</LinkButton>}{topUp}</>}>
      <StatRow>
        <StatCard label={t("balance.balance")} value={data && <Money amount={data.balance} currency={data.currency} />} />
        <StatCard label={t("balance.pending")} value={data && <Money amount={data.pending} currency={data.currency} />} to="/buyer/topups?state=pending" />
      </StatRow>
      <ResourceTable<Transaction>
        id="buyer.transactions" path="/api/v1/balance/transactions" label={t("balance.list")} rowKey={(row) => row.id}
        filters={[
          { key: "kind", type: "select", label: t("balance.kind"), options: transactionKinds.map((kind) => ({ value: kind, label: t(`balance.kinds.${kind}`) })) },
          { key: "at", type: "dates", label: t("balance.date") },
        ]}
        toQuery={(filters) => withInstants(filters, "at", site.timeZone)}
        columns={[
          { key: "kind", title: t("balance.kind"), main: true, render: (row) => t(`balance.kinds.${row.kind}`, { defaultValue: row.kind }) },
          { key: "cause", title: t("balance.cause"), render: (row) => causePath(row) ? <Link to={causePath(row)!} className="mono">{row.cause}</Link> : <span className="mono">{row.cause}</span> },
          { key: "at", title: t("balance.time"), render: (row) => <Time at={row.at} detail="second" /> },
          { key: "amount", title: t("balance.amount"), align: "right", render: (row) => <Money amount={row.amount} currency={data?.currency} signed /> },
        ]}
        empty={{ title: t("balance.none"), hint: t("balance.none_hint"), action: topUp }}
      />
    </Page>
  );
}

const causePath = ({ kind, cause }: Transaction): string | null => {
  if (cause.startsWith("OP") || cause.startsWith("GR")) return null;
  if (kind === "topup") return `/buyer/topups?q=${encodeURIComponent(cause)}`;
  return kind.startsWith("withdrawal") ? `/buyer/withdrawals?q=${encodeURIComponent(cause)}` : `/buyer/orders/${encodeURIComponent(cause)}`;
};
