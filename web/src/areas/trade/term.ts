import type { TFunction } from "i18next";

interface Termed {
  chargingMode: string;
  periodType: string;
  periodNumber: number;
}

/** "3 months", "30 天", "一次性". */
export function termText({ chargingMode, periodType, periodNumber }: Termed, t: TFunction): string {
  if (chargingMode === "ONE_TIME" || (periodType !== "year" && periodType !== "month" && periodType !== "day")) return t("trade:term.one_time");
  if (periodNumber === 0) return t("trade:term.unified");
  return t(`trade:term.${periodType}`, { count: periodNumber });
}

/** A ratio such as "0.06" as "6%". */
export const percent = (ratio: string): string => `${Number((Number(ratio) * 100).toFixed(4))}%`;
