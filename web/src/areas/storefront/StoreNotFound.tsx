import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { homeQuery } from "./catalogue";
import { ProductGrid } from "./ProductCard";
import css from "./StoreNotFound.module.css";
import { usePageMeta } from "./usePageMeta";

interface Props {
  title?: string;
  hint?: string;
}

/** An address of the shop that leads nowhere, with popular products as a way on. */
export function StoreNotFound({ title, hint }: Props = {}) {
  const { t } = useTranslation("storefront");
  const { data } = useQuery(homeQuery());
  const heading = title ?? t("not_found.title");
  usePageMeta(heading);
  return (
    <>
      <h1 className="visually-hidden">{heading}</h1>
      <EmptyState title={heading} hint={hint ?? t("not_found.hint")}
        action={<span className={css.ways}><LinkButton type="primary" to="/">{t("action.home")}</LinkButton><LinkButton to="/search">{t("search.all")}</LinkButton></span>} />
      {data && data.popular.length > 0 && <section className={css.popular}><h2>{t("listing.popular")}</h2><ProductGrid items={data.popular.slice(0, 4)} /></section>}
    </>
  );
}
