import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./ResourceTable.module.css";

/** One filter above a table. Its value stands in the URL and is sent to the server under `key`. */
export type Filter =
  | { key: string; label: string; type: "text" }
  | { key: string; label: string; type: "select"; options: { value: string; label: string }[] }
  /** Two parameters, `<key>From` and `<key>To`, as dates of the marketplace's zone (YYYY-MM-DD, both inclusive). */
  | { key: string; label: string; type: "dates" };

/** The URL and query parameters that a filter uses. */
export const filterNames = (filter: Filter): string[] => (filter.type === "dates" ? [`${filter.key}From`, `${filter.key}To`] : [filter.key]);

interface Props {
  filters: Filter[];
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

export function FilterBar({ filters, values, onChange }: Props) {
  const { t } = useTranslation();
  if (filters.length === 0) return null;
  const set = (changed: Record<string, string>) => onChange({ ...values, ...changed });
  const active = filters.some((filter) => filterNames(filter).some((name) => values[name]));
  return (
    <div className={css.filters} role="search" aria-label={t("table.filters")}>
      {filters.map((filter) => {
        if (filter.type === "text") {
          return <TextFilter key={filter.key} label={filter.label} value={values[filter.key] ?? ""} onCommit={(value) => set({ [filter.key]: value })} />;
        }
        if (filter.type === "select") {
          return (
            <Select key={filter.key} className={css.select} allowClear aria-label={filter.label} placeholder={filter.label}
              value={values[filter.key] ?? null} options={filter.options} popupMatchSelectWidth={false}
              onChange={(value: string | null) => set({ [filter.key]: value ?? "" })} />
          );
        }
        const [from, to] = filterNames(filter) as [string, string];
        return (
          <DatePicker.RangePicker key={filter.key} aria-label={filter.label} allowEmpty={[true, true]}
            placeholder={[t("table.from", { label: filter.label }), t("table.to")]}
            value={[values[from] ? dayjs(values[from]) : null, values[to] ? dayjs(values[to]) : null]}
            onChange={(range) => set({ [from]: range?.[0]?.format("YYYY-MM-DD") ?? "", [to]: range?.[1]?.format("YYYY-MM-DD") ?? "" })} />
        );
      })}
      {active && <Button type="link" onClick={() => onChange({})}>{t("table.clear_filters")}</Button>}
    </div>
  );
}

/** Commits on Enter, on leaving the field and on clearing, not on each key: every change is a request. */
function TextFilter({ label, value, onCommit }: { label: string; value: string; onCommit: (value: string) => void }) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = (text: string) => { if (text.trim() !== value) onCommit(text.trim()); };
  return (
    <Input.Search className={css.text} aria-label={label} placeholder={label} allowClear maxLength={100} value={draft}
      onChange={(event) => setDraft(event.target.value)} onSearch={commit} onBlur={() => commit(draft)} />
  );
}
