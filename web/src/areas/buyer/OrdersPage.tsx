import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { Page } from "../../ui/Page";
import { OrdersTable } from "../trade/OrdersTable";

/** The account's orders. */
export function OrdersPage() {
  const { t } = useTranslation("trade");
  const { t: own } = useTranslation("buyer");
  const { can } = useSession();
  return (
    <Page title={own("menu.orders")} actions={can("order:buy") && <LinkButton to="/buyer/orders/together">{t("cart:together_title")}</LinkButton>}>
      <OrdersTable side="buyer" empty={{ title: t("my_orders.none"), hint: t("my_orders.none_hint"), action: <LinkButton to="/" type="primary">{t("buyer_home.browse")}</LinkButton> }} />
    </Page>
  );
}
