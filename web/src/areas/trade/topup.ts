/** A bank transfer into a balance. */
export interface TopUp {
  id: string;
  /** To be written on the transfer. */
  number: string;
  accountId: string;
  accountName: string;
  amount: string;
  currency: string;
  state: "pending" | "confirmed" | "rejected" | "canceled";
  payer: string;
  reference: string;
  note: string;
  /** Of a rejection; the bank's reference of a confirmation. */
  reason: string;
  createdAt: string;
  decidedAt?: string;
}

export const topUpStates: TopUp["state"][] = ["pending", "confirmed", "rejected", "canceled"];
