import css from "./MarkdownView.module.css";

/** Shows HTML that the server made from Markdown and sanitised. Never give it anything else. */
export function MarkdownView({ html, lang }: { html: string; lang?: "zh" | "en" | undefined }) {
  return <div className={css.text} lang={lang === "zh" ? "zh-CN" : lang} dangerouslySetInnerHTML={{ __html: html }} />;
}
