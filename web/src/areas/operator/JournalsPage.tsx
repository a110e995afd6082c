import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import { journalKinds, kindText, type JournalBrief } from "../trade/book";
import { withInstants } from "../trade/day";
import { Cause } from "../trade/StatementView";

/** The journals of the book by time, kind and cause. */
export function JournalsPage() {
  const { t } = useTranslation("ledger");
  const { site } = useSession();
  return (
    <Page title={t("journal.list")} intro={t("journal.intro")} actions={<LinkButton to="/operator/ledger">{t("book.accounts")}</LinkButton>}>
      <ResourceTable<JournalBrief>
        id="operator.journals" path="/api/v1/operator/ledger/journals" label={t("journal.list")} rowKey={(row) => row.id} rowLink={(row) => `/operator/ledger/journals/${row.id}`}
        filters={[
          { key: "cause", type: "text", label: t("entries.cause_search") },
          { key: "kind", type: "select", label: t("journal.kind"), options: journalKinds.map((value) => ({ value, label: kindText(value, t) })) },
          { key: "at", type: "dates", label: t("journal.time") },
        ]}
        toQuery={(filters) => withInstants(filters, "at", site.timeZone)}
        columns={[
          { key: "kind", title: t("journal.kind"), main: true, render: (row) => kindText(row.kind, t) },
          { key: "cause", title: t("journal.cause"), render: (row) => <>{t(`cause.${row.causeKind}`)} <Cause side="operator" entry={row} /></> },
          { key: "at", title: t("journal.time"), render: (row) => <Time at={row.at} detail="second" /> },
          { key: "amount", title: t("journal.amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
        ]}
        empty={{ title: t("journal.none"), hint: t("journal.none_hint") }}
      />
    </Page>
  );
}
