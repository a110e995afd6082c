import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { accountPath, partyPath, purposes, purposeText, type BookAccount } from "../trade/book";

/** The accounts of the book: where an operator begins to look for money. */
export function LedgerPage() {
  const { t } = useTranslation("ledger");
  const { site } = useSession();
  return (
    <Page title={t("book.title")} intro={t("book.intro")}
      actions={<><LinkButton to="/operator/ledger/journals">{t("book.journals")}</LinkButton><LinkButton to="/operator/ledger/trial">{t("book.trial")}</LinkButton></>}>
      <ResourceTable<BookAccount>
        id="operator.ledger" path="/api/v1/operator/ledger/accounts" label={t("book.list")} rowKey={(row) => row.account} rowLink={(row) => accountPath(row.account)}
        filters={[
          { key: "q", type: "text", label: t("book.search") },
          { key: "purpose", type: "select", label: t("book.purpose"), options: purposes.map((value) => ({ value, label: purposeText(value, t) })) },
          { key: "open", type: "select", label: t("book.open"), options: [{ value: "true", label: t("book.open_only") }] },
        ]}
        columns={[
          { key: "account", title: t("book.account"), main: true, render: (row) => <span className="mono">{row.account}</span> },
          { key: "purpose", title: t("book.purpose"), render: (row) => purposeText(row.purpose, t) },
          { key: "party", title: t("book.party"), csv: (row) => row.party?.name ?? "", render: (row) => <Party account={row} /> },
          { key: "balance", title: t("book.balance"), align: "right", render: (row) => <Money amount={row.balance} currency={site.currency} /> },
        ]}
        empty={{ title: t("book.none"), hint: t("book.none_hint") }}
      />
    </Page>
  );
}

/** Whose an account is, as a link to the page of it. */
export function Party({ account }: { account: BookAccount }) {
  const { t } = useTranslation("ledger");
  const { party } = account;
  if (!party) return <span className="faint">–</span>;
  const numbered = party.kind === "order" || party.kind === "withdrawal";
  return <>{numbered && `${party.name} · `}<Link to={partyPath(party)}>{numbered ? `${t(`party.${party.kind}`)} ${party.id}` : party.name}</Link></>;
}
