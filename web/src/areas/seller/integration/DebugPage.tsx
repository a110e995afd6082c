import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, send, type Page as ListPage } from "../../../api/client";
import { useSession } from "../../../api/session";
import { EmptyState } from "../../../ui/EmptyState";
import { LinkButton } from "../../../ui/LinkButton";
import { Page, Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { listKey } from "../../../ui/ResourceTable";
import { addressesPath, type ProductionAddress } from "../address";
import { casesPath, runsPath, scenariosPath, type Run, type RunRow, type Scenario, type Target } from "./integration";
import css from "./integration.module.css";
import { RecentRuns } from "./RecentRuns";
import { RunAllProgressView } from "./RunAllProgressView";
import { ScenarioList } from "./ScenarioList";
import { ScenarioPanel } from "./ScenarioPanel";
import { countStates, entered, presets } from "./scenarios";
import { targetOf } from "./target";
import { TargetForm } from "./TargetForm";
import { useRunAll } from "./useRunAll";

/** Application access debugging (应用接入调试): every call of the protocol against the seller's own server, saved as a case once it passes. */
export function DebugPage() {
  const { t } = useTranslation("integration");
  const query = { limit: 100 };
  const { data, error, refetch } = useQuery({ queryKey: listKey(addressesPath, query), queryFn: ({ signal }) => get<ListPage<ProductionAddress>>(addressesPath, query, signal) });
  const newest = { limit: 1 };
  const { data: last, isPending: lastPending } = useQuery({ queryKey: listKey(runsPath, newest), queryFn: ({ signal }) => get<ListPage<RunRow>>(runsPath, newest, signal), staleTime: Infinity });
  return (
    <Page title={t("debug.title")} intro={t("debug.intro")}
      actions={<><LinkButton to="/seller/integration/cases">{t("cases.title")}</LinkButton><LinkButton to="/seller/integration/runs">{t("runs.title")}</LinkButton></>}>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} />
        : !data || lastPending ? <Waiting height={160} />
        : data.items.some((one) => one.state === "verified") ? <Debugging addresses={data.items} last={last?.items[0]} />
        : <Panel><EmptyState title={t("debug.no_address")} hint={t("debug.no_address_hint")} action={<LinkButton type="primary" to="/seller/addresses">{t("debug.to_addresses")}</LinkButton>} /></Panel>}
    </Page>
  );
}

/** The place of what is being loaded. */
function Waiting({ height }: { height: number }) {
  const { t } = useTranslation("integration");
  return <Panel><div role="status" aria-label={t("loading", { what: t("debug.title") })} style={{ minHeight: height }} /></Panel>;
}

function Debugging({ addresses, last }: { addresses: ProductionAddress[]; last: RunRow | undefined }) {
  const { t } = useTranslation("integration");
  const [params, setParams] = useSearchParams();
  const [busy, setBusy] = useState(false);
  const [begun] = useState(last); // the page stays where it began while runs are made
  const target = targetOf(params, addresses, begun);
  const change = (next: Target) => setParams({ addressId: next.addressId, path: next.path, generation: next.generation }, { replace: true });
  return (
    <>
      <Panel title={t("target.title")}><TargetForm addresses={addresses} target={target} onChange={change} disabled={busy} /></Panel>
      <Scenarios key={`${target.addressId} ${target.path} ${target.generation}`} target={target} onBusy={setBusy} />
    </>
  );
}

function Scenarios({ target, onBusy }: { target: Target; onBusy: (busy: boolean) => void }) {
  const { t, i18n } = useTranslation("integration");
  const { can } = useSession();
  const client = useQueryClient();
  const [params, setParams] = useSearchParams();
  const [results, setResults] = useState<Record<string, Run>>({});
  const all = useRunAll();
  const key = [...listKey(scenariosPath, { ...target }), i18n.language];
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => get<{ items: Scenario[] }>(scenariosPath, { ...target }, signal) });
  const write = can("address:write");
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting height={480} />;
  const current = data.items.find((one) => one.key === params.get("scenario")) ?? data.items[0];
  if (!current) return null;

  const choose = (scenario: string) => setParams({ addressId: target.addressId, path: target.path, generation: target.generation, scenario }, { replace: true });
  const done = async (run: Run) => {
    setResults((before) => ({ ...before, [run.scenario]: run }));
    await Promise.all([client.invalidateQueries({ queryKey: listKey(scenariosPath) }), client.invalidateQueries({ queryKey: listKey(casesPath) }), client.invalidateQueries({ queryKey: listKey(runsPath) })]);
  };
  const runAll = async () => {
    onBusy(true);
    await all.start(data.items, { nameOf: (one) => one.title, run: async ({ key: scenario }) => {
      // Read anew each time: the presets name the instance that the scenario before has created.
      const { items } = await get<{ items: Scenario[] }>(scenariosPath, { ...target });
      const one = items.find((candidate) => candidate.key === scenario)!;
      const run = await send<Run>("POST", runsPath, { ...target, scenario, parameters: entered(one.fields, presets(one.fields)), save: true, ...(one.encryptType ? { encryptType: one.encryptType } : {}) });
      await done(run);
      return [{ name: run.title, passed: run.passed }];
    } });
    onBusy(false);
  };
  const counts = countStates(data.items);

  return (
    <>
      <Panel title={t("scenarios.progress", { passed: counts.passed, total: data.items.length })} extra={write && <Button loading={all.busy} onClick={() => void runAll()}>{t("all.run")}</Button>}>
        {all.progress && <RunAllProgressView progress={all.progress} busy={all.busy} onStop={all.stop} onClose={all.clear} />}
        <p className="soft">{t("scenarios.hint")}</p>
      </Panel>
      <div className={css.layout}>
        <ScenarioList scenarios={data.items} current={current.key} onChoose={choose} />
        <div><ScenarioPanel key={current.key} target={target} scenario={current} run={results[current.key]} onRun={(run) => void done(run)} write={write} locked={all.busy} /><RecentRuns target={target} scenario={current.key} /></div>
      </div>
    </>
  );
}
