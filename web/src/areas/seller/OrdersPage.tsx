import { useTranslation } from "react-i18next";
import { LinkButton } from "../../ui/LinkButton";
import { Page } from "../../ui/Page";
import { OrdersTable } from "../trade/OrdersTable";

/** Orders of the seller's products. */
export function OrdersPage() {
  const { t } = useTranslation("trade");
  return (
    <Page title={t("orders.title")}>
      <OrdersTable side="seller" empty={{ title: t("sales.none"), hint: t("sales.none_hint"), action: <LinkButton to="/seller/products">{t("sales.products")}</LinkButton> }} />
    </Page>
  );
}
