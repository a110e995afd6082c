import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, type Page } from "../../../api/client";
import { Panel } from "../../../ui/Page";
import { listKey } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { PlainTable } from "../../trade/PlainTable";
import { shownMs } from "./checks";
import { runsPath, type RunRow, type Target } from "./integration";
import { kindOf } from "./kind";

const shown = 5;

/** The last runs of one scenario against one target; nothing while there is none. */
export function RecentRuns({ target, scenario }: { target: Target; scenario: string }) {
  const { t } = useTranslation("integration");
  const query = { addressId: target.addressId, path: target.path, generation: target.generation, scenario, limit: shown };
  const { data } = useQuery({ queryKey: listKey(runsPath, query), queryFn: ({ signal }) => get<Page<RunRow>>(runsPath, query, signal) });
  // Every path has its own history; the filter knows no empty path, so those of other paths are left out here.
  const rows = data?.items.filter((run) => run.path === target.path) ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel title={t("runs.of_scenario")} extra={<Link to="/seller/integration/runs">{t("runs.all")}</Link>}>
      <PlainTable<RunRow> label={t("runs.of_scenario")} rows={rows} rowKey={(run) => run.id} columns={[
        { key: "at", title: t("field.at"), render: (run) => <Link to={`/seller/integration/runs/${run.id}`}><Time at={run.at} detail="second" /></Link> },
        { key: "kind", title: t("field.kind"), render: (run) => kindOf(run, t) },
        { key: "result", title: t("field.result"), render: (run) => <StateTag kind="run" state={run.passed ? "passed" : "failed"} /> },
        { key: "problem", title: t("field.problem"), render: (run) => run.problem?.text ?? <span className="faint">–</span> },
        { key: "duration", title: t("field.duration"), align: "right", render: (run) => t("duration", { ms: shownMs(run) }) },
        { key: "by", title: t("field.user"), render: (run) => run.by || "–" },
      ]} />
    </Panel>
  );
}
