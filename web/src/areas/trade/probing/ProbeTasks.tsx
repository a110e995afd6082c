import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, send, type Page } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { listKey } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import css from "./probing.module.css";
import { probesPath, tasksPath, type ProbeTask, type TaskAction } from "./probing";

const final: TaskAction[] = ["delist"];

/** What operators have to decide about failing products: all that waits, or everything about one product. */
export function ProbeTasks({ productId }: { productId?: string }) {
  const { t } = useTranslation("quality");
  const query = { all: productId ? true : undefined, productId, limit: 100 };
  const { data, error, refetch } = useQuery({ queryKey: listKey(tasksPath, query), queryFn: ({ signal }) => get<Page<ProbeTask>>(tasksPath, query, signal), refetchInterval: 30_000 });
  if (error && !data) return <Panel title={t("task.title")}><PageError error={error} onRetry={() => void refetch()} /></Panel>;
  if (!data || data.items.length === 0 && productId) return null;
  return (
    <div className={css.below}>
      <Panel title={t("task.title")}>
        {data.items.length === 0 ? <p className="faint">{t("task.none")}</p> : <ul className={css.tasks}>{data.items.map((task) => <Task key={task.id} task={task} alone={productId !== undefined} />)}</ul>}
      </Panel>
    </div>
  );
}

function Task({ task, alone }: { task: ProbeTask; alone: boolean }) {
  const { t } = useTranslation("quality");
  const { can } = useSession();
  const client = useQueryClient();
  const done = async () => {
    await Promise.all([tasksPath, probesPath.operator].map((path) => client.invalidateQueries({ queryKey: listKey(path) })));
    await client.invalidateQueries({ queryKey: ["probe-runs"] });
  };
  return (
    <li className={css.task}>
      <div className={css.taskHead}>
        <StateTag kind="probe_task" state={task.state} />
        {!alone && <><Link to={`/operator/probing/${task.productId}`}><strong>{task.productName}</strong></Link><span className="faint">{task.sellerName}</span></>}
        <span className="faint"><Time at={task.createdAt} /></span>
      </div>
      <div>{t(`task.${task.kind}`, { count: task.count })}{task.state === "confirmed" && <> {t("task.waits_for_pass")}</>}</div>
      {task.comment && <div className="faint">{task.decidedName}: {task.comment}</div>}
      {task.actions.length > 0 && can("product:penalty") && (
        <div className={css.actions}>
          {task.actions.map((action) => (
            <ConfirmAction key={action} label={t(`task.action.${action}`)} title={t(`task.ask.${action}`, { product: task.productName })} cost={t(`task.cost.${action}`)} danger={final.includes(action)}
              {...(final.includes(action) ? { irreversible: t("task.delist_final") } : {})} reason={{ label: t("task.comment"), required: true }} doneText={t("task.done")} button={{ size: "small" }}
              run={({ reason, key }) => send("POST", `${tasksPath}/${task.id}/decide`, { action, comment: reason }, key)} onDone={done} />
          ))}
        </div>
      )}
    </li>
  );
}
