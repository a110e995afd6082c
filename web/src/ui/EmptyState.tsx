import type { ReactNode } from "react";
import css from "./EmptyState.module.css";

interface Props {
  /** What is not here: "No orders yet". */
  title: string;
  /** What to do next. */
  hint?: ReactNode;
  /** The button or link that does it. */
  action?: ReactNode;
}

/** An empty list or page that says what to do next. */
export function EmptyState({ title, hint, action }: Props) {
  return (
    <div className={css.empty}>
      <svg className={css.drawing} viewBox="0 0 96 64" aria-hidden="true">
        <path d="M18 8h60l8 18H10z M10 26v2a6.3 6.3 0 0 0 12.6 0 6.3 6.3 0 0 0 12.7 0 6.3 6.3 0 0 0 12.7 0 6.3 6.3 0 0 0 12.7 0 6.3 6.3 0 0 0 12.7 0 6.3 6.3 0 0 0 12.6 0v-2" />
        <path d="M33 8l-5.5 18M48 8v18M63 8l5.5 18M18 36v22M78 36v22M14 46h68M8 58h80" />
      </svg>
      <p className={css.title}>{title}</p>
      {hint && <div className={css.hint}>{hint}</div>}
      {action && <div className={css.action}>{action}</div>}
    </div>
  );
}
