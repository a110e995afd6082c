/** How a refund's amount came about. */
export interface RefundExplanation {
  paid: string;
  /** What a voucher paid of the line. */
  voucher?: string;
  before: string;
  usedHours?: number;
  totalHours?: number;
  consumed: string;
  feeRate: string;
  fee: string;
  /** End of the five days. */
  until?: string;
  used: number;
  perYear: number;
}

/** A refund of a delivered order. */
export interface Refund {
  id: string;
  kind: "five_day" | "prorata" | "operator" | "renewal";
  state: "requested" | "paid" | "rejected" | "withdrawn";
  orderId: string;
  instanceId: string;
  productName: string;
  specName: string;
  accountName: string;
  sellerName: string;
  amount: string;
  /** The part that goes back to the voucher; the rest to the balance. */
  voucherAmount: string;
  currency: string;
  explanation: RefundExplanation;
  reason: string;
  decision: string;
  refundOrderId: string;
  endsService: boolean;
  createdAt: string;
  decidedAt?: string;
}

/** What giving a service back would bring now. */
export interface RefundPreview {
  possible: boolean;
  kind: string;
  amount: string;
  voucherAmount: string;
  approval: boolean;
  /** Of the purchase. */
  explanation: RefundExplanation;
  baseAmount: string;
  /** Of changes of specification, which go back with it. */
  parts: { orderId: string; amount: string; explanation: RefundExplanation }[];
  blocker?: { code: string; message: string };
}

export const refundStates: Refund["state"][] = ["requested", "paid", "rejected", "withdrawn"];
export const refundKinds: Refund["kind"][] = ["five_day", "prorata", "operator", "renewal"];

/** What giving back the newest renewed period would bring, as long as it has not begun. */
export interface RenewalRefundPreview {
  possible: boolean;
  orderId: string;
  amount: string;
  voucherAmount: string;
  currency: string;
  begins?: string;
  ends?: string;
  approval: boolean;
}
