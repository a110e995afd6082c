import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Collapse } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get, send, type Page as ListPage } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { DetailPage } from "../../../ui/DetailPage";
import { EmptyState } from "../../../ui/EmptyState";
import { Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { listKey } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { PlainTable } from "../PlainTable";
import { DayStrip } from "./DayStrip";
import css from "./probing.module.css";
import { probesPath, type ProbedProduct, type ProbeRun, type ProbeSide } from "./probing";
import { ProbeTasks } from "./ProbeTasks";

/** One product's probes with the result of every case. */
export function ProbedProductView({ side }: { side: ProbeSide }) {
  const { t } = useTranslation("quality");
  const { id = "" } = useParams();
  const { can } = useSession();
  const client = useQueryClient();
  const path = probesPath[side];
  const { data, error, refetch } = useQuery({ queryKey: listKey(path, { productId: id }), queryFn: ({ signal }) => get<ListPage<ProbedProduct>>(path, { productId: id }, signal), refetchInterval: 15_000 });
  const product = data?.items[0];
  const changed = async () => { await Promise.all([client.invalidateQueries({ queryKey: ["probe-runs"] }), client.invalidateQueries({ queryKey: listKey(path) })]); };
  return (
    <DetailPage
      title={data && (product?.name ?? t("probing.not_probed"))} error={error} onRetry={() => void refetch()} back={{ to: `/${side}/probing`, label: t("probing.title") }}
      state={product && <StateTag kind="product" state={product.state} {...(product.frozen ? { next: t("probing.frozen") } : {})} />}
      facts={product ? [
        ...(side === "operator" ? [{ label: t("probing.seller"), value: product.sellerName }] : []),
        { label: t("probing.failing_days"), value: product.failingDays },
        { label: t("probing.days"), value: <DayStrip days={product.days} /> },
        { label: t("probing.product"), value: <Link to={side === "operator" ? `/operator/catalogue/${id}` : `/seller/products/${id}`}>{t("probing.to_product")}</Link> },
      ] : []}
      actions={side === "operator" && product && can("call:restart") && (
        <ConfirmAction label={t("probing.run")} title={t("probing.run_title", { product: product.name })} cost={t("probing.run_cost")} button={{ type: "primary" }} doneText={t("probing.run_done")}
          run={({ key }) => send("POST", `${path}/${id}/run`, undefined, key)} onDone={changed} />
      )}
    >
      {side === "operator" && <ProbeTasks productId={id} />}
      <Runs path={`${path}/${id}/runs`} id={id} operator={side === "operator"} />
    </DetailPage>
  );
}

function Runs({ path, id, operator }: { path: string; id: string; operator: boolean }) {
  const { t } = useTranslation("quality");
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["probe-runs", path, id], initialPageParam: "", getNextPageParam: (page: ListPage<ProbeRun>) => page.next || undefined,
    queryFn: ({ pageParam, signal }) => get<ListPage<ProbeRun>>(path, { cursor: pageParam }, signal),
    refetchInterval: (query) => (query.state.data?.pages[0]?.items.some((run) => run.half === "now" && (run.state === "planned" || run.state === "queued")) ? 2000 : 30_000),
  });
  const runs = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t("probing.runs")}>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : !data ? <p className="faint" role="status">{t("loading", { what: t("probing.runs") })}</p>
        : runs.length === 0 ? <EmptyState title={t("probing.no_runs")} hint={t("probing.none_hint")} /> : (
          <Collapse destroyOnHidden key={runs[0]!.id} defaultActiveKey={runs.slice(0, 1).map((run) => run.id)}
            items={runs.map((run) => ({ key: run.id, label: <RunHead run={run} />, children: <RunBody run={run} operator={operator} /> }))} />
        )}
      {hasNextPage && <Button className={css.more!} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("probing.more")}</Button>}
    </Panel>
  );
}

function RunHead({ run }: { run: ProbeRun }) {
  const { t } = useTranslation("quality");
  return (
    <span className={css.runHead}>
      <strong className="tabular">{run.day}</strong>
      <span>{run.half === "now" ? t("probing.asked", { by: run.askedBy || t("probing.operator") }) : t(`probing.half.${run.half}`)}</span>
      <StateTag kind="probe" state={run.state} />
      {run.cases > 0 && <span className="faint tabular">{t("probing.cases", { passed: run.cases - run.failedCases, count: run.cases })}</span>}
      {run.finishedAt ? <span className="faint"><Time at={run.finishedAt} detail="second" /></span> : run.dueAt && <span className="faint">{t("probing.due")} <Time at={run.dueAt} /></span>}
    </span>
  );
}

function RunBody({ run, operator }: { run: ProbeRun; operator: boolean }) {
  const { t } = useTranslation("quality");
  if (run.results.length === 0) return <p className="faint">{run.reason || run.problem || t(`probing.explain.${run.state}`)}</p>;
  return (
    <>
      {run.problem && run.failedCases === 0 && <p>{run.problem}</p>}
      <PlainTable label={t("probing.results")} rows={run.results} rowKey={(result) => result.scenario} columns={[
        { key: "case", title: t("probing.case"), render: (result) => (result.runId && !operator ? <Link to={`/seller/integration/runs/${result.runId}`}>{result.title || result.scenario}</Link> : result.title || result.scenario) },
        { key: "state", title: t("probing.result"), render: (result) => <StateTag kind="probe" state={result.passed ? "passed" : "failed"} /> },
        { key: "problem", title: t("probing.problem"), render: (result) => result.problem || <span className="faint">–</span> },
        { key: "took", title: t("probing.took"), align: "right", render: (result) => <span className="tabular">{result.runId ? result.durationMs < 1 ? "< 1 ms" : `${result.durationMs} ms` : "–"}</span> },
      ]} />
    </>
  );
}
