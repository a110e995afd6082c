import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { AccountLine } from "./accounts";

/** Real names that wait for confirmation, and those decided on. */
export function RealNamesPage() {
  const { t } = useTranslation("people");
  return (
    <Page title={t("real_name.review_title")} intro={t("real_name.review_intro")}>
      <ResourceTable<AccountLine>
        id="operator.real-names" path="/api/v1/operator/real-names" label={t("real_name.review_title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/real-names/${row.id}`}
        filters={[{ key: "state", type: "select", label: t("users.state"), options: ["pending", "verified", "rejected"].map((value) => ({ value, label: t(`state.real_name.${value}`) })) }]}
        columns={[
          { key: "realName", title: t("accounts.real_name"), main: true },
          { key: "kind", title: t("account.kind"), render: (row) => t(`kind.${row.kind}`) },
          { key: "name", title: t("account.name") },
          { key: "ownerEmail", title: t("accounts.owner") },
          { key: "realNameAt", title: t("real_name.at"), render: (row) => (row.realNameAt ? <Time at={row.realNameAt} relative /> : "–") },
          { key: "realNameState", title: t("users.state"), render: (row) => <StateTag kind="real_name" state={row.realNameState} /> },
        ]}
        empty={{ title: t("real_name.none_waits"), hint: t("real_name.none_waits_hint") }}
      />
    </Page>
  );
}
