import { useTranslation } from "react-i18next";
import { LinkButton } from "../../../ui/LinkButton";
import { Page } from "../../../ui/Page";
import { CasesTable } from "./CasesTable";

/** The seller's saved cases. */
export function CasesPage() {
  const { t } = useTranslation("integration");
  return (
    <Page title={t("cases.title")} intro={t("cases.intro")} actions={<><LinkButton to="/seller/integration/debug">{t("debug.title")}</LinkButton><LinkButton to="/seller/integration/runs">{t("runs.title")}</LinkButton></>}>
      <CasesTable />
    </Page>
  );
}
