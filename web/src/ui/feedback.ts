/** A question with two answers. */
export interface Question {
  title: string;
  text?: string;
  ok: string;
  cancel: string;
  danger?: boolean;
}

type ToastKind = "success" | "error" | "warning" | "info";

/** What FeedbackHost can do once it is loaded. */
export interface Host {
  toast: (kind: ToastKind, text: string) => void;
  ask: (question: Question) => Promise<boolean>;
  askPassword: () => Promise<boolean>;
  askCode: () => Promise<boolean>;
}

let host: Host | null = null;
let summon: (() => void) | null = null;
const waiting: ((host: Host) => void)[] = [];

function withHost(act: (host: Host) => void): void {
  if (host) return act(host);
  waiting.push(act);
  summon?.();
}

/** FeedbackSlot registers how the host is loaded. */
export function onSummon(load: (() => void) | null): void {
  summon = load;
  if (load && waiting.length > 0) load();
}

/** FeedbackHost registers itself and does what waited for it. */
export function setHost(next: Host | null): void {
  host = next;
  if (next) waiting.splice(0).forEach((act) => act(next));
}

const toastOf = (kind: ToastKind) => (text: string): void => withHost((one) => one.toast(kind, text));

/**
 * Short notices that survive navigation. The parts of antd that draw them are loaded on first use,
 * which keeps them out of the storefront's first paint.
 */
export const toast = { success: toastOf("success"), error: toastOf("error"), warning: toastOf("warning"), info: toastOf("info") };

/** Asks one question for all who wait for its answer: several calls of a page may be refused at once. */
function shared(question: (host: Host) => Promise<boolean>): () => Promise<boolean> {
  let open: Promise<boolean> | null = null;
  return () => (open ??= new Promise<boolean>((resolve) => withHost((one) => void question(one).then(resolve))).finally(() => { open = null; }));
}

/** Asks for the user's password and enters it; true when it was right. */
export const askPassword = shared((one) => one.askPassword());

/** Asks for a code of the second factor and enters it; true when it was right. */
export const askCode = shared((one) => one.askCode());

/** Asks and answers true for "ok". For actions with consequences take ConfirmAction. */
export const ask = (question: Question): Promise<boolean> => new Promise((resolve) => withHost((one) => void one.ask(question).then(resolve)));
