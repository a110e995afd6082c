import { useQuery } from "@tanstack/react-query";
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, send } from "../../api/client";
import { queryClient, useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Page } from "../../ui/Page";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StatCard, StatRow } from "../../ui/StatCard";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";

interface Job {
  id: string;
  kind: string;
  ref: string;
  state: string;
  runAt: string;
  attempt: number;
  error: string;
  createdAt: string;
}

interface Letter {
  id: string;
  toAddress: string;
  toName: string;
  template: string;
  state: string;
  attempts: number;
  lastError: string;
  createdAt: string;
  sentAt?: string;
}

interface Health {
  ready: number;
  running: number;
  dead: number;
  expired: number;
  oldest?: string;
}

const jobsPath = "/api/v1/operator/jobs";

/** Background work and letters: what waits, what was given up. */
export function SystemPage() {
  const { t } = useTranslation("people");
  const { can } = useSession();
  const [params, setParams] = useSearchParams();
  const tabs = [
    { key: "jobs", label: t("system.jobs"), children: <Jobs /> },
    ...(can("settings:write") ? [{ key: "mails", label: t("system.mails"), children: <Letters /> }] : []),
  ];
  const open = params.get("tab") === "mails" ? "mails" : "jobs";
  return (
    <Page title={t("system.title")} intro={t("system.intro")}>
      <Tabs activeKey={open} destroyOnHidden items={tabs} onChange={(key) => setParams(key === "jobs" ? {} : { tab: key }, { replace: true })} />
    </Page>
  );
}

function Jobs() {
  const { t } = useTranslation("people");
  const { can } = useSession();
  const { data: health } = useQuery({ queryKey: ["job-health"], queryFn: ({ signal }) => get<Health>(`${jobsPath}/health`, undefined, signal), refetchInterval: 10_000 });
  return (
    <>
      {health && (
        <StatRow>
          <StatCard label={t("state.job.ready")} value={health.ready} />
          <StatCard label={t("state.job.running")} value={health.running} />
          <StatCard label={t("state.job.dead")} value={health.dead} to="/operator/system?j.state=dead" />
          <StatCard label={t("system.expired")} value={health.expired} />
        </StatRow>
      )}
      <ResourceTable<Job>
        id="operator.jobs" path={jobsPath} label={t("system.jobs")} rowKey={(row) => row.id} urlPrefix="j." refreshEvery={10_000}
        filters={[
          { key: "state", type: "select", label: t("users.state"), options: ["ready", "running", "done", "dead", "canceled"].map((value) => ({ value, label: t(`state.job.${value}`) })) },
          { key: "kind", type: "text", label: t("system.kind") },
        ]}
        columns={[
          { key: "kind", title: t("system.kind"), main: true },
          { key: "ref", title: t("audit.object"), render: (row) => (row.ref ? <CopyText text={row.ref} /> : "–") },
          { key: "state", title: t("users.state"), render: (row) => <StateTag kind="job" state={row.state} /> },
          { key: "attempt", title: t("system.attempts"), align: "right" },
          { key: "runAt", title: t("system.run_at"), render: (row) => <Time at={row.runAt} detail="second" /> },
          { key: "error", title: t("system.error") },
          { key: "createdAt", title: t("system.created"), hidden: true, render: (row) => <Time at={row.createdAt} detail="second" /> },
        ]}
        rowActions={(row) => row.state === "dead" && can("call:restart") && (
          <ConfirmAction label={t("system.revive")} title={t("system.revive_title")} button={{ size: "small" }} run={({ key }) => send("POST", `${jobsPath}/${row.id}/revive`, undefined, key)}
            onDone={() => queryClient.invalidateQueries({ queryKey: listKey(jobsPath) })} />
        )}
        empty={{ title: t("system.no_jobs") }}
      />
    </>
  );
}

function Letters() {
  const { t } = useTranslation("people");
  return (
    <ResourceTable<Letter>
      id="operator.mails" path="/api/v1/operator/mails" label={t("system.mails")} rowKey={(row) => row.id} urlPrefix="m."
      filters={[
        { key: "state", type: "select", label: t("users.state"), options: ["waiting", "sent", "kept", "failed"].map((value) => ({ value, label: t(`state.mail.${value}`) })) },
        { key: "to", type: "text", label: t("system.to") },
      ]}
      columns={[
        { key: "toAddress", title: t("system.to"), main: true },
        { key: "template", title: t("system.template") },
        { key: "state", title: t("users.state"), render: (row) => <StateTag kind="mail" state={row.state} /> },
        { key: "attempts", title: t("system.attempts"), align: "right" },
        { key: "lastError", title: t("system.error") },
        { key: "createdAt", title: t("system.created"), render: (row) => <Time at={row.createdAt} /> },
        { key: "sentAt", title: t("system.sent_at"), render: (row) => (row.sentAt ? <Time at={row.sentAt} /> : "–") },
      ]}
      empty={{ title: t("system.no_mails") }}
    />
  );
}
