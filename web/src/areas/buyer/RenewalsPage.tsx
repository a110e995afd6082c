import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ask, toast } from "../../ui/feedback";
import { Facts } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { Page, Panel } from "../../ui/Page";
import { useProblemText } from "../../ui/ProblemText";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { Instance, Policy } from "./instance";
import css from "./Renewals.module.css";
import { DaySelect, settingsKey, useRenewalSettings } from "./UnifiedDay";

interface Row extends Instance {
  policy: Policy;
}

const path = "/api/v1/renewals";
const most = 30;

/** What expires next, and what happens then; several services are renewed together from here. */
export function RenewalsPage() {
  const { t } = useTranslation("money");
  const { t: life } = useTranslation("life");
  const { can } = useSession();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<Row[]>([]);
  const ids = chosen.map((row) => row.id);
  const choose = (row: Row, on: boolean) => setChosen((now) => (on ? [...now, row] : now.filter((one) => one.id !== row.id)));
  const buys = can("order:buy");
  return (
    <Page title={t("renew.list_title")} intro={t("renew.list_intro")}>
      <Settings editable={buys} />
      {chosen.length > 0 && (
        <div className={css.bar} role="region" aria-label={life("batch.chosen", { count: chosen.length })}>
          <strong aria-live="polite">{life("batch.chosen", { count: chosen.length })}</strong>
          <Button type="primary" onClick={() => void navigate(`/buyer/renewals/together?services=${ids.join(",")}`)}>{life("batch.go")}</Button>
          <PolicySelect ids={ids} onDone={() => setChosen([])} />
          <Button type="text" onClick={() => setChosen([])}>{life("batch.clear")}</Button>
        </div>
      )}
      <ResourceTable<Row>
        id="buyer.renewals" path={path} label={t("renew.list_title")} rowKey={(row) => row.id}
        filters={[
          { key: "q", type: "text", label: t("renew.search") },
          { key: "within", type: "select", label: life("within.label"), options: [7, 30, 90].map((count) => ({ value: String(count), label: life("within.days", { count }) })) },
          { key: "state", type: "select", label: t("renew.state"), options: ["ACTIVE", "GRACE", "RETENTION"].map((state) => ({ value: state, label: t(`state.instance.${state.toLowerCase()}`) })) },
          { key: "atExpiry", type: "select", label: t("renew.at_expiry"), options: ["manual", "auto", "none"].map((value) => ({ value, label: t(`renew.policy.${value}`) })) },
        ]}
        columns={[
          { key: "productName", title: t("refunds.product"), main: true, render: (row) => (
            <span className={css.name}>
              {buys && <Checkbox checked={ids.includes(row.id)} disabled={!ids.includes(row.id) && (chosen.length >= most || row.frozen)} onChange={(event) => choose(row, event.target.checked)} aria-label={life("batch.choose", { product: row.productName })} />}
              <span><Link to={`/buyer/instances/${row.id}`}>{row.productName}</Link> <span className="faint">{row.specName}</span></span>
            </span>
          ) },
          { key: "expiresAt", title: t("renew.expires"), render: (row) => <Time at={row.expiresAt} relative /> },
          { key: "state", title: t("renew.state"), csv: (row) => row.state, render: (row) => <StateTag kind="instance" state={row.state} /> },
          { key: "atExpiry", title: t("renew.at_expiry"), csv: (row) => row.policy.atExpiry, render: (row) => <>{t(`renew.policy.${row.policy.atExpiry}`)}{row.policy.nextAt && <span className="faint"> · <Time at={row.policy.nextAt} /></span>}</> },
        ]}
        rowActions={(row) => <LinkButton size="small" to={`/buyer/instances/${row.id}`}>{t(row.trial ? "renew.convert" : "renew.go")}</LinkButton>}
        empty={{ title: t("renew.none"), hint: t("renew.none_list_hint") }}
      />
    </Page>
  );
}

/** The days of grace and retention that hold for this account, and its preferred day to end on. */
function Settings({ editable }: { editable: boolean }) {
  const { t } = useTranslation("life");
  const client = useQueryClient();
  const text = useProblemText();
  const { data } = useRenewalSettings();
  if (!data) return null;
  const save = async (unifiedDay: number) => {
    try {
      client.setQueryData(settingsKey, await send("PUT", "/api/v1/renewal-settings", { unifiedDay }));
      toast.success(t("unified.saved"));
    } catch (error) {
      toast.error(text(error));
    }
  };
  return (
    <Panel>
      <Facts facts={[
        { label: t("level.grace"), value: t("level.days", { count: data.graceDays }) },
        { label: t("level.retention"), value: t("level.days", { count: data.retentionDays }) },
        { label: t("level.title"), value: data.level },
        { label: t("unified.title"), value: <DaySelect value={data.unifiedDay} label={t("unified.title")} disabled={!editable} onChange={(day) => void save(day)} /> },
      ]} />
      <p className={`faint ${css.hint}`}>{t("level.hint")}</p>
    </Panel>
  );
}

function PolicySelect({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const { t } = useTranslation("money");
  const { t: life } = useTranslation("life");
  const client = useQueryClient();
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const change = async (atExpiry: string) => {
    const policy = t(`renew.policy.${atExpiry}`);
    if (!(await ask({ title: life("batch.policy_title", { count: ids.length, policy }), text: life(`batch.policy_${atExpiry}`), ok: life("batch.policy_ok"), cancel: t("action.cancel") }))) return;
    setBusy(true);
    try {
      await send("PUT", `${path}/policy`, { instances: ids, atExpiry, days: 7 });
      await client.invalidateQueries({ queryKey: listKey(path) });
      toast.success(t("renew.policy_saved"));
      onDone();
    } catch (error) {
      toast.error(text(error));
    } finally {
      setBusy(false);
    }
  };
  return <Select<string | null> aria-label={t("renew.at_expiry")} value={null} loading={busy} disabled={busy} placeholder={life("batch.policy")} style={{ minWidth: 176 }} onChange={(value) => { if (value) void change(value); }} options={["manual", "auto", "none"].map((value) => ({ value, label: t(`renew.policy.${value}`) }))} />;
}
