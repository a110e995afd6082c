import type { TFunction } from "i18next";
import type { Posting } from "./order";

/** A row of the trial balance. */
export interface Trial {
  class: string;
  debit: string;
  credit: string;
  balance: string;
}

const classes: [RegExp, string][] = [
  [/^bank$/, "bank"], [/^buyer:/, "buyer_balance"], [/^held(:|$)/, "held"], [/^payable:seller/, "payable_seller"], [/^revenue:platform$/, "revenue_platform"], [/^tax/, "tax"],
];

/** What an account of the book, or a class of them, is called. */
export function accountText(account: string, t: TFunction): string {
  const known = classes.find(([pattern]) => pattern.test(account))?.[1];
  return known ? t(`trade:ledger.class.${known}`) : account;
}

/** Postings by journal, in the order in which they happened. */
export function journals(postings: Posting[]): { id: string; kind: string; at: string; postings: Posting[] }[] {
  const found = new Map<string, { id: string; kind: string; at: string; postings: Posting[] }>();
  for (const posting of postings) {
    const journal = found.get(posting.journal) ?? { id: posting.journal, kind: posting.kind, at: posting.at, postings: [] };
    journal.postings.push(posting);
    found.set(posting.journal, journal);
  }
  return [...found.values()];
}
