import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { SearchBox } from "../../layout/SearchBox";
import { PageError } from "../../ui/PageError";
import { homeQuery, type Home } from "./catalogue";
import css from "./HomePage.module.css";
import type { Item } from "./item";
import { ProductGrid, ProductGridSkeleton } from "./ProductCard";
import { usePageMeta } from "./usePageMeta";

/** The start: a calm search, the newest products, and a block for each category. */
export function HomePage() {
  const { t } = useTranslation("storefront");
  usePageMeta(t("home.title"), t("home.description"));
  const { data, error, refetch } = useQuery(homeQuery());
  return (
    <>
      <section className={css.hero}>
        <Awning />
        <h1>{t("home.title")}</h1>
        <p>{t("home.intro")}</p>
        <div className={css.search}><SearchBox large /></div>
      </section>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : <Blocks home={data} />}
    </>
  );
}

function Awning() {
  return (
    <svg className={css.awning} viewBox="0 0 96 28" aria-hidden="true">
      <path d="M8 2h80l6 14H2zM2 16v2a7.7 7.7 0 0 0 15.3 0 7.7 7.7 0 0 0 15.4 0 7.7 7.7 0 0 0 15.3 0 7.7 7.7 0 0 0 15.3 0 7.7 7.7 0 0 0 15.4 0A7.7 7.7 0 0 0 94 18v-2M21 2l-3.700 14M35 2l-2.300 14M48 2v14M61 2l2.300 14M75 2l3.700 14" />
    </svg>
  );
}

function Blocks({ home }: { home: Home | undefined }) {
  const { t } = useTranslation("storefront");
  if (!home) return <><Block title={t("home.newest")} /><Block title={t("home.popular")} /></>;
  return (
    <>
      <Block title={t("home.newest")} items={home.newest.slice(0, 8)} more="/search?sort=newest" />
      {home.categories.map(({ category, items }) => (
        <Block key={category.id} title={category.name} items={items} more={`/categories/${category.id}`} />
      ))}
    </>
  );
}

function Block({ title, items, more }: { title: string; items?: Item[]; more?: string }) {
  const { t } = useTranslation("storefront");
  if (items?.length === 0) return null;
  return (
    <section className={css.block}>
      <div className={css.blockHead}><h2>{title}</h2>{more && <Link to={more}>{t("home.more")}<span className="visually-hidden"> {title}</span></Link>}</div>
      {items ? <ProductGrid items={items} /> : <ProductGridSkeleton count={4} />}
    </section>
  );
}
