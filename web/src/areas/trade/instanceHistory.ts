import type { TFunction } from "i18next";
import type { TimelineEntry } from "../../ui/Timeline";

export interface InstanceStep {
  id: string;
  at: string;
  event: string;
  from: string;
  to: string;
  detail: Record<string, unknown> | null;
}

const bySeller = new Set(["provisioned", "access_data", "changed"]);
const byOperator = new Set(["frozen", "thawed", "thawed_after_expiry"]);
const tones: Record<string, TimelineEntry["tone"]> = { provisioned: "success", thawed: "success", changed: "success", frozen: "danger", retention_began: "warning", expired: "warning", change_failed: "warning" };

/** The history of a purchased service as timeline entries. */
export function instanceHistory(steps: InstanceStep[], state: string, t: TFunction, when: (at: string) => string): TimelineEntry[] {
  const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
  const detailOf = ({ event, detail }: InstanceStep): string | undefined => {
    if (event === "provisioned" && text(detail?.["instanceId"])) return t("trade:event_detail.external", { id: detail?.["instanceId"] });
    if (event === "renewed" && text(detail?.["to"])) return when(String(detail?.["to"]));
    if (event === "changed" && typeof detail?.["quantity"] === "number") return t("trade:event_detail.quantity", { from: String(detail["quantityBefore"]), to: String(detail["quantity"]), plan: text(detail["plan"]) ?? "" });
    return text(detail?.["reason"]) ?? (event === "changed" || event === "change_began" ? text(detail?.["plan"]) : undefined);
  };
  const entries: TimelineEntry[] = steps.map((step) => ({
    key: step.id, text: t(`trade:event.${step.event}`, { defaultValue: step.event }), at: step.at,
    actor: t(bySeller.has(step.event) ? "trade:actor.seller" : byOperator.has(step.event) ? "trade:actor.operator" : "trade:actor.system"),
    tone: tones[step.event] ?? "neutral", detail: detailOf(step),
  }));
  if (state === "PENDING") entries.push({ key: "waiting", text: t("trade:wait.provision"), waiting: true });
  if (state === "CHANGING") entries.push({ key: "changing", text: t("trade:wait.provision"), waiting: true });
  return entries;
}
