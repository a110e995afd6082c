import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { MarkdownView } from "../../ui/MarkdownView";
import { PageError } from "../../ui/PageError";
import css from "./LegalPage.module.css";
import { legalQuery } from "./product";
import { StoreNotFound } from "./StoreNotFound";
import { usePageMeta } from "./usePageMeta";

const known = ["terms", "privacy", "purchase"];

/** A text of the site that people agree to, with its edition. */
export function LegalPage() {
  const { t } = useTranslation("storefront");
  const { name = "" } = useParams();
  const found = known.includes(name);
  const { data, error, refetch } = useQuery({ ...legalQuery(name), enabled: found });
  usePageMeta(found ? t(`legal.${name}`) : undefined);
  if (!found) return <StoreNotFound />;
  return (
    <article className={css.page}>
      <h1>{t(`legal.${name}`)}</h1>
      {data && (data.version || data.date) && <p className={css.edition}>{[data.version && t("legal.edition", { version: data.version }), data.date && t("legal.since", { date: data.date })].filter(Boolean).join(" · ")}</p>}
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} />
        : data ? (data.html ? <MarkdownView html={data.html} /> : <p className="soft">{t("legal.empty")}</p>)
          : <div role="status" aria-label={t("loading", { what: t(`legal.${name}`) })} className={css.bone} />}
    </article>
  );
}
