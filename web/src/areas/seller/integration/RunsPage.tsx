import { useTranslation } from "react-i18next";
import { LinkButton } from "../../../ui/LinkButton";
import { Page } from "../../../ui/Page";
import { ResourceTable } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { shownMs } from "./checks";
import { generations, runsPath, sources, type RunRow } from "./integration";
import css from "./integration.module.css";
import { kindOf } from "./kind";

/** The history of debug runs: what was tried when, by whom, and what came of it. */
export function RunsPage() {
  const { t } = useTranslation("integration");
  return (
    <Page title={t("runs.title")} intro={t("runs.intro")}>
      <ResourceTable<RunRow>
        id="seller.runs" path={runsPath} label={t("runs.title")} rowKey={(row) => row.id} rowLink={(row) => `/seller/integration/runs/${row.id}`}
        filters={[
          { key: "result", type: "select", label: t("field.result"), options: ["passed", "failed"].map((value) => ({ value, label: t(`state.run.${value}`) })) },
          { key: "source", type: "select", label: t("field.kind"), options: sources.map((value) => ({ value, label: t(`source.${value}`) })) },
          { key: "generation", type: "select", label: t("field.generation"), options: generations.map((value) => ({ value, label: value.toUpperCase() })) },
        ]}
        columns={[
          { key: "title", title: t("field.scenario"), main: true },
          { key: "source", title: t("field.kind"), render: (row) => kindOf(row, t), csv: (row) => row.source },
          { key: "generation", title: t("field.generation"), render: (row) => row.generation.toUpperCase() },
          { key: "origin", title: t("field.called"), render: (row) => <span className={`mono ${css.where}`}>{row.origin + row.path}</span>, csv: (row) => row.origin + row.path },
          { key: "state", title: t("field.result"), render: (row) => <StateTag kind="run" state={row.passed ? "passed" : "failed"} {...(row.problem ? { next: row.problem.text } : {})} />, csv: (row) => (row.passed ? "passed" : row.problem?.text) },
          { key: "durationMs", title: t("field.duration"), align: "right", render: (row) => t("duration", { ms: shownMs(row) }) },
          { key: "at", title: t("field.at"), render: (row) => <Time at={row.at} detail="second" /> },
          { key: "by", title: t("field.user") },
        ]}
        empty={{ title: t("runs.none"), hint: t("runs.none_hint"), action: <LinkButton type="primary" to="/seller/integration/debug">{t("cases.to_debug")}</LinkButton> }}
      />
    </Page>
  );
}
