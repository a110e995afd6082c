import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../../api/client";
import { CopyText } from "../../../ui/CopyText";
import { DetailPage } from "../../../ui/DetailPage";
import { LinkButton } from "../../../ui/LinkButton";
import { Panel } from "../../../ui/Page";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { shownMs } from "./checks";
import { debugLink, type Run } from "./integration";
import { kindOf } from "./kind";
import { RunResult } from "./RunResult";

interface Props {
  /** The operation that reads the run. */
  path: string;
  back: string;
  /** The seller may try it again. */
  debug?: boolean;
}

/** One debug run with all checks, request and answer. */
export function RunView({ path, back, debug = false }: Props) {
  const { t, i18n } = useTranslation("integration");
  const { data: run, error, refetch } = useQuery({ queryKey: ["integration-run", path, i18n.language], queryFn: ({ signal }) => get<Run>(path, undefined, signal) });
  return (
    <DetailPage title={run?.title} error={error} onRetry={() => void refetch()} back={{ to: back, label: t(debug ? "runs.title" : "cases.title") }}
      subtitle={run && <CopyText text={run.id} />} state={run && <StateTag kind="run" state={run.passed ? "passed" : "failed"} />}
      facts={run && [
        { label: t("field.activity"), value: <span className="mono">{run.activity}</span> },
        { label: t("field.generation"), value: run.generation.toUpperCase() },
        { label: t("field.kind"), value: kindOf(run, t) },
        { label: t("field.called"), value: <CopyText text={run.origin + run.path} /> },
        { label: t("field.duration"), value: t("duration", { ms: shownMs(run) }) },
        { label: t("field.at"), value: <Time at={run.at} detail="second" /> },
        { label: t("field.user"), value: run.by || "–" },
      ]}
      actions={run && debug && <LinkButton to={debugLink(run, run.scenario)}>{t("cases.debug")}</LinkButton>}>
      {run && <Panel title={t("result.title")}><RunResult run={run} /></Panel>}
    </DetailPage>
  );
}
