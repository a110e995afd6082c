import type { Query } from "../../api/client";
import { zoneOffset } from "../../ui/time";

const dayLength = 86_400_000;

/** The instant at which a day ("2026-11-20") begins in a zone. */
export function dayStart(day: string, timeZone: string): string {
  const offset = (at: string) => zoneOffset(at, timeZone).replace("UTC", "") || "Z";
  const near = new Date(`${day}T00:00:00${offset(`${day}T00:00:00Z`)}`);
  // The offset of midnight UTC differs from that of the local midnight when the clock changes between them.
  return new Date(`${day}T00:00:00${offset(near.toISOString())}`).toISOString();
}

/** The day after. */
const nextDay = (day: string): string => new Date(new Date(`${day}T00:00:00Z`).getTime() + dayLength).toISOString().slice(0, 10);

/** The last second of a day in a zone: when the term that ends on it is over. */
export const dayEnd = (day: string, timeZone: string): string => new Date(new Date(dayStart(nextDay(day), timeZone)).getTime() - 1000).toISOString();

/** A `dates` filter's two days, both inclusive, as the `from` and `to` instants that lists of trade take. */
export function withInstants(filters: Record<string, string>, key: string, timeZone: string): Query {
  const { [`${key}From`]: first, [`${key}To`]: last, ...rest } = filters;
  return { ...rest, ...(first ? { from: dayStart(first, timeZone) } : {}), ...(last ? { to: dayStart(nextDay(last), timeZone) } : {}) };
}
