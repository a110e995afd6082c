import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, DatePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, type Query } from "../../api/client";
import { useSession } from "../../api/session";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { addMoney, formatMoney } from "../../ui/money";
import { Money } from "../../ui/Money";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { purposeText } from "../trade/book";
import { CsvButton } from "../trade/CsvButton";
import { withInstants } from "../trade/day";
import type { Trial } from "../trade/ledger";
import { PlainTable } from "../trade/PlainTable";

/** The trial balance of the book (试算平衡), now or as of the end of a day. */
export function TrialBalancePage() {
  const { t } = useTranslation(["trade", "ledger"]);
  const { site } = useSession();
  const [params, setParams] = useSearchParams();
  const day = params.get("day") ?? "";
  const query: Query = day ? { at: withInstants({ atTo: day }, "at", site.timeZone).to } : {};
  const { data, error, refetch } = useQuery({
    queryKey: ["ledger", query], queryFn: ({ signal }) => get<{ rows: Trial[]; currency: string }>("/api/v1/operator/ledger", query, signal), placeholderData: keepPreviousData,
  });
  return (
    <Page title={t("trial.title")} intro={t("trial.intro")} actions={<LinkButton to="/operator/ledger">{t("ledger:book.accounts")}</LinkButton>}>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 12, justifyContent: "space-between", marginBottom: 16 }}>
        <DatePicker aria-label={t("ledger:book.as_of")} placeholder={t("ledger:book.as_of")} value={day ? dayjs(day) : null}
          onChange={(value) => setParams(value ? { day: value.format("YYYY-MM-DD") } : {}, { replace: true })} />
        <CsvButton path="/api/v1/operator/ledger.csv" query={() => query} fileName={`trial-balance${day && `-${day}`}.csv`} />
      </div>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : data && (
        <Panel>{data.rows.length ? <Book rows={data.rows} currency={data.currency} /> : <EmptyState title={t("trial.none")} hint={t("trial.none_hint")} />}</Panel>
      )}
    </Page>
  );
}

function Book({ rows, currency }: { rows: Trial[]; currency: string }) {
  const { t } = useTranslation("trade");
  const sum = (column: "debit" | "credit" | "balance") => addMoney(...rows.map((row) => row[column]));
  const balance = sum("balance");
  const balanced = /^[-0.]*$/.test(balance);
  return (
    <>
      <Alert type={balanced ? "success" : "error"} showIcon style={{ marginBottom: 16 }}
        title={balanced ? t("trial.balanced") : t("trial.unbalanced", { amount: formatMoney(balance, currency) })} />
      <PlainTable label={t("trial.title")} rows={rows} rowKey={(row) => row.class}
        columns={[
          { key: "class", title: t("trial.class"), render: (row) => <>{purposeText(row.class, t)} <span className="faint mono">{row.class}</span></> },
          { key: "debit", title: t("ledger.debit"), align: "right", render: (row) => <Money amount={row.debit} /> },
          { key: "credit", title: t("ledger.credit"), align: "right", render: (row) => <Money amount={row.credit} /> },
          { key: "balance", title: t("ledger.balance"), align: "right", render: (row) => <Money amount={row.balance} /> },
        ]}
        foot={[t("ledger.sum"), <Money key="debit" amount={sum("debit")} />, <Money key="credit" amount={sum("credit")} />, <Money key="balance" amount={balance} />]} />
      <p className="faint" style={{ marginTop: 16 }}>{t("trial.sign")}</p>
    </>
  );
}
