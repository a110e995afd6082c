import { ShoppingCartOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../api/session";
import { cartCountQuery } from "../areas/storefront/cart";
import css from "./CartLink.module.css";

/** The way to the cart, with how many lines it has; for whoever may buy. */
export function CartLink() {
  const { t } = useTranslation();
  const { session, can } = useSession();
  const shown = session?.kind === "user" && can("order:buy");
  const { data } = useQuery({ ...cartCountQuery, enabled: shown });
  if (!shown) return null;
  const count = data?.count ?? 0;
  return (
    <Link to="/cart" className={css.cart} aria-label={t("cart_link", { count })}>
      <ShoppingCartOutlined aria-hidden />
      {count > 0 && <span className={css.count} aria-hidden="true">{count}</span>}
    </Link>
  );
}
