import type { TFunction } from "i18next";
import type { Tone } from "../../ui/states";
import type { TimelineEntry } from "../../ui/Timeline";
import type { Step } from "./application";

const tones: Record<string, Tone> = { submit: "progress", approve: "success", reject: "danger", withdraw: "neutral" };

/** An application's history as a timeline. */
export function historyEntries(steps: Step[], t: TFunction<"sellers">): TimelineEntry[] {
  return steps.map((step) => ({
    key: step.id, text: t(`event.${step.event}`), at: step.at, detail: step.reason || undefined, tone: tones[step.event] ?? "neutral",
    actor: step.actorName || t(step.actorKind === "operator" ? "event.operator" : "event.seller"),
  }));
}
