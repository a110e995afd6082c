import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Tone } from "./states";
import { Time } from "./Time";
import css from "./Timeline.module.css";

/** One step: who did what when, or what is waited for. */
export interface TimelineEntry {
  key: string;
  /** What happened: "Paid from balance". */
  text: ReactNode;
  /** RFC 3339; none for what has not happened yet. */
  at?: string | null;
  /** Who: a name, "System", the seller. */
  actor?: string | null;
  detail?: ReactNode;
  tone?: Tone;
  /** Not yet happened; `by` is its deadline. */
  waiting?: boolean;
  by?: string | null;
}

/** The history of an order, call or flow, oldest first, with what is waiting now at the end. */
export function Timeline({ entries, label }: { entries: TimelineEntry[]; label: string }) {
  const { t } = useTranslation();
  return (
    <ol className={css.timeline} aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.key} className={css.entry} data-tone={entry.tone ?? "neutral"} data-waiting={entry.waiting ?? false} aria-current={entry.waiting ? "step" : undefined}>
          <div className={css.text}>{entry.text}</div>
          <div className={css.meta}>
            {entry.actor && <span>{entry.actor}</span>}
            {entry.at && <Time at={entry.at} detail="second" />}
            {entry.waiting && !entry.by && <span>{t("timeline.waiting")}</span>}
            {entry.by && <span>{t("timeline.due")} <Time at={entry.by} /></span>}
          </div>
          {entry.detail && <div className={css.detail}>{entry.detail}</div>}
        </li>
      ))}
    </ol>
  );
}
