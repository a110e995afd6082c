import { useQuery } from "@tanstack/react-query";
import { Alert, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get } from "../../../api/client";
import { LinkButton } from "../../../ui/LinkButton";
import { MarkdownView } from "../../../ui/MarkdownView";
import { Money } from "../../../ui/Money";
import { Page, Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { Facts } from "../../../ui/DetailPage";
import { productsPath, reviewsPath } from "./product";
import css from "./products.module.css";

interface Detail {
  name: string;
  summary: string;
  highlights: string[];
  descriptionHtml: string;
  logoUrl: string;
  pictures: string[];
  category: { id: string; name: string }[];
  afterSales: { serviceTime: string; content: string; mail: string; hotline: string };
  seller: { name: string; phone: string; mail: string };
  specs: { id: string; name: string; plans: { mode: string; periodType: string; price: string; minPeriods: number; maxPeriods: number; choice?: string }[]; attributes?: { code: string; values: { code: string; name: string }[] }[] }[];
  priceFrom: string;
  priceUnit: string;
  currency: string;
}

/** The future product page of an open version: what buyers will read, in the language of the reader. */
export function PreviewPage() {
  const { id = "" } = useParams();
  return <Preview path={`${productsPath}/${id}/preview`} back={`/seller/products/${id}`} />;
}

/** The same for the reviewer of an application. */
export function ReviewPreviewPage() {
  const { id = "" } = useParams();
  return <Preview path={`${reviewsPath}/${id}/preview`} back={`/operator/products/${id}`} />;
}

/** "Pro · 200 GB" */
const choiceName = (spec: Detail["specs"][number], choice: string): string => choice.split(",").map((part) => {
  const [attribute, value] = part.split("=");
  return spec.attributes?.find((one) => one.code === attribute)?.values.find((one) => one.code === value)?.name ?? value;
}).join(" · ");

function Preview({ path, back }: { path: string; back: string }) {
  const { t, i18n } = useTranslation("catalogue");
  const { data: product, error, refetch } = useQuery({ queryKey: ["preview", path, i18n.language], queryFn: ({ signal }) => get<Detail>(path, undefined, signal), staleTime: 0 });
  if (error) return <PageError error={error} onRetry={() => void refetch()} back={{ to: back, label: t("preview.back") }} />;
  return (
    <Page title={product?.name || t("wizard.preview")} intro={product?.summary} actions={<LinkButton to={back}>{t("preview.back")}</LinkButton>}>
      <Alert type="info" showIcon title={t("preview.note")} style={{ marginBottom: 16 }} />
      {product && (
        <div className={css.stack}>
          <Panel>
            <div className={css.stack}>
              <div className={css.named}>
                {product.logoUrl && <img className={css.logo} src={product.logoUrl} alt="" />}
                <div>
                  <div className="soft">{product.category.map((one) => one.name).join(" / ")}</div>
                  <div>{product.seller.name}</div>
                  <div>{product.highlights.map((one) => <Tag key={one}>{one}</Tag>)}</div>
                  {product.priceFrom && <div><Money amount={product.priceFrom} currency={product.currency} size="large" /> {t(`unit.${product.priceUnit}`)}</div>}
                </div>
              </div>
              <div className={css.gallery}>{product.pictures.map((url, index) => <img key={url} src={url} alt={t("pictures.number", { number: index + 1 })} />)}</div>
            </div>
          </Panel>
          <Panel title={t("field.specs")}>
            <Facts facts={product.specs.map((spec) => ({ label: spec.name || "–", value: spec.plans.map((plan) => (
              <div key={plan.mode + plan.periodType + (plan.choice ?? "")}>{plan.choice && <span className="soft">{choiceName(spec, plan.choice)} </span>}<Money amount={plan.price} currency={product.currency} /> {t(`unit.${plan.mode === "ONE_TIME" ? "once" : plan.periodType}`)}</div>
            )) }))} />
          </Panel>
          <Panel title={t("field.description")}><MarkdownView html={product.descriptionHtml} /></Panel>
          <Panel title={t("content.support")}>
            <Facts facts={[
              { label: t("field.service_time"), value: product.afterSales.serviceTime || "–" }, { label: t("field.service_content"), value: product.afterSales.content || "–" },
              { label: t("field.service_mail"), value: product.afterSales.mail || "–" }, { label: t("field.hotline"), value: product.afterSales.hotline || "–" },
            ]} />
          </Panel>
        </div>
      )}
    </Page>
  );
}
