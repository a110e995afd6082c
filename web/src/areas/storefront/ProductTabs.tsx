import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatMoney } from "../../ui/money";
import { MarkdownView } from "../../ui/MarkdownView";
import { PageError } from "../../ui/PageError";
import type { Unit } from "./item";
import { unitOf, type Plan } from "./offer";
import { legalQuery, type Agreement, type Product } from "./product";
import css from "./ProductTabs.module.css";
import { Contact } from "./SellerCard";
import { Tabs } from "./Tabs";

/** What is to be known of a product: description, prices, user guide, support, agreement. */
export function ProductTabs({ product }: { product: Product }) {
  const { t } = useTranslation("storefront");
  const { afterSales } = product;
  return (
    <Tabs label={product.name} items={[
      { key: "description", label: t("tab.description"), children: <MarkdownView html={product.descriptionHtml} /> },
      { key: "prices", label: t("tab.prices"), children: <Prices product={product} /> },
      {
        key: "guide", label: t("tab.guide"), children: product.userGuideUrl
          ? <p><a className={css.file} href={product.userGuideUrl} download><DownloadOutlined aria-hidden /> {t("guide.download")}</a></p>
          : <p className="soft">{t("guide.none")}</p>,
      },
      {
        key: "support", label: t("tab.support"), children: (
          <div className={css.support}>
            {afterSales.content && <p className={css.lines}>{afterSales.content}</p>}
            {afterSales.serviceTime && <p><span className={css.label}>{t("support.time")}</span>{afterSales.serviceTime}</p>}
            <Contact phone={afterSales.hotline} mail={afterSales.mail} label={t("support.contact")} />
            <p><span className={css.label}>{t("support.refund")}</span>{(product.refundPolicy === "five_day" || product.refundPolicy === "prorata") && <>{t(`support.${product.refundPolicy}`)} </>}{t("buy.refund_failed")}</p>
          </div>
        ),
      },
      { key: "agreement", label: t("tab.agreement"), children: <AgreementText agreement={product.agreement} /> },
    ]} />
  );
}

function Prices({ product }: { product: Product }) {
  const { t } = useTranslation(["storefront", "pricing"]);
  const units = (["month", "year", "day", "once"] as const).filter((unit) => product.specs.some((spec) => spec.plans.some((plan) => unitOf(plan) === unit)));
  const short = (unit: Unit, plan: Plan) => t(`price.short_${unit}`, { price: formatMoney(plan.price, product.currency) });
  if (units.length === 0) return <p className="soft">{t("buy.no_spec")}</p>;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t("tab.prices")}>
      <table className={css.table}>
        <thead><tr><th scope="col">{t("buy.spec")}</th>{units.map((unit) => <th key={unit} scope="col" className={css.number}>{t(`mode.${unit}`)}</th>)}</tr></thead>
        <tbody>
          {product.specs.map((spec) => (
            <tr key={spec.id}>
              <th scope="row">{spec.name}</th>
              {units.map((unit) => {
                const plan = cheapest(spec.plans.filter((one) => unitOf(one) === unit));
                const several = Boolean(spec.attributes?.length || spec.quantity);
                return (
                  <td key={unit} className={css.number}>
                    {plan ? <>{several ? t("pricing:from", { price: short(unit, plan) }) : short(unit, plan)}{unit !== "once" && <small>{t(`term.range_${unit}`, { from: plan.minPeriods, to: plan.maxPeriods })}</small>}</> : <span className="faint">–</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.hint}>{t("price.tax_note")}</p>
    </div>
  );
}

/** Prices have two decimals: the shorter text is the lower price, and among equally long ones the first in order. */
const cheapest = (plans: Plan[]): Plan | undefined =>
  [...plans].sort((a, b) => a.price.length - b.price.length || (a.price < b.price ? -1 : a.price > b.price ? 1 : 0))[0];

/** The text that a buyer agrees to: the product's own, its file, or the site's purchase agreement. */
export function AgreementText({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation("storefront");
  const site = useQuery({ ...legalQuery("purchase"), enabled: agreement.kind === "template" });
  if (agreement.kind === "text") return <MarkdownView html={agreement.html} />;
  if (agreement.kind === "file") return <p><a className={css.file} href={agreement.fileUrl} target="_blank" rel="noreferrer"><DownloadOutlined aria-hidden /> {t("agreement.file")}</a></p>;
  if (site.error) return <PageError error={site.error} onRetry={() => void site.refetch()} />;
  if (!site.data) return <div role="status" aria-label={t("loading", { what: t("tab.agreement") })} className={css.bone} />;
  return <MarkdownView html={site.data.html} />;
}
