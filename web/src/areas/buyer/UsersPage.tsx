import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Page } from "../../ui/Page";
import { GroupsTable } from "./GroupsTable";
import { UsersTable } from "./UsersTable";

/** The people of an account and what they may do. */
export function UsersPage() {
  const { t } = useTranslation("people");
  const [params, setParams] = useSearchParams();
  const open = params.get("tab") === "groups" ? "groups" : "users";
  return (
    <Page title={t("users.title")} intro={t("users.intro")}>
      <Tabs activeKey={open} destroyOnHidden onChange={(key) => setParams(key === "groups" ? { tab: key } : {}, { replace: true })} items={[
        { key: "users", label: t("users.tab"), children: <UsersTable /> },
        { key: "groups", label: t("groups.tab"), children: <GroupsTable /> },
      ]} />
    </Page>
  );
}
