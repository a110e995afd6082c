import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { RefundsTable } from "../trade/RefundsTable";

/** What buyers gave back: taken from what is payable to the seller. */
export function RefundsPage() {
  const { t } = useTranslation("money");
  return <Page title={t("refunds.title")} intro={t("refunds.seller_intro")}><RefundsTable side="seller" path="/api/v1/seller/refunds" /></Page>;
}
