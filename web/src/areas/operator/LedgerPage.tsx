import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { EmptyState } from "../../ui/EmptyState";
import { addMoney, formatMoney } from "../../ui/money";
import { Money } from "../../ui/Money";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { useSession } from "../../api/session";
import { accountText, type Trial } from "../trade/ledger";
import { PlainTable } from "../trade/PlainTable";

/** The trial balance of the book (试算平衡). */
export function LedgerPage() {
  const { t } = useTranslation("trade");
  const { data, error, refetch } = useQuery({ queryKey: ["ledger"], queryFn: ({ signal }) => get<{ rows: Trial[] | null }>("/api/v1/operator/ledger", undefined, signal) });
  return (
    <Page title={t("trial.title")} intro={t("trial.intro")}>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : data && (
        <Panel>{data.rows?.length ? <Book rows={data.rows} /> : <EmptyState title={t("trial.none")} hint={t("trial.none_hint")} />}</Panel>
      )}
    </Page>
  );
}

function Book({ rows }: { rows: Trial[] }) {
  const { t } = useTranslation("trade");
  const { site } = useSession();
  const sum = (column: "debit" | "credit" | "balance") => addMoney(...rows.map((row) => row[column]));
  const balance = sum("balance");
  const balanced = /^[-0.]*$/.test(balance);
  return (
    <>
      <Alert type={balanced ? "success" : "error"} showIcon style={{ marginBottom: 16 }}
        title={balanced ? t("trial.balanced") : t("trial.unbalanced", { amount: formatMoney(balance, site.currency) })} />
      <PlainTable label={t("trial.title")} rows={rows} rowKey={(row) => row.class}
        columns={[
          { key: "class", title: t("trial.class"), render: (row) => <>{accountText(row.class, t)} <span className="faint mono">{row.class}</span></> },
          { key: "debit", title: t("ledger.debit"), align: "right", render: (row) => <Money amount={row.debit} /> },
          { key: "credit", title: t("ledger.credit"), align: "right", render: (row) => <Money amount={row.credit} /> },
          { key: "balance", title: t("ledger.balance"), align: "right", render: (row) => <Money amount={row.balance} /> },
        ]}
        foot={[t("ledger.sum"), <Money key="debit" amount={sum("debit")} />, <Money key="credit" amount={sum("credit")} />, <Money key="balance" amount={balance} />]} />
      <p className="faint" style={{ marginTop: 16 }}>{t("trial.sign")}</p>
    </>
  );
}
