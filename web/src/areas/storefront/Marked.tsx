import { Fragment } from "react";

const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#34;": '"', "&#39;": "'", "&amp;": "&" };

const plain = (escaped: string): string => escaped.replace(/&(?:lt|gt|quot|#34|#39|amp);/g, (entity) => entities[entity] ?? entity);

/** A search hit with its matches marked. Only <mark> is understood; everything else of `html` stays text. */
export function Marked({ html, fallback }: { html: string | undefined; fallback: string }) {
  if (!html) return <>{fallback}</>;
  return html.split(/<mark>(.*?)<\/mark>/s).map((part, index) =>
    index % 2 ? <mark key={index}>{plain(part)}</mark> : <Fragment key={index}>{plain(part)}</Fragment>);
}
