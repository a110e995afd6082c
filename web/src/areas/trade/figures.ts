/** How the calls of a day, or of all shown, went. */
export interface Figures {
  day?: string;
  calls: number;
  good: number;
  /** 0 to 1; absent without calls. */
  rate?: number;
  /** Milliseconds; absent without answers. */
  p50Ms?: number;
  p95Ms?: number;
}

export interface Series {
  days: (Figures & { day: string })[];
  total: Figures;
  activities: string[];
}

/** "99.9 %", cut and not rounded: only a day without a failure is 100 %. */
export const rateText = (rate: number | undefined): string => (rate === undefined ? "–" : `${(Math.floor(rate * 1000) / 10).toFixed(rate === 1 ? 0 : 1)} %`);

/** A latency in the unit that people read: "4.2 ms", "120 ms", "1.8 s". */
export function latencyText(ms: number | undefined): string {
  if (ms === undefined) return "–";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The next round figure at or above the highest value: 1, 2 or 5 times a power of ten. */
export function topOf(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= highest) ?? 10 * power;
}

/** The runs of neighbouring days that have a value, as SVG points: a day without one interrupts the line. */
export function runs(values: (number | undefined)[], top: number): string[] {
  const out: string[][] = [];
  let open: string[] | null = null;
  values.forEach((value, index) => {
    if (value === undefined) { open = null; return; }
    if (!open) out.push((open = []));
    open.push(`${index + 0.5} ${100 - (Math.min(value, top) / top) * 100}`);
  });
  return out.map((points) => (points.length === 1 ? `M ${points[0]} h 0` : `M ${points.join(" L ")}`));
}
