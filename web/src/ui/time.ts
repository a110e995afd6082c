import { presently } from "../api/realm";

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(key: string, make: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = make()));
  return found;
}

/** How exactly an instant is written. */
export type TimeDetail = "date" | "minute" | "second";

/** An instant in a zone, written alike in both languages: "2026-11-20 10:15". */
export function formatTime(at: string, timeZone: string, detail: TimeDetail = "minute"): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const parts = formatter(`parts ${timeZone}`, () => new Intl.DateTimeFormat("en-CA", {
    timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  })).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  if (detail === "date") return day;
  const minute = `${day} ${part("hour")}:${part("minute")}`;
  return detail === "minute" ? minute : `${minute}:${part("second")}`;
}

/** The zone's offset at that instant, "UTC+08:00". */
export function zoneOffset(at: string, timeZone: string): string {
  const parts = formatter(`zone ${timeZone}`, () => new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }))
    .formatToParts(new Date(at));
  const name = parts.find((one) => one.type === "timeZoneName")?.value ?? "";
  return name.replace("GMT", "UTC") || timeZone;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

/** The distance from now in the largest fitting unit: "in 2 days", "3 小时前". */
export function formatRelative(at: string, lang: string, now: number = presently()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}
