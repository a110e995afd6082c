import { useTranslation } from "react-i18next";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { onlineStates, type OnlinePayment } from "../online/online";

/** An online payment as finance sees it. */
export interface Attempt extends OnlinePayment {
  accountId: string;
  accountName: string;
  reference: string;
  refunded: string;
}

export const attemptsPath = "/api/v1/operator/payments/attempts";

/** Every payment that a gateway was asked to carry out. */
export function AttemptsPage() {
  const { t } = useTranslation("online");
  return (
    <Page title={t("attempts.title")} intro={t("attempts.intro")}>
      <ResourceTable<Attempt>
        id="operator.attempts" path={attemptsPath} label={t("attempts.title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/payments/attempts/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("attempts.search") },
          { key: "state", type: "select", label: t("attempts.state"), options: onlineStates.map((state) => ({ value: state, label: t(`state.online.${state}`) })) },
          { key: "purpose", type: "select", label: t("attempts.purpose"), options: ["orders", "balance"].map((one) => ({ value: one, label: t(`attempts.for_${one}`) })) },
        ]}
        columns={[
          { key: "number", title: t("number"), main: true, render: (row) => <span className="mono">{row.number}</span> },
          { key: "accountName", title: t("items.account") },
          { key: "purpose", title: t("attempts.purpose"), render: (row) => t(`attempts.for_${row.purpose}`) },
          { key: "gateway", title: t("attempts.gateway") },
          { key: "amount", title: t("amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
          { key: "createdAt", title: t("attempts.created"), render: (row) => <Time at={row.createdAt} detail="second" /> },
          { key: "state", title: t("attempts.state"), render: (row) => <StateTag kind="online" state={row.state} {...(row.outcome === "balance" && row.purpose === "orders" ? { next: t("attempts.on_balance") } : {})} /> },
        ]}
        empty={{ title: t("attempts.none"), hint: t("attempts.none_hint") }}
      />
    </Page>
  );
}
