/** GET /api/v1/balance. */
export interface Balance {
  balance: string;
  /** Announced transfers that are not confirmed yet. */
  pending: string;
  currency: string;
  bank: { payee: string; bank: string; account: string };
}

/** A movement of the balance. */
export interface Transaction {
  id: string;
  at: string;
  kind: string;
  /** The order's or top-up's number. */
  cause: string;
  /** Positive: into the balance. */
  amount: string;
}

/** What moves a buyer's balance. */
export const transactionKinds = ["topup", "topup_online", "payment", "payment_surplus", "refund", "refund_delivered", "withdrawal", "withdrawal_back", "channel_refund", "channel_refund_back"];
