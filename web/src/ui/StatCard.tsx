import type { ReactNode } from "react";
import { Link } from "react-router";
import css from "./StatCard.module.css";

interface Props {
  label: string;
  /** A number, or <Money/>. undefined while loading. */
  value: ReactNode | undefined;
  hint?: ReactNode;
  to?: string;
}

/** One figure of a home page; the whole card is the link when it has one. */
export function StatCard({ label, value, hint, to }: Props) {
  const body = (
    <>
      <span className={css.label}>{label}</span>
      {value === undefined ? <span className={css.skeleton} /> : <span className={css.value}>{value}</span>}
      {hint && <span className={css.hint}>{hint}</span>}
    </>
  );
  return to ? <Link to={to} className={`${css.card} ${css.link}`}>{body}</Link> : <div className={css.card}>{body}</div>;
}

/** Lays StatCards out in a row that wraps. */
export function StatRow({ children }: { children: ReactNode }) {
  return <div className={css.row}>{children}</div>;
}
