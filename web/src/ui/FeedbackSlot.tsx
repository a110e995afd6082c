import { lazy, Suspense, useEffect, useState } from "react";
import { onSummon } from "./feedback";

const FeedbackHost = lazy(async () => ({ default: (await import("./FeedbackHost")).FeedbackHost }));

/** The place of toasts and questions; stands once beside the routes. */
export function FeedbackSlot() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    onSummon(() => setWanted(true));
    return () => onSummon(null);
  }, []);
  return wanted ? <Suspense fallback={null}><FeedbackHost /></Suspense> : null;
}
