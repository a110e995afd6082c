import { useTranslation } from "react-i18next";
import { StateTag } from "../../ui/StateTag";
import { provisioningEnd, type Order } from "./order";
import type { Side } from "./side";

/** An order's state with what happens next and by when, as each side needs to know it. */
export function OrderTag({ order, side }: { order: Order; side: Side }) {
  const { t } = useTranslation("trade");
  if (order.refund) return <><StateTag kind="order" state={order.state} /> <StateTag kind="order" state={order.refund} /></>;
  switch (order.state) {
    case "PENDING_REVIEW":
      return <StateTag kind="order" state={order.state} next={t("next.review")} />;
    case "PENDING_CONFIRM":
      return <StateTag kind="order" state={order.state} next={t("next.confirm")} by={order.deadline} />;
    case "PENDING_PAYMENT":
      return <StateTag kind="order" state={order.state} next={t(side === "buyer" ? "next.pay" : "next.buyer_pays")} by={order.deadline} />;
    case "PROCESSING":
      return <StateTag kind="order" state={order.state} next={t(side === "seller" ? "next.provisioning_seller" : "next.provisioning")} by={provisioningEnd(order)} />;
    case "REFUNDING":
      return <StateTag kind="order" state={order.state} next={t("next.refunding")} />;
    default:
      return <StateTag kind="order" state={order.state} />;
  }
}
