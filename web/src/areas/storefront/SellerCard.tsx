import { MailOutlined, PhoneOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SellerCardData } from "./product";
import { ProductLogo } from "./ProductLogo";
import css from "./SellerCard.module.css";

/** Who sells it, whom to ask before buying, and the way to the shop. */
export function SellerCard({ seller }: { seller: SellerCardData }) {
  const { t } = useTranslation("storefront");
  return (
    <section className={css.card} aria-label={t("seller.label")}>
      <div className={css.head}>
        <ProductLogo url={seller.logoUrl} name={seller.name} />
        <div className={css.names}><strong>{seller.name}</strong><Link to={`/shops/${seller.id}`}>{t("seller.shop")}</Link></div>
      </div>
      <Contact phone={seller.phone} mail={seller.mail} label={t("seller.pre_sales")} />
    </section>
  );
}

/** A telephone number and an address, each where there is one. */
export function Contact({ phone, mail, label }: { phone: string; mail: string; label: string }) {
  if (!phone && !mail) return null;
  return (
    <div className={css.contact}>
      <span className={css.label}>{label}</span>
      {phone && <a href={`tel:${phone.replace(/[^\d+]/g, "")}`}><PhoneOutlined aria-hidden /> {phone}</a>}
      {mail && <a href={`mailto:${mail}`}><MailOutlined aria-hidden /> {mail}</a>}
    </div>
  );
}
