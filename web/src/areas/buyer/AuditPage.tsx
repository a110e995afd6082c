import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { AuditTable } from "../auth/AuditTable";

/** Who did what with the account's objects. */
export function AuditPage() {
  const { t } = useTranslation("people");
  return <Page title={t("audit.own_title")} intro={t("audit.own_intro")}><AuditTable path="/api/v1/audit" /></Page>;
}
