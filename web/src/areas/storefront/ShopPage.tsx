import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get } from "../../api/client";
import { asProblem } from "../../api/problem";
import { PageError } from "../../ui/PageError";
import { ProductListing } from "./ProductListing";
import { ProductLogo } from "./ProductLogo";
import { Contact } from "./SellerCard";
import css from "./ShopPage.module.css";
import { StoreNotFound } from "./StoreNotFound";
import { usePageMeta } from "./usePageMeta";

interface Shop {
  id: string;
  name: string;
  logoUrl: string;
  introduction: string;
  website: string;
  companyName: string;
  preSales: { phone: string; email: string };
  servicePhone: string;
  serviceEmail: string;
  afterSales: { id: string; name: string; phone: string; email: string; hours: string }[];
}

/** A seller's page: who it is, whom to call, what it sells. */
export function ShopPage() {
  const { t, i18n } = useTranslation("storefront");
  const { id = "" } = useParams();
  const { data: shop, error, refetch } = useQuery({ queryKey: ["shop", id, i18n.language], queryFn: ({ signal }) => get<Shop>(`/api/v1/shops/${id}`, undefined, signal) });
  usePageMeta(shop?.name, shop?.introduction.slice(0, 160));
  if (error && !shop) {
    if (asProblem(error).status === 404) return <StoreNotFound title={t("shop.gone")} hint={t("shop.gone_hint")} />;
    return <PageError error={error} onRetry={() => void refetch()} />;
  }
  return (
    <ProductListing key={id} fixed={{ seller: id }} offer={{ categories: true }} heading={() => (
      <header className={css.head}>
        {shop ? (
          <>
            <div className={css.who}>
              <ProductLogo url={shop.logoUrl} name={shop.name} size={64} />
              <div className={css.names}><h1>{shop.name}</h1><span className="faint">{shop.companyName}</span></div>
            </div>
            <p className={css.intro}>{shop.introduction}</p>
            <div className={css.contacts}>
              <Contact phone={shop.preSales.phone} mail={shop.preSales.email} label={t("seller.pre_sales")} />
              <Contact phone={shop.servicePhone} mail={shop.serviceEmail} label={t("shop.service")} />
              {shop.afterSales.map((group) => <Contact key={group.id} phone={group.phone} mail={group.email} label={[group.name, group.hours].filter(Boolean).join(" · ")} />)}
              {safeWebsite(shop.website) && <div className={css.website}><span className="faint">{t("shop.website")}</span><a href={shop.website} rel="noreferrer nofollow" target="_blank">{shop.website.replace(/^https?:\/\//, "")}</a></div>}
            </div>
          </>
        ) : <div className={css.bone} role="status" aria-label={t("loading", { what: t("seller.label") })} />}
      </header>
    )} />
  );
}

const safeWebsite = (url: string): boolean => /^https?:\/\//i.test(url);
