import { useSyncExternalStore } from "react";

const query = "(prefers-reduced-motion: reduce)";

function subscribe(notify: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener("change", notify);
  return () => media.removeEventListener("change", notify);
}

/** True for people who want no motion. antd then shows and hides at once: its motions may miss the end of transitions that take no time, and leave spinners in buttons behind. */
export const useStill = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(query).matches, () => false);
