import type { ReactNode } from "react";
import { usePageTitle } from "../app/title";
import css from "./Page.module.css";

interface Props {
  /** The page's heading; also the document title and the last breadcrumb. */
  title: string;
  /** One sentence: what this page is for. */
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of list, form and home pages: heading, introduction, actions. */
export function Page({ title, intro, actions, children }: Props) {
  usePageTitle(title);
  return (
    <>
      <div className={css.head}>
        <div>
          <h1>{title}</h1>
          {intro && <p className={css.intro}>{intro}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {children}
    </>
  );
}

/** A white panel with a heading, the building block of pages that are not tables. */
export function Panel({ title, extra, children }: { title?: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.panel}>
      {(title || extra) && <div className={css.panelHead}>{title && <h2>{title}</h2>}{extra}</div>}
      {children}
    </section>
  );
}
