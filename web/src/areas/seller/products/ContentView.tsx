import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Facts } from "../../../ui/DetailPage";
import { MarkdownView } from "../../../ui/MarkdownView";
import { PriceTables } from "./PriceTables";
import { fileUrl, inLang, type Content, type Limit, type StoredFileInfo } from "./product";
import css from "./products.module.css";

/** All that a version says, in the reader's language. */
export function ContentView({ content, files }: { content: Content; files: Record<string, StoredFileInfo> }) {
  const { t, i18n } = useTranslation("catalogue");
  const lang = i18n.language;
  const text = (value: { zh: string; en: string }) => inLang(value, lang) || "–";
  const file = (key: string) => (key ? <a href={fileUrl(key)}>{files[key]?.name ?? key}</a> : "–");
  return (
    <div className={css.stack}>
      <Section title={t("content.basics")}>
        <Facts facts={[
          { label: t("field.logo"), value: content.logoKey ? <img className={css.logo} src={fileUrl(content.logoKey)} alt={t("field.logo")} /> : "–" },
          { label: t("field.public_sale"), value: t(content.publicSale ? "wizard.public_yes" : "wizard.public_no") },
          { label: t("field.refund"), value: t(`refund.${content.refundPolicy}`) },
          { label: t("field.guide"), value: file(content.userGuideKey) },
          { label: t("field.path"), value: <span className="mono">{content.path || "/"}</span> },
          { label: t("field.generation"), value: content.generation },
          { label: t("field.summary"), value: text(content.summary), wide: true },
          { label: t("field.highlights"), value: content.highlights.map((one) => text(one)).join(" · ") || "–", wide: true },
        ]} />
      </Section>
      <Section title={t("field.pictures")}>
        <div className={css.gallery}>{content.pictures.map((key, index) => <img key={key} src={fileUrl(key)} alt={t("pictures.number", { number: index + 1 })} />)}</div>
      </Section>
      <Section title={t("field.specs")}><PriceTables specs={content.specs} /><SellingFacts content={content} /></Section>
      <Section title={t("field.description")}><MarkdownView html={inLang(content.descriptionHtml, lang)} /></Section>
      <Section title={t("content.support")}>
        <Facts facts={[
          { label: t("field.service_time"), value: text(content.afterSales.serviceTime) },
          { label: t("field.service_content"), value: text(content.afterSales.content) },
          { label: t("field.service_mail"), value: content.afterSales.mail || "–" },
          { label: t("field.hotline"), value: content.afterSales.hotline || "–" },
          { label: t("field.agreement"), value: content.agreement.kind === "file" ? file(content.agreement.fileKey) : t(`agreement.${content.agreement.kind}`) },
        ]} />
        {content.agreement.kind === "text" && <MarkdownView html={inLang(content.agreement.html, lang)} />}
      </Section>
    </div>
  );
}

/** Trials and purchase limits, where there are any. */
function SellingFacts({ content }: { content: Content }) {
  const { t, i18n } = useTranslation(["template", "pricing", "changes"]);
  const limit = (one: Limit | undefined) => (one ? [t(`pricing:limit.${one.kind}`, { count: one.count ?? 1 })] : []);
  const changeFacts = ({ changes }: Content["specs"][number]) => (!changes ? [] : [[
    ...(changes.any ? [t("changes:rules.fact_any")] : changes.rules?.length ? [t("changes:rules.fact_rules", { count: changes.rules.length })] : []),
    ...(changes.expand ? [t("changes:rules.fact_expand")] : []), ...(changes.renewal ? [t("changes:rules.fact_renewal")] : []),
  ].join(" · ")].map((text) => `${t("changes:rules.title")}: ${text}`));
  const lines = [
    ...limit(content.purchaseLimit).map((text) => ({ label: t("limit.product"), value: text })),
    ...content.specs.flatMap((spec) => {
      const facts = [...(spec.trialDays ? [t("trial.fact", { count: spec.trialDays })] : []), ...limit(spec.limit), ...changeFacts(spec)];
      return facts.length > 0 ? [{ label: inLang(spec.name, i18n.language), value: facts.join(" · ") }] : [];
    }),
  ];
  return lines.length > 0 ? <Facts facts={lines} /> : null;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <section className={css.section}><h3>{title}</h3>{children}</section>;
}
