import { useEffect } from "react";
import { usePageTitle } from "../../app/title";

/** Sets the document's title and description while the page is shown. */
export function usePageMeta(title: string | undefined, description?: string | undefined): void {
  usePageTitle(title);
  useEffect(() => {
    let meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
    if (!meta) {
      meta = document.createElement("meta");
      meta.name = "description";
      document.head.append(meta);
    }
    if (description) meta.content = description;
    else meta.remove();
  }, [description]);
}
