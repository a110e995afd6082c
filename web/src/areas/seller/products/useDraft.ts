import { useCallback, useEffect, useRef, useState } from "react";
import { send } from "../../../api/client";
import { asProblem } from "../../../api/problem";
import { fromForm, type FormContent } from "./offers";
import { productsPath, type Version } from "./product";

/** Milliseconds of quiet before the draft is saved. */
const quiet = 1500;

interface Draft {
  /** Time of the last save, RFC 3339. */
  savedAt: string;
  saving: boolean;
  problem: unknown;
  /** Something is not saved yet. */
  unsaved: () => boolean;
  changed: () => void;
  /** Saves at once what is not saved and gives the draft's revision. */
  flush: () => Promise<number>;
}

/** Saves a draft by itself: one request at a time, the newest content last. `saved` hears what the server made of it. */
export function useDraft(productId: string, first: Version, read: () => FormContent, saved: (version: Version) => void): Draft {
  const revision = useRef(first.revision);
  const dirty = useRef(false);
  const running = useRef<Promise<number> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [savedAt, setSavedAt] = useState(first.updatedAt);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const save = useCallback(async (): Promise<number> => {
    setSaving(true);
    try {
      while (dirty.current) {
        dirty.current = false;
        try {
          const version = await send<Version>("PUT", `${productsPath}/${productId}/draft`, { revision: revision.current, content: fromForm(read()) });
          revision.current = version.revision;
          setSavedAt(version.updatedAt);
          setProblem(null);
          saved(version);
        } catch (error) {
          dirty.current = true;
          setProblem(asProblem(error));
          throw error;
        }
      }
      return revision.current;
    } finally {
      setSaving(false);
    }
  }, [productId, read, saved]);

  const flush = useCallback((): Promise<number> => {
    clearTimeout(timer.current);
    if (!running.current) {
      if (!dirty.current) return Promise.resolve(revision.current);
      running.current = save().finally(() => { running.current = null; });
    }
    return running.current.then((number) => (dirty.current ? flush() : number));
  }, [save]);

  const changed = useCallback(() => {
    dirty.current = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => { flush().catch(() => undefined); }, quiet);
  }, [flush]);

  useEffect(() => () => clearTimeout(timer.current), []);
  return { savedAt, saving, problem, unsaved: useCallback(() => dirty.current, []), changed, flush };
}
