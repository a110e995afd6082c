import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send, type Page as ListPage } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { toast } from "../../../ui/feedback";
import { LinkButton } from "../../../ui/LinkButton";
import { useProblemText } from "../../../ui/ProblemText";
import { listKey, ResourceTable } from "../../../ui/ResourceTable";
import { caseColumns, caseFilters } from "./caseColumns";
import { casesPath, debugLink, runsPath, scenariosPath, type Batch, type CaseRow, type Run } from "./integration";
import { ExportCase } from "./ExportCase";
import { RunAllProgressView } from "./RunAllProgressView";
import { RunResult } from "./RunResult";
import { targetsOf } from "./target";
import { useRunAll } from "./useRunAll";

/** Case management (调试用例管理): the saved cases with their last result, to run again, to open or to delete. */
export function CasesTable() {
  const { t } = useTranslation("integration");
  const { can } = useSession();
  const client = useQueryClient();
  const text = useProblemText();
  const all = useRunAll();
  const [busy, setBusy] = useState("");
  const [shown, setShown] = useState<Run | null>(null);
  const write = can("address:write");
  const changed = () => Promise.all([casesPath, runsPath, scenariosPath].map((path) => client.invalidateQueries({ queryKey: listKey(path) })));

  const runCase = (row: CaseRow) => send<Run>("POST", `${casesPath}/${row.id}/rerun`);
  const again = async (row: CaseRow) => {
    setBusy(row.id);
    try {
      setShown(await runCase(row));
      await changed();
    } catch (failure) {
      toast.error(text(failure));
    } finally {
      setBusy("");
    }
  };
  const runAll = async () => {
    await all.start(targetsOf(await allCases()), {
      nameOf: (one) => one.name, sizeOf: (one) => one.cases,
      run: async ({ target }) => (await send<Batch>("POST", `${casesPath}/rerun`, target)).results.map((result) => ({ name: result.title, passed: result.passed })),
    });
    await changed();
  };

  return (
    <>
      {all.progress && <RunAllProgressView progress={all.progress} busy={all.busy} onStop={all.stop} onClose={all.clear} />}
      <ResourceTable<CaseRow>
        id="seller.cases" path={casesPath} label={t("cases.title")} rowKey={(row) => row.id} rowLink={(row) => debugLink(row, row.scenario)}
        filters={caseFilters(t)} columns={caseColumns(t)}
        actions={write && <Button loading={all.busy} onClick={() => void runAll().catch((failure: unknown) => toast.error(text(failure)))}>{t("cases.run_all")}</Button>}
        rowActions={(row) => (
          <>
            <LinkButton size="small" to={debugLink(row, row.scenario)}>{t("cases.debug")}</LinkButton>
            {write && <Button size="small" loading={busy === row.id} disabled={all.busy || (busy !== "" && busy !== row.id)} onClick={() => void again(row)}>{t("cases.run")}</Button>}
            {write && <ExportCase id={row.id} />}
            {write && <ConfirmAction label={t("cases.delete")} title={t("cases.delete_title", { name: row.title })} cost={t("cases.delete_cost")} danger button={{ size: "small" }}
              run={({ key }) => send("DELETE", `${casesPath}/${row.id}`, undefined, key)} onDone={async () => { await changed(); }} doneText={t("cases.deleted")} />}
          </>
        )}
        empty={{ title: t("cases.none"), hint: t("cases.none_hint"), action: <LinkButton type="primary" to="/seller/integration/debug">{t("cases.to_debug")}</LinkButton> }}
      />
      {shown && <Modal open title={shown.title} width={960} footer={<Button onClick={() => setShown(null)}>{t("action.close")}</Button>} onCancel={() => setShown(null)}><RunResult run={shown} /></Modal>}
    </>
  );
}

/** Every case, page after page. */
async function allCases(): Promise<CaseRow[]> {
  const rows: CaseRow[] = [];
  let cursor = "";
  do {
    const page = await get<ListPage<CaseRow>>(casesPath, { limit: 100, cursor });
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return rows;
}
