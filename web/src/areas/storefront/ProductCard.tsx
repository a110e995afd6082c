import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Item } from "./item";
import { Marked } from "./Marked";
import { PriceFrom } from "./PriceFrom";
import css from "./ProductCard.module.css";
import { ProductLogo } from "./ProductLogo";

/** A product in a list: logo, name, two lines of summary, seller, delivery type, "from" price. The whole card leads to it. */
export function ProductCard({ item, heading = "h3" }: { item: Item; heading?: "h2" | "h3" }) {
  const { t } = useTranslation("storefront");
  const Heading = heading;
  return (
    <article className={css.card}>
      <div className={css.head}>
        <ProductLogo url={item.logoUrl} name={item.name} />
        <div className={css.names}>
          <Heading className={css.name}><Link to={`/products/${item.id}`}><Marked html={item.nameHtml} fallback={item.name} /></Link></Heading>
          <span className={css.seller}>{item.sellerName}</span>
        </div>
      </div>
      <p className={css.summary}><Marked html={item.summaryHtml} fallback={item.summary} /></p>
      <div className={css.foot}>
        <PriceFrom amount={item.priceFrom} unit={item.priceUnit} currency={item.currency} />
        <span className={css.label}>{t(`delivery.${item.deliveryType}`, { defaultValue: item.deliveryType })}</span>
      </div>
    </article>
  );
}

/** Cards in as many columns as fit. `columns` is their number on a wide screen. */
export function ProductGrid({ items, heading = "h3", columns = 4 }: { items: Item[]; heading?: "h2" | "h3"; columns?: 3 | 4 }) {
  return <ul className={css.grid} data-columns={columns}>{items.map((item) => <li key={item.id}><ProductCard item={item} heading={heading} /></li>)}</ul>;
}

/** The grid's shape while it loads. */
export function ProductGridSkeleton({ count = 8, columns = 4 }: { count?: number; columns?: 3 | 4 }) {
  const { t } = useTranslation("storefront");
  return (
    <ul className={css.grid} data-columns={columns} role="status" aria-label={t("loading", { what: t("products") })}>
      {Array.from({ length: count }, (_, index) => (
        <li key={index} className={css.card} aria-hidden="true">
          <div className={css.head}><span className={css.bone} style={{ width: 48, height: 48 }} /><span className={css.bone} style={{ width: "56%", height: 20 }} /></div>
          <span className={css.bone} style={{ height: 16, marginTop: 16 }} />
          <span className={css.bone} style={{ width: "72%", height: 16, marginTop: 8 }} />
          <span className={css.bone} style={{ width: 96, height: 20, marginTop: 24 }} />
        </li>
      ))}
    </ul>
  );
}
