import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { usePageTitle } from "../app/title";
import css from "./DetailPage.module.css";
import { PageError } from "./PageError";
import { Panel } from "./Page";
import { Timeline, type TimelineEntry } from "./Timeline";

/** One fact of an object. */
export interface Fact {
  label: string;
  value: ReactNode;
  /** Takes the whole row. */
  wide?: boolean;
}

export interface DetailTab {
  key: string;
  label: string;
  children: ReactNode;
}

interface Props {
  /** The object's name, not the menu's. undefined while loading. */
  title: string | undefined;
  /** A <StateTag/>, with what happens next and by when. */
  state?: ReactNode;
  /** Below the title: number, seller. */
  subtitle?: ReactNode;
  facts?: Fact[];
  /** The first is open; the open one stands in the URL as `tab`. */
  tabs?: DetailTab[];
  /** The object's history, beside the content on wide screens. */
  timeline?: TimelineEntry[];
  /** The actions permitted now; leave the others out instead of disabling them. */
  actions?: ReactNode;
  /** From the query: shown instead of the page. */
  error?: unknown;
  onRetry?: () => void;
  back?: { to: string; label: string };
  children?: ReactNode;
}

/** One object: name, state, facts, permitted actions, tabs and history. */
export function DetailPage({ title, state, subtitle, facts, tabs, timeline, actions, error, onRetry, back, children }: Props) {
  const { t } = useTranslation();
  usePageTitle(title);
  if (error && title === undefined) return <PageError error={error} onRetry={onRetry} back={back} />;
  if (title === undefined) return <DetailSkeleton />;
  return (
    <article>
      <header className={css.head}>
        <div className={css.names}>
          <div className={css.titleRow}><h1>{title}</h1>{state}</div>
          {subtitle && <div className={css.subtitle}>{subtitle}</div>}
        </div>
        {actions && <div className={`${css.actions} no-print`}>{actions}</div>}
      </header>
      {error ? <PageError error={error} onRetry={onRetry} /> : null}
      <div className={timeline ? css.withTimeline : undefined}>
        <div className={css.main}>
          {facts && facts.length > 0 && <Panel><Facts facts={facts} /></Panel>}
          {children}
          {tabs && tabs.length > 0 && <TabPanel tabs={tabs} />}
        </div>
        {timeline && (
          <aside className={css.aside}>
            <Panel title={t("detail.history")}><Timeline entries={timeline} label={t("detail.history")} /></Panel>
          </aside>
        )}
      </div>
    </article>
  );
}

/** Facts in columns that fit the width. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={css.facts}>
      {facts.map((fact) => <div key={fact.label} className={fact.wide ? css.wide : undefined}><dt>{fact.label}</dt><dd>{fact.value ?? "–"}</dd></div>)}
    </dl>
  );
}

function TabPanel({ tabs }: { tabs: DetailTab[] }) {
  const [params, setParams] = useSearchParams();
  const open = tabs.find((tab) => tab.key === params.get("tab"))?.key ?? tabs[0]!.key;
  const choose = (key: string) => {
    const next = new URLSearchParams();
    if (key !== tabs[0]!.key) next.set("tab", key);
    setParams(next, { replace: true, preventScrollReset: true });
  };
  return <Panel><Tabs activeKey={open} onChange={choose} items={tabs} destroyOnHidden /></Panel>;
}

function DetailSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("loading", { what: "" })}>
      <div className={css.skeleton} style={{ width: 320, maxWidth: "80%", height: 28, marginBottom: 32 }} />
      <Panel>
        <div className={css.facts}>
          {Array.from({ length: 6 }, (_, fact) => (
            <div key={fact}><div className={css.skeleton} style={{ width: "40%", height: 12 }} /><div className={css.skeleton} style={{ width: "80%", height: 16, marginTop: 8 }} /></div>
          ))}
        </div>
      </Panel>
    </div>
  );
}
