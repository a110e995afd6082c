import { useCallback, useRef } from "react";

/** A new random key. */
export const newKey = (): string =>
  typeof crypto.randomUUID === "function"
    ? crypto.randomUUID()
    // randomUUID exists in secure contexts only; a shop tried out over plain http on a LAN is none.
    : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The key of one submit: the same while the same content is sent again (a double click, a retry after
 * a lost connection), another as soon as the content differs, because one key with other content is an error.
 * Call `done` after success.
 */
export class SubmitKey {
  #key = "";
  #content = "";

  for(content: unknown): string {
    const text = JSON.stringify(content) ?? "";
    if (!this.#key || text !== this.#content) {
      this.#key = newKey();
      this.#content = text;
    }
    return this.#key;
  }

  done(): void {
    this.#key = "";
  }
}

/** A SubmitKey that lives as long as the component. */
export function useSubmitKey(): { keyFor: (content: unknown) => string; done: () => void } {
  const ref = useRef<SubmitKey>(null);
  ref.current ??= new SubmitKey();
  const keyFor = useCallback((content: unknown) => ref.current!.for(content), []);
  const done = useCallback(() => ref.current!.done(), []);
  return { keyFor, done };
}
