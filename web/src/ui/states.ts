/** What a state means at a glance. Colour never stands alone: the tag always carries the state's name. */
export type Tone = "neutral" | "waiting" | "progress" | "success" | "warning" | "danger" | "urgent";

/**
 * The tone of each state of each kind of object; its name is the text `state.<kind>.<state>` in
 * common.json. States are looked up in lower case, so codes of the API in either case fit.
 */
export const states = {
  order: {
    pending_review: "waiting", pending_confirm: "urgent", pending_payment: "urgent", processing: "progress", completed: "success",
    canceled: "neutral", expired: "neutral", refunding: "progress", refunded: "neutral",
  },
  instance: {
    pending: "progress", active: "success", changing: "progress", grace: "warning", retention: "warning", released: "neutral", unsubscribed: "neutral",
  },
  product: {
    draft: "neutral", reviewing: "waiting", rejected: "danger", on_sale: "success", hidden: "neutral", suspended: "warning", delisted: "neutral",
  },
  application: { draft: "neutral", reviewing: "waiting", approved: "success", rejected: "danger", withdrawn: "neutral" },
  spec: { shown: "success", hidden: "neutral", delisted: "neutral" },
  seller: { active: "success", suspended: "danger", exited: "neutral" },
  account: { active: "success", suspended: "danger" },
  real_name: { none: "neutral", pending: "waiting", verified: "success", rejected: "danger" },
  delivery: {
    waiting: "waiting", calling: "progress", retrying: "warning", succeeded: "success", failed: "danger", canceled: "neutral", manual: "success",
  },
  access: { none: "waiting", ready: "success", partly: "warning", by_seller: "neutral" },
  mail: { waiting: "waiting", sent: "success", kept: "neutral", failed: "danger" },
  attempt: { running: "progress", succeeded: "success", accepted: "progress", not_yet: "waiting", gone: "neutral", failed: "danger" },
  refund: { requested: "waiting", paid: "success", rejected: "danger", withdrawn: "neutral" },
  discount: { reviewing: "waiting", effective: "success", rejected: "danger", withdrawn: "neutral", stopped: "warning", ended: "neutral" },
  withdrawal: { requested: "waiting", paid: "success", rejected: "danger", canceled: "neutral" },
  topup: { pending: "waiting", confirmed: "success", rejected: "danger", canceled: "neutral" },
  online: { created: "waiting", waiting: "waiting", succeeded: "success", failed: "danger", closed: "neutral" },
  receipt: { unmatched: "urgent", credited: "success", returned: "neutral", linked: "neutral" },
  voucher: { claimed: "success", locked: "progress", used: "neutral", lapsed: "neutral" },
  voucher_campaign: { draft: "waiting", published: "success", ended: "neutral", voided: "danger" },
  user: { pending: "waiting", active: "success", disabled: "neutral" },
  token: { active: "success", expired: "neutral", revoked: "neutral" },
  address: { unverified: "waiting", verified: "success" },
  case: { none: "neutral", passed: "success", failed: "danger", stale: "warning" },
  run: { passed: "success", failed: "danger" },
  key: { active: "success", disabled: "neutral" },
  probe: { planned: "waiting", queued: "progress", passed: "success", failed: "danger", skipped: "neutral", missed: "neutral" },
  probe_task: { open: "urgent", confirmed: "waiting", lifted: "success", frozen: "warning", delisted: "neutral", dismissed: "neutral" },
  export: { queued: "waiting", running: "progress", ready: "success", expired: "neutral", failed: "danger" },
  job: { ready: "waiting", running: "progress", done: "success", dead: "danger", canceled: "neutral" },
} as const satisfies Record<string, Record<string, Tone>>;

export type StateKind = keyof typeof states;

/** The tone of a state; an unknown one is neutral. */
export function toneOf(kind: StateKind, state: string): Tone {
  return (states[kind] as Record<string, Tone>)[state.toLowerCase()] ?? "neutral";
}
