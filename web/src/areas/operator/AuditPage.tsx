import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { AuditTable } from "../auth/AuditTable";

/** The audit log of the whole marketplace. */
export function AuditPage() {
  const { t } = useTranslation("people");
  return <Page title={t("audit.title")} intro={t("audit.intro")}><AuditTable path="/api/v1/operator/audit" whole /></Page>;
}
