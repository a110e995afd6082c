import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { StatementView } from "../trade/StatementView";

/** The statement of the account's balance over a month or any other span. */
export function StatementPage() {
  const { t } = useTranslation("ledger");
  return <Page title={t("statement.title")} intro={t("statement.intro")}><StatementView side="buyer" path="/api/v1/balance" entries="/api/v1/balance/transactions" /></Page>;
}
