import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { StatementView } from "../trade/StatementView";

/** What the marketplace owes the seller, over a month or any other span. */
export function StatementPage() {
  const { t } = useTranslation("ledger");
  return <Page title={t("statement.seller_title")} intro={t("statement.seller_intro")}><StatementView side="seller" path="/api/v1/seller/payable" entries="/api/v1/seller/payable/transactions" /></Page>;
}
