import { useCallback, useEffect, useRef, useState } from "react";
import { toast } from "../../../ui/feedback";
import { useProblemText } from "../../../ui/ProblemText";
import { runAll, type Outcome, type RunAllProgress } from "./runAll";

/** State of a run over several scenarios or cases; leaving the page stops it after the call under way. */
export function useRunAll() {
  const text = useProblemText();
  const [progress, setProgress] = useState<RunAllProgress | null>(null);
  const [busy, setBusy] = useState(false);
  const stopping = useRef(false);
  useEffect(() => () => { stopping.current = true; }, []);

  const start = useCallback(async <T,>(items: T[], work: { nameOf: (item: T) => string; sizeOf?: (item: T) => number; run: (item: T) => Promise<Outcome[]> }): Promise<void> => {
    stopping.current = false;
    setBusy(true);
    try {
      await runAll({ items, sizeOf: () => 1, ...work, report: setProgress, stop: () => stopping.current });
    } catch (failure) {
      toast.error(text(failure));
    } finally {
      setBusy(false);
    }
  }, [text]);

  const stop = useCallback(() => { stopping.current = true; }, []);
  const clear = useCallback(() => setProgress(null), []);
  return { progress, busy, start, stop, clear };
}
