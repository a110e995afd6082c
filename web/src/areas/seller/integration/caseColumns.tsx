import type { TFunction } from "i18next";
import type { Column, Filter } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { caseState, generations, type CaseRow } from "./integration";
import css from "./integration.module.css";

/** Columns of saved cases, for the seller and for the operator. */
export const caseColumns = (t: TFunction): Column<CaseRow>[] => [
  { key: "title", title: t("field.scenario"), main: true, render: (row) => <span className={css.title}>{row.title}</span>, csv: (row) => row.title },
  { key: "activity", title: t("field.activity"), hidden: true, render: (row) => <span className="mono">{row.activity}</span> },
  { key: "generation", title: t("field.generation"), hidden: true, render: (row) => row.generation.toUpperCase() },
  { key: "origin", title: t("field.called"), render: (row) => <><span className={`mono ${css.where}`}>{row.origin + row.path}</span><br /><span className="faint">{row.generation.toUpperCase()} · {row.activity}</span></>, csv: (row) => row.origin + row.path },
  { key: "state", title: t("field.state"), render: (row) => <StateTag kind="case" state={caseState(row)} next={row.lastPassed ? row.invalidText : row.lastProblem?.text} />, csv: (row) => caseState(row) },
  { key: "lastAt", title: t("field.at"), render: (row) => <><Time at={row.lastAt} /><br /><span className="faint">{t(`source.${row.lastSource}`)}</span></>, csv: (row) => row.lastAt },
  { key: "savedBy", title: t("field.saved_by") },
  { key: "savedAt", title: t("field.saved_at"), hidden: true, render: (row) => <Time at={row.savedAt} /> },
];

/** Filters of saved cases. */
export const caseFilters = (t: TFunction): Filter[] => [
  { key: "state", type: "select", label: t("field.state"), options: ["valid", "invalid", "failed"].map((value) => ({ value, label: t(`cases.state_${value}`) })) },
  { key: "generation", type: "select", label: t("field.generation"), options: generations.map((value) => ({ value, label: value.toUpperCase() })) },
];
