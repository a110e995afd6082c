import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get } from "../../api/client";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { Money } from "../../ui/Money";
import { purposeText, type BookAccount } from "../trade/book";
import { StatementView } from "../trade/StatementView";
import { Party } from "./LedgerPage";

/** One account of the book: its balance, its entries over any span, and from each the journal. */
export function LedgerAccountPage() {
  const { t } = useTranslation("ledger");
  const account = useParams().account ?? "";
  const path = `/api/v1/operator/ledger/accounts/${encodeURIComponent(account)}`;
  const { data, error, refetch } = useQuery({ queryKey: ["ledger-account", account], queryFn: ({ signal }) => get<BookAccount & { currency: string }>(path, undefined, signal) });
  return (
    <DetailPage title={data && purposeText(data.purpose, t)} subtitle={<CopyText text={account} />} error={error} onRetry={() => void refetch()}
      back={{ to: "/operator/ledger", label: t("book.back") }}
      facts={data ? [
        { label: t("book.party"), value: <Party account={data} /> },
        { label: `${t("book.balance")} (${t("book.now")})`, value: <Money amount={data.balance} currency={data.currency} /> },
      ] : []}>
      {data && <StatementView side="operator" path={path} entries={`${path}/entries`} />}
    </DetailPage>
  );
}
