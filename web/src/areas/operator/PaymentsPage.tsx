import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { readListUrl } from "../../ui/table/listUrl";
import { Time } from "../../ui/Time";
import { CsvButton } from "../trade/CsvButton";
import { withInstants } from "../trade/day";

/** A pay item of an order. */
interface PayItem {
  id: string;
  orderId: string;
  accountId: string;
  accountName: string;
  instrument: string;
  gateway: string;
  attemptId: string;
  number: string;
  amount: string;
  refunded: string;
  currency: string;
  at: string;
}

const path = "/api/v1/operator/payments";
const instruments = ["balance", "online", "voucher"];

/** Everything that orders were paid with. */
export function PaymentsPage() {
  const { t } = useTranslation(["online", "trade"]);
  const { site } = useSession();
  const toQuery = (filters: Record<string, string>) => withInstants(filters, "paid", site.timeZone);
  return (
    <Page title={t("items.title")} intro={t("items.intro")} actions={<LinkButton to="/operator/payments/attempts">{t("attempts.title")}</LinkButton>}>
      <ResourceTable<PayItem>
        id="operator.payments" path={path} label={t("items.title")} rowKey={(row) => row.id} exportable={false} toQuery={toQuery}
        filters={[
          { key: "q", type: "text", label: t("items.search") },
          { key: "instrument", type: "select", label: t("items.instrument"), options: instruments.map((one) => ({ value: one, label: t(`trade:order.instrument.${one}`, { defaultValue: one }) })) },
          { key: "paid", type: "dates", label: t("items.at") },
        ]}
        columns={[
          { key: "orderId", title: t("items.order"), main: true, render: (row) => <Link to={`/operator/orders/${row.orderId}`} className="mono">{row.orderId}</Link> },
          { key: "accountName", title: t("items.account"), render: (row) => <Link to={`/operator/accounts/${row.accountId}`}>{row.accountName}</Link> },
          { key: "instrument", title: t("items.instrument"), render: (row) => <>{t(`trade:order.instrument.${row.instrument}`, { defaultValue: row.instrument })}{row.attemptId && <> · <Link to={`/operator/payments/attempts/${row.attemptId}`}>{row.gateway}</Link></>}</> },
          { key: "amount", title: t("amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
          { key: "refunded", title: t("items.refunded"), align: "right", render: (row) => <Money amount={row.refunded} currency={row.currency} /> },
          { key: "at", title: t("items.at"), render: (row) => <Time at={row.at} detail="second" /> },
        ]}
        actions={<CsvButton path={`${path}.csv`} fileName="payments.csv" query={() => toQuery(readListUrl(new URLSearchParams(location.search), ["q", "instrument", "paidFrom", "paidTo"]).filters)} />}
        empty={{ title: t("items.none"), hint: t("items.none_hint") }}
      />
    </Page>
  );
}
