import { OrderView } from "../trade/OrderView";
import { AdjustAction } from "./AdjustAction";

/** One order with everything that happened to it: payments, postings, calls. */
export function OrderPage() {
  return <OrderView side="operator" actions={(order) => <AdjustAction order={order} />} />;
}
