import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { AccountLine } from "./accounts";

/** All accounts of the marketplace. */
export function AccountsPage() {
  const { t } = useTranslation("people");
  const options = (prefix: string, values: string[]) => values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  return (
    <Page title={t("accounts.title")}>
      <ResourceTable<AccountLine>
        id="operator.accounts" path="/api/v1/operator/accounts" label={t("accounts.title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/accounts/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("accounts.search") },
          { key: "kind", type: "select", label: t("account.kind"), options: options("kind", ["company", "person"]) },
          { key: "state", type: "select", label: t("users.state"), options: options("state.account", ["active", "suspended"]) },
          { key: "realNameState", type: "select", label: t("real_name.title"), options: options("state.real_name", ["none", "pending", "verified", "rejected"]) },
        ]}
        columns={[
          { key: "name", title: t("account.name"), main: true },
          { key: "kind", title: t("account.kind"), render: (row) => t(`kind.${row.kind}`) },
          { key: "ownerEmail", title: t("accounts.owner"), render: (row) => <>{row.ownerName} <span className="soft">{row.ownerEmail}</span></>, csv: (row) => row.ownerEmail },
          { key: "realNameState", title: t("real_name.title"), render: (row) => <StateTag kind="real_name" state={row.realNameState} /> },
          { key: "realName", title: t("accounts.real_name"), hidden: true },
          { key: "users", title: t("accounts.users"), align: "right" },
          { key: "state", title: t("users.state"), render: (row) => <StateTag kind="account" state={row.state} /> },
          { key: "createdAt", title: t("account.since"), render: (row) => <Time at={row.createdAt} /> },
          { key: "id", title: t("account.id"), hidden: true },
        ]}
        empty={{ title: t("accounts.none"), hint: t("accounts.none_hint") }}
      />
    </Page>
  );
}
