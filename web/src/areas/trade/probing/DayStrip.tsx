import { useTranslation } from "react-i18next";
import css from "./probing.module.css";
import type { ProbeDay } from "./probing";

const marks: Record<string, string> = { passed: "✓", failed: "✕", planned: "·", queued: "…", skipped: "–", missed: "?", "": "" };

/** Seven days with morning above afternoon; a sign and its title tell the state, not the colour alone. */
export function DayStrip({ days }: { days: ProbeDay[] }) {
  const { t } = useTranslation("quality");
  const name = (state: string) => (state ? t(`state.probe.${state}`) : t("probing.none_planned"));
  return (
    <span className={css.strip} role="img" aria-label={days.map((day) => `${day.day}: ${name(day.am)}, ${name(day.pm)}`).join("; ")}>
      {days.map((day) => (
        <span key={day.day} className={css.day} aria-hidden="true">
          {(["am", "pm"] as const).map((half) => <span key={half} className={css.cell} data-state={day[half]} title={`${day.day} ${t(`probing.half.${half}`)}: ${name(day[half])}`}>{marks[day[half]]}</span>)}
        </span>
      ))}
    </span>
  );
}
