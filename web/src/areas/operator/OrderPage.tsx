import { OrderView } from "../trade/OrderView";

/** One order with everything that happened to it: payments, postings, calls. */
export function OrderPage() {
  return <OrderView side="operator" />;
}
