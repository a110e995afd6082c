import { FilterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "../../ui/EmptyState";
import { PageError } from "../../ui/PageError";
import { useNarrow } from "../../ui/useNarrow";
import { listingQuery, pageSize, type Listing } from "./catalogue";
import { Dialog } from "./Dialog";
import { sorts, useFilter, type Filter } from "./filter";
import { ListingFilters } from "./ListingFilters";
import { ProductGrid, ProductGridSkeleton } from "./ProductCard";
import css from "./ProductListing.module.css";

interface Props {
  /** What the page decides by itself: a category, a shop. */
  fixed?: Partial<Filter>;
  heading: (listing: Listing | undefined) => ReactNode;
  /** What may be filtered besides mode and price. */
  offer: { categories?: boolean; sellers?: boolean };
}

/** A list of products with filters, order, count and pages, all of it in the address. */
export function ProductListing({ fixed = {}, heading, offer }: Props) {
  const { t } = useTranslation("storefront");
  const { filter, change, href } = useFilter(fixed);
  const { data, error, refetch, isPlaceholderData } = useQuery(listingQuery(filter));
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const top = useRef<HTMLDivElement>(null);

  const turned = useRef(filter.cursor);
  useEffect(() => {
    if (turned.current === filter.cursor) return;
    turned.current = filter.cursor;
    top.current?.scrollIntoView({ block: "start" });
  }, [filter.cursor]);

  const active = (["mode", "priceMin", "priceMax", "category", "seller"] as const).filter((name) => filter[name] && !(name in fixed)).length;
  const filters = <ListingFilters key={`${filter.priceMin} ${filter.priceMax}`} filter={filter} fixed={fixed} listing={data} offer={offer} onChange={change} />;
  return (
    <div ref={top} className={css.listing}>
      <div className={css.head}>{heading(data)}</div>
      {!narrow && <aside className={css.filters} aria-label={t("filter.title")}>{filters}</aside>}
      <div className={css.results} aria-busy={isPlaceholderData}>
        <div className={css.bar}>
          <p role="status" className="soft">{data && !data.popular && t("listing.count", { count: data.total, total: `${data.total}${data.totalCapped ? "+" : ""}` })}</p>
          <span className={css.tools}>
            {narrow && <Button icon={<FilterOutlined aria-hidden />} onClick={() => setOpen(true)}>{t("filter.title")}{active > 0 && ` · ${active}`}</Button>}
            <label className={css.sort}>
              <span className="visually-hidden">{t("sort.label")}</span>
              <select value={filter.sort || (filter.q ? "relevance" : "newest")} onChange={(event) => change({ sort: event.target.value })}>
                {sorts.filter((sort) => sort !== "relevance" || filter.q).map((sort) => <option key={sort} value={sort}>{t(`sort.${sort}`)}</option>)}
              </select>
            </label>
          </span>
        </div>
        {error && !data ? <PageError error={error} onRetry={() => void refetch()} />
          : !data ? <ProductGridSkeleton count={9} columns={3} />
            : data.popular || data.items.length === 0 ? <Nothing listing={data} filtered={active > 0} clear={href({ mode: "", priceMin: "", priceMax: "", category: "", seller: "" })} />
              : <><ProductGrid items={data.items} heading="h2" columns={3} /><Pager listing={data} page={filter.page} href={href} /></>}
      </div>
      {narrow && (
        <Dialog sheet open={open} title={t("filter.title")} onClose={() => setOpen(false)}
          footer={<Button type="primary" block size="large" onClick={() => setOpen(false)}>{t("filter.show", { count: data?.popular ? 0 : data?.total ?? 0 })}</Button>}>
          {filters}
        </Dialog>
      )}
    </div>
  );
}

function Nothing({ listing, filtered, clear }: { listing: Listing; filtered: boolean; clear: string }) {
  const { t } = useTranslation("storefront");
  return (
    <>
      <EmptyState title={t("listing.none")} hint={t(filtered ? "listing.none_filtered" : "listing.none_hint")}
        action={filtered ? <Link to={clear}>{t("filter.clear")}</Link> : <Link to="/">{t("listing.to_home")}</Link>} />
      {listing.items.length > 0 && <section className={css.popular}><h2>{t("listing.popular")}</h2><ProductGrid items={listing.items.slice(0, 6)} columns={3} /></section>}
    </>
  );
}

function Pager({ listing, page, href }: { listing: Listing; page: number; href: (change: Partial<Record<keyof Filter, string>>) => string }) {
  const { t } = useTranslation("storefront");
  const pages = listing.totalCapped ? 0 : Math.ceil(listing.total / pageSize);
  if (page === 1 && !listing.next) return null;
  return (
    <nav className={css.pager} aria-label={t("listing.pages")}>
      {page > 1 && <Link to={href({ cursor: "", page: "" })}>{t("listing.first")}</Link>}
      <span className="tabular">{pages ? t("listing.page_of", { page, pages }) : t("listing.page", { page })}</span>
      {listing.next && <Link to={href({ cursor: listing.next, page: String(page + 1) })}>{t("listing.next")}</Link>}
    </nav>
  );
}
