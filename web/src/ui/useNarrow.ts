import { useSyncExternalStore } from "react";

const query = "(max-width: 767px)";

function subscribe(notify: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener("change", notify);
  return () => media.removeEventListener("change", notify);
}

/** True below 768 px: menus become drawers, table rows become cards. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(query).matches, () => false);
