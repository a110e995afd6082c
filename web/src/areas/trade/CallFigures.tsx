import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Segmented, Select } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import css from "./CallFigures.module.css";
import { latencyText, rateText, runs, topOf, type Series } from "./figures";
import { PlainTable } from "./PlainTable";

type Span = "7" | "30" | "90";

const path = { seller: "/api/v1/seller/call-figures", operator: "/api/v1/operator/call-figures" };

/** Success rate and latency of the calls per day as charts, and the same as a table. */
export function CallFigures({ side, sellerId }: { side: "seller" | "operator"; sellerId?: string | undefined }) {
  const { t } = useTranslation("quality");
  const [span, setSpan] = useState<Span>("30");
  const [activity, setActivity] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ["call-figures", side, sellerId, span, activity],
    queryFn: ({ signal }) => get<Series>(path[side], { days: span, activity, sellerId }, signal),
    placeholderData: keepPreviousData, refetchInterval: 60_000,
  });
  if (error && !data) return <Panel title={t("figures.title")}><PageError error={error} onRetry={() => void refetch()} /></Panel>;
  const activities = [...new Set([...(data?.activities ?? []), ...(activity ? [activity] : [])])];
  return (
    <div className={css.below}>
      <Panel title={t("figures.title")} extra={
        <div className={css.tools}>
          <Select className={css.select} size="small" allowClear aria-label={t("figures.activity")} placeholder={t("figures.all")} value={activity} popupMatchSelectWidth={false}
            options={activities.map((value) => ({ value, label: value }))} onChange={(value: string | null) => setActivity(value ?? null)} />
          <Segmented<Span> size="small" aria-label={t("figures.span")} value={span} onChange={setSpan} options={(["7", "30", "90"] as const).map((value) => ({ value, label: t("figures.days", { count: Number(value) }) }))} />
        </div>
      }>
        {!data ? <p className="faint" role="status">{t("loading", { what: t("figures.title") })}</p> : data.total.calls === 0 ? <p className="faint">{t("figures.none", { count: Number(span) })}</p> : <Charts series={data} />}
      </Panel>
    </div>
  );
}

function Charts({ series: { days, total } }: { series: Series }) {
  const { t } = useTranslation("quality");
  const rate = t("figures.rate_total", { rate: rateText(total.rate), count: total.calls });
  const latency = t("figures.latency_total", { p50: latencyText(total.p50Ms), p95: latencyText(total.p95Ms) });
  const most = topOf(Math.max(...days.map((day) => day.calls)));
  const slowest = topOf(Math.max(...days.map((day) => day.p95Ms ?? 0)));
  return (
    <>
      <div className={css.charts}>
        <figure>
          <figcaption className={css.total}>{rate}</figcaption>
          <div className={css.legend}><span><i className={css.square} />{t("figures.good")}</span><span><i className={`${css.square} ${css.squareBad}`} />{t("figures.bad")}</span></div>
          <Plot days={days.map((day) => day.day)} label={t("figures.rate_label", { total: rate })} scale={[String(most), "", "0"]} titles={days.map((day) => `${day.day}  ${rateText(day.rate)} · ${day.good} / ${day.calls}`)}>
            {days.map((day, index) => (
              <g key={day.day}>
                <rect className={css.good} x={index + 0.12} width={0.76} y={100 - (day.good / most) * 100} height={(day.good / most) * 100} />
                <rect className={css.bad} x={index + 0.12} width={0.76} y={100 - (day.calls / most) * 100} height={((day.calls - day.good) / most) * 100} />
              </g>
            ))}
          </Plot>
        </figure>
        <figure>
          <figcaption className={css.total}>{latency}</figcaption>
          <div className={css.legend}><span><i className={css.dash} />{t("figures.p50")}</span><span><i className={css.dashSlow} style={{ width: 16 }} />{t("figures.p95")}</span></div>
          <Plot days={days.map((day) => day.day)} label={t("figures.latency_label", { total: latency })} scale={[latencyText(slowest), "", "0"]}
            titles={days.map((day) => `${day.day}  ${t("figures.p50")} ${latencyText(day.p50Ms)} · ${t("figures.p95")} ${latencyText(day.p95Ms)}`)}>
            {runs(days.map((day) => day.p95Ms), slowest).map((line) => <path key={line} d={line} className={`${css.line} ${css.slowLine}`} vectorEffect="non-scaling-stroke" />)}
            {runs(days.map((day) => day.p50Ms), slowest).map((line) => <path key={line} d={line} className={css.line} vectorEffect="non-scaling-stroke" />)}
            {days.map((day, index) => day.p95Ms !== undefined && <path key={`${day.day} p95`} className={`${css.dot} ${css.slow}`} vectorEffect="non-scaling-stroke" d={`M ${index + 0.5} ${100 - (day.p95Ms / slowest) * 100} h 0`} />)}
            {days.map((day, index) => day.p50Ms !== undefined && <path key={`${day.day} p50`} className={css.dot} vectorEffect="non-scaling-stroke" d={`M ${index + 0.5} ${100 - (day.p50Ms / slowest) * 100} h 0`} />)}
          </Plot>
        </figure>
      </div>
      <details className={css.table}>
        <summary>{t("figures.table")}</summary>
        <PlainTable label={t("figures.title")} rows={days.filter((day) => day.calls > 0).reverse()} rowKey={(day) => day.day} columns={[
          { key: "day", title: t("figures.day"), render: (day) => <span className="tabular">{day.day}</span> },
          { key: "calls", title: t("figures.calls"), align: "right", render: (day) => <span className="tabular">{day.calls}</span> },
          { key: "bad", title: t("figures.bad"), align: "right", render: (day) => <span className="tabular">{day.calls - day.good}</span> },
          { key: "rate", title: t("figures.rate"), align: "right", render: (day) => <span className="tabular">{rateText(day.rate)}</span> },
          { key: "p50", title: t("figures.p50"), align: "right", render: (day) => <span className="tabular">{latencyText(day.p50Ms)}</span> },
          { key: "p95", title: t("figures.p95"), align: "right", render: (day) => <span className="tabular">{latencyText(day.p95Ms)}</span> },
        ]} />
      </details>
    </>
  );
}

/** The frame of a chart whose x axis are days: scale, grid, first and last day, and each day's figures under the pointer. */
function Plot({ days, label, scale, titles, children }: { days: string[]; label: string; scale: string[]; titles: string[]; children: ReactNode }) {
  return (
    <div className={css.chart} role="img" aria-label={label}>
      <div className={css.scale}>{scale.map((text, index) => <span key={index} className="tabular">{text}</span>)}</div>
      <svg className={css.plot} viewBox={`0 0 ${days.length} 100`} preserveAspectRatio="none" aria-hidden="true">
        {[0, 50].map((y) => <line key={y} className={css.grid} x1={0} x2={days.length} y1={y} y2={y} vectorEffect="non-scaling-stroke" />)}
        {children}
        <line className={css.axis} x1={0} x2={days.length} y1={100} y2={100} vectorEffect="non-scaling-stroke" />
        {titles.map((title, index) => <rect key={days[index]} className={css.hit} x={index} width={1} y={0} height={100}><title>{title}</title></rect>)}
      </svg>
      <div className={css.days}>{[days[0]!, days[Math.floor((days.length - 1) / 2)]!, days.at(-1)!].map((day) => <span key={day} className="tabular">{day.slice(5)}</span>)}</div>
    </div>
  );
}
