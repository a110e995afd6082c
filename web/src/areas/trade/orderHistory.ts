import type { TFunction } from "i18next";
import { formatMoney } from "../../ui/money";
import type { Tone } from "../../ui/states";
import type { TimelineEntry } from "../../ui/Timeline";
import { provisioningEnd, type OrderDetail, type OrderStep } from "./order";

const tones: Record<string, Tone> = {
  approved: "success", rejected: "danger", paid: "progress", delivered: "success", provisioning_failed: "danger", money_returned: "success", deadline: "warning", off_sale: "warning",
};

/** The order's history with who did what, and at its end what is waited for. */
export function orderHistory(order: OrderDetail, t: TFunction): TimelineEntry[] {
  const entries: TimelineEntry[] = order.steps.map((step, index) => ({
    key: `${index} ${step.event}`,
    text: step.event === "note" && step.detail?.voucher ? t("event.voucher") : t(`event.${step.event}`, { defaultValue: step.event }),
    at: step.at,
    actor: actorOf(step, order, t),
    detail: detailOf(step, order, t),
    tone: tones[step.event] ?? "neutral",
  }));
  if (order.state === "PENDING_REVIEW") entries.push({ key: "waiting", text: t("wait.review"), waiting: true });
  if (order.state === "PENDING_PAYMENT") entries.push({ key: "waiting", text: t("wait.pay"), waiting: true, by: order.deadline ?? null });
  if (order.state === "PROCESSING" && !order.refund) entries.push({ key: "waiting", text: t("wait.provision"), waiting: true, by: provisioningEnd(order) ?? null });
  if (order.state === "REFUNDING" || order.refund === "refunding") entries.push({ key: "waiting", text: t("wait.refund"), waiting: true });
  return entries;
}

function actorOf(step: OrderStep, order: OrderDetail, t: TFunction): string {
  if (step.event === "delivered" && step.actorKind === "system") return t("actor.seller");
  if (step.actorKind === "user") return step.actorName || order.buyerName || t("actor.user");
  if (step.actorKind === "operator") return step.actorName ? `${step.actorName} (${t("actor.operator")})` : t("actor.operator");
  return t("actor.system");
}

function detailOf(step: OrderStep, order: OrderDetail, t: TFunction): string | undefined {
  const text = (name: string): string => (typeof step.detail?.[name] === "string" ? (step.detail[name] as string) : "");
  const amount = text("amount") && formatMoney(text("amount"), order.currency);
  if (step.event === "submit" && amount) return t("event_detail.amount", { amount });
  if (step.event === "paid" && amount) return t("event_detail.from_balance", { amount });
  if (step.event === "money_returned" && text("refund")) return t("event_detail.refund_order", { id: text("refund"), amount });
  if (step.event === "note" && text("voucher")) return `${text("voucher")} −${amount}`;
  if ((step.event === "approved" || step.event === "rejected") && text("comment")) return text("comment");
  return undefined;
}
