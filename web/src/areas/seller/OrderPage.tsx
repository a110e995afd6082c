import { OrderView } from "../trade/OrderView";

/** One order as its seller sees it: without the buyer's people and notes, with the calls it caused. */
export function OrderPage() {
  return <OrderView side="seller" />;
}
