import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get } from "../../api/client";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { addMoney } from "../../ui/money";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { accountPath, kindText, purposeText, type Journal } from "../trade/book";
import { PlainTable } from "../trade/PlainTable";
import { Cause } from "../trade/StatementView";
import { Party } from "./LedgerPage";

const debit = (amount: string) => (amount.startsWith("-") ? amount.slice(1) : null);
const credit = (amount: string) => (amount.startsWith("-") ? null : amount);

/** One journal: what moved the money, and between which accounts. */
export function JournalPage() {
  const { t } = useTranslation("ledger");
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery({ queryKey: ["ledger-journal", id], queryFn: ({ signal }) => get<Journal>(`/api/v1/operator/ledger/journals/${encodeURIComponent(id)}`, undefined, signal) });
  return (
    <DetailPage title={data && t("journal.title", { kind: kindText(data.kind, t) })} subtitle={<CopyText text={id} />} error={error} onRetry={() => void refetch()}
      back={{ to: "/operator/ledger/journals", label: t("book.journals") }}
      facts={data ? [
        { label: t("journal.cause"), value: <>{t(`cause.${data.causeKind}`)} <Cause side="operator" entry={data} /></> },
        { label: t("journal.time"), value: <Time at={data.at} detail="second" /> },
        { label: t("journal.key"), value: <span className="mono">{data.key}</span> },
      ] : []}>
      {data && (
        <Panel title={t("journal.entries")}>
          <PlainTable label={t("journal.entries")} rows={data.entries.map((entry, index) => ({ ...entry, of: data.accounts[index]! }))} rowKey={(row) => row.id}
            columns={[
              { key: "account", title: t("book.account"), render: (row) => <>{purposeText(row.of.purpose, t)}<br /><Link to={accountPath(row.account)} className="mono">{row.account}</Link></> },
              { key: "party", title: t("book.party"), render: (row) => <Party account={row.of} /> },
              { key: "debit", title: t("entries.debit"), align: "right", render: (row) => <Money amount={debit(row.amount)} currency={data.currency} /> },
              { key: "credit", title: t("entries.credit"), align: "right", render: (row) => <Money amount={credit(row.amount)} currency={data.currency} /> },
              { key: "after", title: t("journal.after"), align: "right", render: (row) => <Money amount={row.of.balance} currency={data.currency} /> },
            ]}
            foot={[t("statement.sum"), null,
              <Money key="debit" amount={addMoney(...data.entries.map((entry) => debit(entry.amount) ?? "0"))} currency={data.currency} />,
              <Money key="credit" amount={addMoney(...data.entries.map((entry) => credit(entry.amount) ?? "0"))} currency={data.currency} />, null]} />
        </Panel>
      )}
    </DetailPage>
  );
}
