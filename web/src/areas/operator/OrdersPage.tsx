import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { OrdersTable } from "../trade/OrdersTable";

/** The orders of all buyers and sellers. */
export function OrdersPage() {
  const { t } = useTranslation("trade");
  return <Page title={t("orders.title")}><OrdersTable side="operator" empty={{ title: t("all_orders.none"), hint: t("all_orders.none_hint") }} /></Page>;
}
