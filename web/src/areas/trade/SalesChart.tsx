import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addMoney, formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { PlainTable } from "./PlainTable";
import css from "./SalesChart.module.css";

/** One day of sales. */
export interface Day {
  day: string;
  orders: number;
  amount: string;
}

type Measure = "amount" | "orders";

/** Sales per day as bars, and the same as a table. Heights are drawn from floats; every figure shown is exact. */
export function SalesChart({ days, currency }: { days: Day[]; currency: string }) {
  const { t } = useTranslation("trade");
  const [measure, setMeasure] = useState<Measure>("amount");
  const value = (day: Day): number => (measure === "amount" ? Number(day.amount) : day.orders);
  const shown = (day: Day): string => (measure === "amount" ? formatMoney(day.amount, currency) : String(day.orders));
  const top = ceiling(Math.max(...days.map(value), 0), measure);
  const count = days.reduce((sum, day) => sum + day.orders, 0);
  const amount = formatMoney(addMoney("0", ...days.map((day) => day.amount)), currency);
  const total = t("chart.total", { amount, count });
  return (
    <Panel title={t("chart.title")} extra={count > 0 && (
      <Segmented<Measure> size="small" value={measure} onChange={setMeasure} aria-label={t("chart.show")}
        options={[{ value: "amount", label: t("chart.amount") }, { value: "orders", label: t("chart.orders") }]} />
    )}>
      {count === 0 ? <p className="faint">{t("chart.none")}</p> : (
        <figure>
          <figcaption className={css.total}>{total}</figcaption>
          <div className={css.chart} role="img" aria-label={t("chart.label", { what: t(`chart.${measure}`), total })}>
            <div className={css.scale}>{[1, 0.5, 0].map((part) => <span key={part} className="tabular">{scaleText(top * part)}</span>)}</div>
            <div className={css.plot}>
              {days.map((day) => (
                <div key={day.day} className={css.slot} title={`${day.day}  ${shown(day)}`}>
                  <div className={css.bar} style={{ height: `${top > 0 ? (value(day) / top) * 100 : 0}%` }} />
                </div>
              ))}
            </div>
            <div className={css.days}>{days.map((day, index) => <span key={day.day} className="tabular">{(days.length - 1 - index) % 5 === 0 ? day.day.slice(5) : ""}</span>)}</div>
          </div>
          <details className={css.table}>
            <summary>{t("chart.table")}</summary>
            <PlainTable label={t("chart.title")} rows={days.filter((day) => day.orders > 0)} rowKey={(day) => day.day} columns={[
              { key: "day", title: t("chart.day"), render: (day) => <span className="tabular">{day.day}</span> },
              { key: "orders", title: t("chart.orders"), align: "right", render: (day) => day.orders },
              { key: "amount", title: t("chart.amount"), align: "right", render: (day) => <span className="tabular">{formatMoney(day.amount, currency)}</span> },
            ]} />
          </details>
        </figure>
      )}
    </Panel>
  );
}

/** The next round figure at or above the highest bar: 1, 2 or 5 times a power of ten. Counts keep an even top, so that the half is whole. */
export function ceiling(highest: number, measure: Measure): number {
  if (highest <= 0) return 0;
  if (measure === "orders" && highest <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(highest));
  const top = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= highest) ?? 10 * power;
  return measure === "orders" && top % 2 === 1 ? top + 1 : top;
}

const scaleText = (value: number): string => new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
