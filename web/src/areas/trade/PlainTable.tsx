import type { ReactNode } from "react";
import css from "./PlainTable.module.css";

export interface PlainColumn<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  align?: "right";
}

interface Props<T> {
  /** What the table is, for the screen reader. */
  label: string;
  columns: PlainColumn<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** Sums below the rows, one cell per column. */
  foot?: ReactNode[];
}

/** The few rows of a document: prints as a table, stands as facts on a phone. */
export function PlainTable<T>({ label, columns, rows, rowKey, foot }: Props<T>) {
  const cell = (column: PlainColumn<T>) => ({ "data-label": column.title, "data-align": column.align });
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead><tr>{columns.map((column) => <th key={column.key} scope="col" data-align={column.align}>{column.title}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <tr key={rowKey(row)}>{columns.map((column) => <td key={column.key} {...cell(column)}><div>{column.render(row)}</div></td>)}</tr>)}</tbody>
        {foot && <tfoot><tr>{columns.map((column, index) => <td key={column.key} {...cell(column)}>{foot[index] && <div>{foot[index]}</div>}</td>)}</tr></tfoot>}
      </table>
    </div>
  );
}
