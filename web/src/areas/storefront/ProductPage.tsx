import { CheckOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { Money } from "../../ui/Money";
import { PageError } from "../../ui/PageError";
import { useNarrow } from "../../ui/useNarrow";
import { Dialog } from "./Dialog";
import { Gallery } from "./Gallery";
import { usePrice } from "./offer";
import { productQuery, type Product } from "./product";
import { ProductLogo } from "./ProductLogo";
import css from "./ProductPage.module.css";
import { ProductTabs } from "./ProductTabs";
import { PurchaseCard } from "./PurchaseCard";
import { SellerCard } from "./SellerCard";
import { StoreNotFound } from "./StoreNotFound";
import { useChoice, type Choice } from "./useChoice";
import { usePageMeta } from "./usePageMeta";

/** One product: facts on the left, the purchase card on the right, on phones as a bar below. */
export function ProductPage() {
  const { t } = useTranslation("storefront");
  const { id = "" } = useParams();
  const { data: product, error, refetch } = useQuery(productQuery(id));
  usePageMeta(product?.name, product?.summary);
  if (error && !product) {
    if (asProblem(error).status === 404) return <StoreNotFound title={t("product.gone")} hint={t("product.gone_hint")} />;
    return <PageError error={error} onRetry={() => void refetch()} />;
  }
  if (!product) return <Skeleton />;
  return <Body key={product.id} product={product} />;
}

function Body({ product }: { product: Product }) {
  const { t } = useTranslation("storefront");
  const { site } = useSession();
  const narrow = useNarrow();
  const choice = useChoice(product);
  return (
    <article className={css.page}>
      <div className={css.main}>
        <nav aria-label={t("category.path")} className={css.path}>
          <Link to="/">{site.name || t("brand")}</Link>
          {product.category.map((one) => <span key={one.id}> / <Link to={`/categories/${one.id}`}>{one.name}</Link></span>)}
        </nav>
        <header className={css.head}>
          <ProductLogo url={product.logoUrl} name={product.name} size={64} />
          <div className={css.names}>
            <h1>{product.name}</h1>
            <p className="soft">{product.summary}</p>
            <ul className={css.labels} aria-label={t("product.labels")}>
              <li>{t(`delivery.${product.deliveryType}`, { defaultValue: product.deliveryType })}</li>
              {product.state === "hidden" && <li data-tone="quiet">{t("product.label_hidden")}</li>}
              {product.state === "suspended" && <li data-tone="warning">{t("state.product.suspended")}</li>}
              {product.sales > 0 && <li data-tone="plain">{t("product.sold", { count: product.sales })}</li>}
            </ul>
          </div>
        </header>
        {product.reason && <p role="status" className={css.notice}>{product.reason.message}</p>}
        <div className={css.show}>
          <Gallery pictures={product.pictures} name={product.name} />
          {product.highlights.length > 0 && (
            <ul className={css.highlights} aria-label={t("product.highlights")}>{product.highlights.map((text) => <li key={text}><CheckOutlined aria-hidden /> {text}</li>)}</ul>
          )}
        </div>
        <ProductTabs product={product} />
      </div>
      <aside className={css.aside} aria-label={t("buy.label")}>
        {!narrow && <div className={css.buy}><PurchaseCard product={product} choice={choice} /></div>}
        <SellerCard seller={product.seller} />
      </aside>
      {narrow && <BuyBar product={product} choice={choice} />}
    </article>
  );
}

/** The purchase card of a phone: a bar with the price, which opens the card. */
function BuyBar({ product, choice }: { product: Product; choice: Choice }) {
  const { t } = useTranslation("storefront");
  const [open, setOpen] = useState(false);
  const { data: price } = usePrice(choice.wish);
  return (
    <>
      <div className={css.bar} role="region" aria-label={t("buy.label")}>
        <div className={css.barPrice}>
          <Money amount={price?.amount ?? product.priceFrom} currency={product.currency} />
          <small>{[choice.spec?.name, choice.plan && t(`mode.${choice.plan.periodType || "once"}`)].filter(Boolean).join(" · ")}</small>
        </div>
        <Button type="primary" size="large" className="buy" disabled={!product.buyable} onClick={() => setOpen(true)}>{product.buyable ? t("buy.now") : t("buy.not_now")}</Button>
      </div>
      <Dialog sheet open={open} title={t("buy.label")} onClose={() => setOpen(false)}><PurchaseCard product={product} choice={choice} /></Dialog>
    </>
  );
}

function Skeleton() {
  const { t } = useTranslation("storefront");
  return (
    <div className={css.page} role="status" aria-label={t("loading", { what: t("product.label") })}>
      <div className={css.main} aria-hidden="true">
        <span className={css.bone} style={{ width: 160, height: 20 }} />
        <div className={css.head}><span className={css.bone} style={{ width: 64, height: 64 }} /><span className={css.bone} style={{ flex: 1, height: 72 }} /></div>
        <span className={css.bone} style={{ aspectRatio: "16 / 10" }} />
        <span className={css.bone} style={{ height: 320 }} />
      </div>
      <div className={css.aside} aria-hidden="true"><span className={css.bone} style={{ height: 480 }} /><span className={css.bone} style={{ height: 144 }} /></div>
    </div>
  );
}
