import type { TFunction } from "i18next";
import type { Tone } from "../../../ui/states";
import type { TimelineEntry } from "../../../ui/Timeline";
import type { HistoryRow } from "./product";

const tones: Record<string, Tone> = {
  submit: "progress", publish: "success", publish_hidden: "success", reject: "danger", suspend: "warning", delist: "danger", hide: "warning", lift: "success", lift_hidden: "success", show: "success",
};

/** A product's history as a timeline, oldest first. */
export const historyEntries = (rows: HistoryRow[], t: TFunction<"catalogue">): TimelineEntry[] =>
  [...rows].reverse().map((row) => ({
    key: row.id, text: t(`event.${row.event}`, { defaultValue: row.event }), at: row.at, detail: row.reason || undefined, tone: tones[row.event] ?? "neutral",
    actor: row.actorName || t(`event.by_${row.actorKind}`, { defaultValue: row.actorKind }),
  }));
