export type ReceiptState = "unmatched" | "credited" | "returned" | "linked";

/** An incoming bank transfer. */
export interface Receipt {
  id: string;
  bankReference: string;
  bookedOn: string;
  amount: string;
  currency: string;
  payer: string;
  remark: string;
  state: ReceiptState;
  accountId: string;
  accountName: string;
  topUpId: string;
  topUpNumber: string;
  rule: string;
  thirdParty: boolean;
  reason: string;
  createdAt: string;
  decidedAt?: string;
}

/** An account to which it may belong. */
export interface Candidate {
  accountId: string;
  accountName: string;
  topUpId: string;
  topUpNumber: string;
  rule: string;
  thirdParty: boolean;
}

export const receiptStates: ReceiptState[] = ["unmatched", "credited", "returned", "linked"];
export const receiptsPath = "/api/v1/operator/receipts";

/** The head of a CSV file: the first line with at least four filled cells. */
export function headsOf(text: string): string[] {
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/).slice(0, 40)) {
    const separator = [",", ";", "\t"].reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
    const cells = line.split(separator).map((cell) => cell.replace(/^\s*"?|"?\s*$/g, "").trim());
    if (cells.filter(Boolean).length >= 4) return cells.filter(Boolean);
  }
  return [];
}
