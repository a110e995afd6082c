import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import css from "./listing.module.css";
import { ProductListing } from "./ProductListing";
import { usePageMeta } from "./usePageMeta";

/** Search results, or all products when nothing is searched for. */
export function SearchPage() {
  const { t } = useTranslation("storefront");
  const [params] = useSearchParams();
  const words = params.get("q")?.trim() ?? "";
  const title = words ? t("search.results", { words }) : t("search.all");
  usePageMeta(title, t("search.description"));
  return <ProductListing offer={{ categories: true, sellers: true }} heading={() => <h1 className={css.title}>{title}</h1>} />;
}
