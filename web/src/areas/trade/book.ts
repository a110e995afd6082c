import type { TFunction } from "i18next";
import { loadTexts } from "../../i18n";

/** Route loader of the pages that show the book and statements. */
export const ledgerTexts = async (): Promise<null> => {
  await loadTexts("ledger");
  return null;
};

/** An account of the book with its balance and whose it is. */
export interface BookAccount {
  account: string;
  balance: string;
  purpose: string;
  party?: { kind: "account" | "seller" | "order" | "withdrawal"; id: string; name: string };
}

export type CauseKind = "order" | "topup" | "withdrawal" | "online" | "channel_refund" | "bank";

/** A posting of an account; positive amounts credit it. */
export interface BookEntry {
  id: string;
  at: string;
  kind: string;
  cause: string;
  causeKind: CauseKind;
  amount: string;
  /** Of the account after this entry. */
  balance?: string;
  account?: string;
  journal?: string;
}

export interface JournalBrief {
  id: string;
  kind: string;
  cause: string;
  causeKind: CauseKind;
  currency: string;
  at: string;
  amount: string;
}

export interface Journal extends Omit<JournalBrief, "amount"> {
  key: string;
  entries: (BookEntry & { account: string; currency: string })[];
  accounts: BookAccount[];
}

/** The head of a statement. */
export interface Statement {
  from: string;
  /** The first instant after the span. */
  to: string;
  opening: string;
  in: string;
  out: string;
  closing: string;
  currency: string;
  kinds: { kind: string; in: string; out: string; entries: number }[];
}

/** What moves money; names stand in the texts of "ledger". */
export const journalKinds = ["topup", "payment", "capture", "refund", "refund_delivered", "withdrawal", "withdrawal_back", "payout",
  "topup_online", "payment_surplus", "channel_refund", "channel_refund_back", "channel_refund_paid", "bank_receipt", "bank_return", "bank_linked"];

/** The first parts of accounts' names, by which they are chosen. */
export const purposes = ["buyer", "payable", "held", "bank", "clearing", "psp", "voucher", "revenue"];

/** What a purpose of accounts is called: "buyer:balance" has the text "buyer_balance". */
export function purposeText(purpose: string, t: TFunction): string {
  const known = t(`ledger:purpose.${purpose.replaceAll(":", "_")}`, { defaultValue: "" });
  if (known) return known;
  const [head, ...rest] = purpose.split(":");
  return [t(`ledger:purpose.${head}`, { defaultValue: head }), ...rest].join(" ");
}

export const kindText = (kind: string, t: TFunction): string => t(`ledger:kind.${kind}`, { defaultValue: kind });

/**
 * What an entry is to the party whose statement it stands in. A delivery owes the seller its part
 * of the sale; what it takes away again is the seller's share of a voucher, and its refund the
 * other way round.
 */
export function entryText(entry: Pick<BookEntry, "kind" | "amount">, side: "buyer" | "seller" | "operator", t: TFunction): string {
  const taken = entry.amount.startsWith("-");
  if (side === "seller" && entry.kind === "capture" && taken) return t("ledger:kind.voucher_share");
  if (side === "seller" && entry.kind === "refund_delivered" && !taken) return t("ledger:kind.voucher_share_back");
  return kindText(entry.kind, t);
}

/** The page of what a journal was caused by, on one side; nothing where that side has none. */
export function causePath(side: "buyer" | "seller" | "operator", { cause, causeKind }: { cause: string; causeKind: CauseKind }): string | undefined {
  const number = encodeURIComponent(cause);
  if (causeKind === "order") return `/${side}/orders/${number}`;
  if (side === "seller" || (causeKind !== "topup" && causeKind !== "withdrawal")) return undefined;
  return causeKind === "topup" ? `/${side}/topups?q=${number}` : `/${side}/withdrawals?q=${number}`;
}

/** The page of an account of the book. */
export const accountPath = (account: string): string => `/operator/ledger/accounts/${encodeURIComponent(account)}`;

/** An operator's page of the party. */
export function partyPath(party: NonNullable<BookAccount["party"]>): string {
  const id = encodeURIComponent(party.id);
  switch (party.kind) {
    case "account": return `/operator/accounts/${id}`;
    case "seller": return `/operator/sellers/${id}`;
    case "order": return `/operator/orders/${id}`;
    default: return `/operator/withdrawals?q=${id}`;
  }
}
