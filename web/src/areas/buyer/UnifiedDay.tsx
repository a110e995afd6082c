import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";

/** GET /api/v1/renewal-settings */
export interface RenewalSettings {
  /** 1–28, or -1 for the last day of the month. */
  unifiedDay: number;
  level: string;
  graceDays: number;
  retentionDays: number;
}

export const settingsKey = ["renewal-settings"];

export const useRenewalSettings = () => useQuery({ queryKey: settingsKey, queryFn: ({ signal }) => get<RenewalSettings>("/api/v1/renewal-settings", undefined, signal) });

const days = [...Array.from({ length: 28 }, (_, index) => index + 1), -1];

/** The day of the month for services to end on. */
export function DaySelect({ value, onChange, label, disabled = false }: { value: number; onChange: (day: number) => void; label: string; disabled?: boolean }) {
  const { t } = useTranslation("life");
  return <Select aria-label={label} value={value} disabled={disabled} onChange={onChange} style={{ minWidth: 168 }} options={days.map((day) => ({ value: day, label: day === -1 ? t("unified.last") : t("unified.day", { day }) }))} />;
}
