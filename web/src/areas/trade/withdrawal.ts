/** Balance that goes back to a bank account of a payer. */
export interface Withdrawal {
  id: string;
  number: string;
  accountId: string;
  accountName: string;
  amount: string;
  currency: string;
  state: "requested" | "paid" | "rejected" | "canceled";
  payer: string;
  bank: string;
  /** Last four characters of the bank account's number. */
  bankTail: string;
  note: string;
  /** The bank's number of the transfer made. */
  reference: string;
  reason: string;
  createdAt: string;
  decidedAt?: string;
}

export const withdrawalStates: Withdrawal["state"][] = ["requested", "paid", "rejected", "canceled"];
