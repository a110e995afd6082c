import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LinkButton } from "../../ui/LinkButton";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { Instance, Policy } from "./instance";

interface Row extends Instance {
  policy: Policy;
}

/** What expires next, and what happens then. */
export function RenewalsPage() {
  const { t } = useTranslation("money");
  return (
    <Page title={t("renew.list_title")} intro={t("renew.list_intro")}>
      <ResourceTable<Row>
        id="buyer.renewals" path="/api/v1/renewals" label={t("renew.list_title")} rowKey={(row) => row.id}
        filters={[
          { key: "q", type: "text", label: t("renew.search") },
          { key: "atExpiry", type: "select", label: t("renew.at_expiry"), options: ["manual", "auto", "none"].map((value) => ({ value, label: t(`renew.policy.${value}`) })) },
        ]}
        columns={[
          { key: "productName", title: t("refunds.product"), main: true, render: (row) => <><Link to={`/buyer/instances/${row.id}`}>{row.productName}</Link> <span className="faint">{row.specName}</span></> },
          { key: "expiresAt", title: t("renew.expires"), render: (row) => <Time at={row.expiresAt} relative /> },
          { key: "state", title: t("renew.state"), csv: (row) => row.state, render: (row) => <StateTag kind="instance" state={row.state} /> },
          { key: "atExpiry", title: t("renew.at_expiry"), csv: (row) => row.policy.atExpiry, render: (row) => <>{t(`renew.policy.${row.policy.atExpiry}`)}{row.policy.nextAt && <span className="faint"> · <Time at={row.policy.nextAt} /></span>}</> },
        ]}
        rowActions={(row) => <LinkButton size="small" to={`/buyer/instances/${row.id}`}>{t(row.trial ? "renew.convert" : "renew.go")}</LinkButton>}
        empty={{ title: t("renew.none"), hint: t("renew.none_list_hint") }}
      />
    </Page>
  );
}
