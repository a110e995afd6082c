import { CheckCircleOutlined, RightOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import css from "./NeedsMe.module.css";
import { PageError } from "./PageError";
import { Time } from "./Time";

/** One kind of thing that waits for the reader. */
export interface NeedsMeItem {
  key: string;
  count: number;
  /** "orders wait for payment"; the count stands before it. */
  text: string;
  /** The list filtered to exactly these. */
  to: string;
  /** Deadline of the first of them. */
  due?: string | null;
  urgent?: boolean;
}

/** What needs me now? The list at the top of every home page; entries with count 0 are left out. */
export function NeedsMe({ items, error, onRetry, doneText }: { items: NeedsMeItem[] | undefined; error?: unknown; onRetry?: () => void; doneText?: string }) {
  const { t } = useTranslation();
  const open = items?.filter((item) => item.count > 0) ?? [];
  return (
    <section className={css.box} aria-labelledby="needs-me">
      <h2 id="needs-me" className={css.title}>{t("needs_me.title")}</h2>
      {error ? <PageError error={error} onRetry={onRetry} /> : !items ? (
        <div role="status" aria-label={t("loading", { what: t("needs_me.title") })}>{[0, 1, 2].map((row) => <div key={row} className={css.skeleton} />)}</div>
      ) : open.length === 0 ? (
        <p className={css.none}><CheckCircleOutlined aria-hidden /> {doneText ?? t("needs_me.none")}</p>
      ) : (
        <ul>
          {open.map((item) => (
            <li key={item.key}>
              <Link to={item.to} className={css.item} data-urgent={item.urgent ?? false}>
                <span className={css.count}>{item.count}</span>
                <span className={css.text}>{item.text}</span>
                {item.due && <span className={css.due}><Time at={item.due} relative /></span>}
                <RightOutlined aria-hidden className={css.arrow} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
