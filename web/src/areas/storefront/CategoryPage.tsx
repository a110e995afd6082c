import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useCategories, type Category } from "../../layout/CategoryMenu";
import css from "./listing.module.css";
import { ProductListing } from "./ProductListing";
import { StoreNotFound } from "./StoreNotFound";
import { usePageMeta } from "./usePageMeta";

/** From the top category down to the wanted one; empty when there is none. */
function pathTo(categories: Category[], id: string): Category[] {
  for (const category of categories) {
    if (category.id === id) return [category];
    const below = pathTo(category.children ?? [], id);
    if (below.length > 0) return [category, ...below];
  }
  return [];
}

/** The products of a category and all below it. */
export function CategoryPage() {
  const { t } = useTranslation("storefront");
  const { id = "" } = useParams();
  const { data, isError } = useCategories();
  const path = data ? pathTo(data.items, id) : [];
  const category = path.at(-1);
  usePageMeta(category?.name, category && t("category.description", { name: category.name }));
  if (data && !category && !isError) return <StoreNotFound />;
  const siblings = (category?.children?.length ? category.children : path.at(-2)?.children) ?? [];
  return (
    <ProductListing key={id} fixed={{ category: id }} offer={{ sellers: true }} heading={(listing) => (
      <>
        {path.length > 1 && (
          <nav aria-label={t("category.path")} className={css.path}>
            {path.slice(0, -1).map((one) => <span key={one.id}><Link to={`/categories/${one.id}`}>{one.name}</Link> / </span>)}
          </nav>
        )}
        <h1 className={css.title}>{category?.name ?? " "}</h1>
        {siblings.length > 0 && (
          <ul className={css.chips} aria-label={t("category.sub")}>
            {siblings.map((one) => {
              const count = one.id === id ? undefined : listing?.facets?.categories.find((facet) => facet.value === one.id)?.count;
              return <li key={one.id}><Link to={`/categories/${one.id}`} aria-current={one.id === id ? "page" : undefined}>{one.name}{count !== undefined && <small>{count}</small>}</Link></li>;
            })}
          </ul>
        )}
      </>
    )} />
  );
}
