import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceTable } from "../../ui/ResourceTable";
import { StatCard, StatRow } from "../../ui/StatCard";
import { Time } from "../../ui/Time";
import { causePath, entryText, kindText, type BookEntry, type Statement } from "./book";
import { CsvButton } from "./CsvButton";
import { withInstants } from "./day";
import { PlainTable } from "./PlainTable";

interface Props {
  side: "buyer" | "seller" | "operator";
  /** The account's resource: "<path>/statement" and "<path>/statement.csv" belong to it. */
  path: string;
  /** The list of its entries. */
  entries: string;
}

/** A statement of one account: a span, its opening and closing balance, and every movement between them. */
export function StatementView({ side, path, entries }: Props) {
  const { t } = useTranslation("ledger");
  const { site } = useSession();
  const [first, last, choose] = useSpan();
  const span = withInstants({ spanFrom: first, spanTo: last }, "span", site.timeZone);
  const { data, error, refetch } = useQuery({
    queryKey: ["statement", path, span],
    queryFn: ({ signal }) => get<Statement>(`${path}/statement`, span, signal),
    placeholderData: keepPreviousData,
  });
  const figure = (amount: string | undefined) => amount && data && <Money amount={amount} currency={data.currency} />;
  return (
    <>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 12, justifyContent: "space-between", marginBottom: 16 }}>
        <SpanPicker first={first} last={last} onChange={choose} />
        <CsvButton path={`${path}/statement.csv`} query={() => span} fileName={`statement-${first}-${last}.csv`} />
      </div>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : (
        <>
          <StatRow>
            <StatCard label={t("statement.opening")} value={figure(data?.opening)} />
            <StatCard label={t("statement.in")} value={figure(data?.in)} />
            <StatCard label={t("statement.out")} value={figure(data?.out)} />
            <StatCard label={t("statement.closing")} value={figure(data?.closing)} />
          </StatRow>
          {data && data.kinds.length > 0 && <Kinds data={data} />}
        </>
      )}
      <ResourceTable<BookEntry>
        id={`${side}.statement`} path={entries} label={t("statement.list")} rowKey={(row) => row.id} query={span} urlPrefix="entries." exportable={false}
        {...(side === "operator" ? { rowLink: (row: BookEntry) => `/operator/ledger/journals/${row.journal}` } : {})}
        filters={[{ key: "cause", type: "text", label: t("entries.cause_search") }]}
        columns={[
          { key: "kind", title: t("entries.kind"), main: true, render: (row) => entryText(row, side, t) },
          { key: "cause", title: t("entries.cause"), render: (row) => <Cause side={side} entry={row} /> },
          { key: "at", title: t("entries.time"), render: (row) => <Time at={row.at} detail="second" /> },
          { key: "amount", title: t("entries.amount"), align: "right", render: (row) => <Money amount={row.amount} currency={data?.currency} signed /> },
          { key: "balance", title: t("entries.balance"), align: "right", render: (row) => (row.balance ? <Money amount={row.balance} currency={data?.currency} /> : <span className="faint">–</span>) },
        ]}
        empty={{ title: t("entries.none"), hint: t("entries.none_hint") }}
      />
    </>
  );
}

function Kinds({ data }: { data: Statement }) {
  const { t } = useTranslation("ledger");
  return (
    <Panel title={t("statement.kinds")}>
      <PlainTable label={t("statement.kinds")} rows={data.kinds} rowKey={(row) => row.kind}
        columns={[
          { key: "kind", title: t("statement.kind"), render: (row) => kindText(row.kind, t) },
          { key: "entries", title: t("statement.entries"), align: "right", render: (row) => row.entries },
          { key: "in", title: t("statement.in"), align: "right", render: (row) => <Money amount={row.in} currency={data.currency} /> },
          { key: "out", title: t("statement.out"), align: "right", render: (row) => <Money amount={row.out} currency={data.currency} /> },
        ]}
        foot={[t("statement.sum"), data.kinds.reduce((sum, row) => sum + row.entries, 0), <Money key="in" amount={data.in} currency={data.currency} />, <Money key="out" amount={data.out} currency={data.currency} />]} />
    </Panel>
  );
}

/** What an entry was caused by, as a link where this side has a page of it. */
export function Cause({ side, entry }: { side: Props["side"]; entry: Pick<BookEntry, "cause" | "causeKind"> }) {
  const to = causePath(side, entry);
  return to ? <Link to={to} className="mono">{entry.cause}</Link> : <span className="mono">{entry.cause}</span>;
}

const format = "YYYY-MM-DD";

/** The first and last day of the statement, kept in the URL; the present month without it. */
function useSpan(): [string, string, (first: string, last: string) => void] {
  const [params, setParams] = useSearchParams();
  const today = dayjs();
  const choose = (first: string, last: string) => {
    const next = new URLSearchParams(params);
    next.set("first", first);
    next.set("last", last);
    next.delete("entries.cursor");
    setParams(next, { replace: true, preventScrollReset: true });
  };
  return [params.get("first") ?? today.startOf("month").format(format), params.get("last") ?? today.endOf("month").format(format), choose];
}

function SpanPicker({ first, last, onChange }: { first: string; last: string; onChange: (first: string, last: string) => void }) {
  const { t } = useTranslation("ledger");
  const today = dayjs();
  const whole = (day: Dayjs, unit: "month" | "year"): [Dayjs, Dayjs] => [day.startOf(unit), day.endOf(unit)];
  return (
    <DatePicker.RangePicker aria-label={t("statement.span")} allowClear={false} value={[dayjs(first), dayjs(last)]}
      presets={[
        { label: t("statement.this_month"), value: whole(today, "month") },
        { label: t("statement.last_month"), value: whole(today.subtract(1, "month"), "month") },
        { label: t("statement.this_year"), value: whole(today, "year") },
        { label: t("statement.last_year"), value: whole(today.subtract(1, "year"), "year") },
      ]}
      onChange={(range) => { if (range?.[0] && range[1]) onChange(range[0].format(format), range[1].format(format)); }} />
  );
}
