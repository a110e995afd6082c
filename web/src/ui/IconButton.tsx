import type { ReactNode } from "react";
import css from "./IconButton.module.css";

/** A quiet square button of the top bars; `label` is its name and hint. */
export function IconButton({ label, onClick, children, pressed }: { label: string; onClick: () => void; children: ReactNode; pressed?: boolean }) {
  return <button type="button" className={css.button} aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>{children}</button>;
}
