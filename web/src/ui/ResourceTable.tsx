import { ReloadOutlined, SettingOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Popover, Table, Tooltip } from "antd";
import type { SortOrder } from "antd/es/table/interface";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, type Page, type Query } from "../api/client";
import { EmptyState } from "./EmptyState";
import { PageError } from "./PageError";
import { useColumnChoice, valueOf, type Column } from "./table/columns";
import { ExportButton } from "./table/ExportButton";
import { FilterBar, filterNames, type Filter } from "./table/FilterBar";
import { useListUrl } from "./table/listUrl";
import css from "./table/ResourceTable.module.css";
import { useNarrow } from "./useNarrow";

export type { Column } from "./table/columns";
export type { Filter } from "./table/FilterBar";

interface Props<T> {
  /** Names the column choice and the export file: "buyer.orders". */
  id: string;
  /** List operation: "/api/v1/buyer/orders". Answers {items, next, total, totalCapped}. */
  path: string;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  /** What the table is, for the screen reader. */
  label: string;
  filters?: Filter[];
  /** Fixed parameters beside the filters. */
  query?: Query;
  /** What the filters become in the request, where the operation names or counts them otherwise. */
  toQuery?: (filters: Record<string, string>) => Query;
  /** The page a row opens; the `main` column becomes the link. */
  rowLink?: (row: T) => string;
  /** Buttons of one row. */
  rowActions?: (row: T) => ReactNode;
  /** Buttons above the table: "New product". */
  actions?: ReactNode;
  /** Shown when nothing exists and no filter is set: says what to do next. */
  empty: { title: string; hint?: ReactNode; action?: ReactNode };
  /** Separates the URL parameters of two tables on one page. */
  urlPrefix?: string;
  pageSize?: number;
  exportable?: boolean;
  /** Milliseconds between refreshes while something is under way. */
  refreshEvery?: number | false;
}

/** The query key of a table's rows: invalidate `["list", path]` after a change. */
export const listKey = (path: string, query?: Query) => (query ? ["list", path, query] : ["list", path]);

/** A list with server paging, filters and order in the URL, column choice and export. On narrow screens rows become cards. */
export function ResourceTable<T extends object>(props: Props<T>) {
  const { id, path, columns, rowKey, label, filters = [], query = {}, toQuery, rowLink, rowActions, actions, empty, urlPrefix = "", pageSize = 20, exportable = true, refreshEvery = false } = props;
  const { t } = useTranslation();
  const narrow = useNarrow();
  const url = useListUrl(filters.flatMap(filterNames), urlPrefix);
  const choice = useColumnChoice(id, columns);
  const selection: Query = { ...query, ...(toQuery ? toQuery(url.filters) : url.filters), sort: url.sort };
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey: listKey(path, { ...selection, limit: pageSize, cursor: url.cursor }),
    queryFn: ({ signal }) => get<Page<T>>(path, { ...selection, limit: pageSize, cursor: url.cursor }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEvery,
  });
  const filtered = Object.keys(url.filters).length > 0;
  const rows = data?.items ?? [];

  const cell = (column: Column<T>, row: T): ReactNode => {
    const raw = valueOf(row, column.key) as ReactNode;
    const content = column.render ? column.render(row) : raw === "" || raw === null || raw === undefined ? <span className="faint">–</span> : raw;
    return column.main && rowLink ? <Link to={rowLink(row)} className={css.main}>{content}</Link> : content;
  };

  const toolbar = (
    <div className={css.toolbar}>
      <FilterBar filters={filters} values={url.filters} onChange={url.setFilters} />
      <div className={css.tools}>
        {actions}
        {exportable && rows.length > 0 && <ExportButton fileName={id} path={path} query={selection} columns={choice.shown} />}
        <Tooltip title={t("table.refresh")}>
          <Button icon={<ReloadOutlined spin={isFetching && !isPending} />} aria-label={t("table.refresh")} onClick={() => void refetch()} />
        </Tooltip>
        {!narrow && <ColumnChooser columns={columns} shown={choice.shown} choose={choice.choose} isDefault={choice.isDefault} />}
      </div>
    </div>
  );

  if (error && !data) return <>{toolbar}<PageError error={error} onRetry={() => void refetch()} /></>;
  if (isPending) return <>{toolbar}<TableSkeleton columns={choice.shown.length} rows={8} narrow={narrow} label={label} /></>;

  if (rows.length === 0) {
    return (
      <>
        {toolbar}
        <div className={css.panel}>
          {filtered || url.cursor
            ? <EmptyState title={t("table.no_match")} hint={t("table.no_match_hint")} action={<Button onClick={() => url.setFilters({})}>{t("table.clear_filters")}</Button>} />
            : <EmptyState {...empty} />}
        </div>
      </>
    );
  }

  return (
    <section aria-label={label} aria-busy={isPlaceholderData}>
      {toolbar}
      {error && <PageError error={error} onRetry={() => void refetch()} />}
      {/* Rows of the former page must not be acted on: they vanish under the hand. */}
      <div inert={isPlaceholderData} className={isPlaceholderData ? css.stale : undefined}>
        {narrow ? <Cards rows={rows} rowKey={rowKey} columns={choice.shown} cell={cell} rowActions={rowActions} /> : (
          <Table<T>
            className={css.table!}
            size="middle" rowKey={rowKey} dataSource={rows} pagination={false} scroll={{ x: "max-content" }} showSorterTooltip={false}
            onChange={(_, __, sorter) => {
              const one = Array.isArray(sorter) ? sorter[0] : sorter;
              const column = choice.shown.find((candidate) => candidate.key === one?.columnKey);
              const name = column ? sortName(column) : "";
              url.setSort(!name || !one?.order ? "" : one.order === "descend" ? `-${name}` : name);
            }}
            columns={[
              ...choice.shown.map((column) => ({
                key: column.key,
                title: column.title,
                align: column.align ?? ("left" as const),
                ...(column.width ? { width: column.width } : {}),
                ...(column.sort ? { sorter: true, sortOrder: orderOf(column, url.sort) } : {}),
                render: (_: unknown, row: T) => cell(column, row),
              })),
              ...(rowActions ? [{ key: "actions", title: t("table.actions"), align: "right" as const, fixed: "end" as const, render: (_: unknown, row: T) => <span className={css.rowActions}>{rowActions(row)}</span> }] : []),
            ]}
          />
        )}
      </div>
      <Pager page={data!} shownFrom={url.pageNumber ? (url.pageNumber - 1) * pageSize + 1 : 0} hasPrevious={url.cursor !== ""}
        onNext={() => url.goNext(data!.next)} onPrevious={url.goPrevious} onFirst={url.goFirst} busy={isPlaceholderData} />
    </section>
  );
}

const sortName = <T,>(column: Column<T>): string => (column.sort === true ? column.key : (column.sort ?? ""));

function orderOf<T>(column: Column<T>, sort: string): SortOrder {
  const name = sortName(column);
  return sort === name ? "ascend" : sort === `-${name}` ? "descend" : null;
}

function Cards<T>({ rows, rowKey, columns, cell, rowActions }: {
  rows: T[]; rowKey: (row: T) => string; columns: Column<T>[]; cell: (column: Column<T>, row: T) => ReactNode; rowActions: ((row: T) => ReactNode) | undefined;
}) {
  return (
    <ul className={css.cards}>
      {rows.map((row) => {
        const actions = rowActions?.(row);
        return (
          <li key={rowKey(row)} className={css.card}>
            {columns.filter((column) => column.main).map((column) => <div key={column.key} className={css.cardHead}>{cell(column, row)}</div>)}
            <dl className={css.cardFacts}>
              {columns.filter((column) => !column.main).map((column) => (
                <div key={column.key}><dt>{column.title}</dt><dd>{cell(column, row)}</dd></div>
              ))}
            </dl>
            {actions && <div className={css.cardActions}>{actions}</div>}
          </li>
        );
      })}
    </ul>
  );
}

function Pager({ page, shownFrom, hasPrevious, onNext, onPrevious, onFirst, busy }: {
  page: Page<unknown>; shownFrom: number; hasPrevious: boolean; onNext: () => void; onPrevious: () => void; onFirst: () => void; busy: boolean;
}) {
  const { t } = useTranslation();
  const total = `${page.total}${page.totalCapped ? "+" : ""}`;
  return (
    <nav className={css.pager} aria-label={t("table.pages")}>
      <span className="faint tabular" aria-live="polite">
        {shownFrom ? t("table.range", { from: shownFrom, to: shownFrom + page.items.length - 1, total }) : t("table.total", { total })}
      </span>
      {(hasPrevious || page.next) && (
        <span className={css.pagerButtons}>
          {shownFrom > 1 && <Button size="small" type="text" onClick={onFirst} disabled={busy}>{t("table.first")}</Button>}
          <Button size="small" onClick={onPrevious} disabled={!hasPrevious || busy}>{t("table.previous")}</Button>
          <Button size="small" onClick={onNext} disabled={!page.next || busy}>{t("table.next")}</Button>
        </span>
      )}
    </nav>
  );
}

function ColumnChooser<T>({ columns, shown, choose, isDefault }: {
  columns: Column<T>[]; shown: Column<T>[]; choose: (keys: string[] | null) => void; isDefault: boolean;
}) {
  const { t } = useTranslation();
  const options = columns.filter((column) => !column.main).map((column) => ({ value: column.key, label: column.title }));
  const list = (
    <div className={css.chooser}>
      <Checkbox.Group options={options} value={shown.filter((column) => !column.main).map((column) => column.key)} onChange={(keys) => choose(keys)} />
      <Button size="small" type="link" disabled={isDefault} onClick={() => choose(null)}>{t("table.columns_default")}</Button>
    </div>
  );
  return (
    <Popover content={list} trigger="click" placement="bottomRight" title={t("table.columns")}>
      <Button icon={<SettingOutlined />} aria-label={t("table.columns")} />
    </Popover>
  );
}

/** The table's final shape in grey while its first rows are on the way. */
function TableSkeleton({ columns, rows, narrow, label }: { columns: number; rows: number; narrow: boolean; label: string }) {
  const { t } = useTranslation();
  return (
    <div className={`${css.panel} ${css.skeleton}`} role="status" aria-label={t("loading", { what: label })}>
      {Array.from({ length: narrow ? 4 : rows }, (_, row) => (
        <div key={row} className={css.skeletonRow}>
          {Array.from({ length: narrow ? 2 : columns }, (_, column) => <span key={column} style={{ flexGrow: column === 0 ? 2 : 1 }} />)}
        </div>
      ))}
    </div>
  );
}
