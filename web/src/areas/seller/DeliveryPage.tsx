import { CallDetailView } from "../trade/CallDetailView";

/** One call to the seller's own server. */
export function DeliveryPage() {
  return <CallDetailView side="seller" />;
}
