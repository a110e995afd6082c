import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Facts } from "../../ui/DetailPage";
import { Time } from "../../ui/Time";
import { PlainTable } from "../trade/PlainTable";

interface Level {
  name: string;
  grace: number;
  retention: number;
}

interface Change {
  id: string;
  before: string;
  after: string;
  reason: string;
  operatorName: string;
  changedAt: string;
}

interface AccountLevel {
  given: string;
  level: Level;
  default: string;
  levels: Level[];
  history: Change[];
}

/** The customer level of an account (客户等级): what follows from it, how it came about, and another one. */
export function LevelPanel({ account }: { account: string }) {
  const { t } = useTranslation("life");
  const { can } = useSession();
  const client = useQueryClient();
  const path = `/api/v1/operator/accounts/${account}/level`;
  const key = ["account-level", account];
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => get<AccountLevel>(path, undefined, signal) });
  const [wanted, setWanted] = useState<string | null>(null);
  if (!data) return null;
  const name = (level: string) => level || t("level.default", { level: data.default });
  const next = wanted ?? data.given;
  return (
    <>
      <Facts facts={[
        { label: t("level.title"), value: name(data.given) },
        { label: t("level.grace"), value: t("level.days", { count: data.level.grace }) },
        { label: t("level.retention"), value: t("level.days", { count: data.level.retention }) },
      ]} />
      {can("account:level") && (
        <div style={{ display: "flex", flexWrap: "wrap", gap: 8, margin: "16px 0" }}>
          <Select aria-label={t("level.choose")} value={next} onChange={setWanted} style={{ minWidth: 240 }}
            options={[{ value: "", label: name("") }, ...data.levels.map((level) => ({ value: level.name, label: t("level.option", { level: level.name, grace: level.grace, retention: level.retention }) }))]} />
          {next !== data.given && (
            <ConfirmAction label={t("level.change")} title={t("level.change_title", { level: name(next) })} cost={t("level.change_cost")} reason={{ label: t("level.reason"), required: true }}
              run={({ reason, key: submit }) => send("PUT", path, { level: next, reason }, submit)} doneText={t("level.changed")}
              onDone={async () => { setWanted(null); await client.invalidateQueries({ queryKey: key }); }} />
          )}
        </div>
      )}
      {data.history.length === 0 ? <p className="faint">{t("level.no_history")}</p> : (
        <PlainTable<Change> label={t("level.history")} rows={data.history} rowKey={(row) => row.id} columns={[
          { key: "changedAt", title: t("level.when"), render: (row) => <Time at={row.changedAt} /> },
          { key: "level", title: t("level.title"), render: (row) => `${name(row.before)} → ${name(row.after)}` },
          { key: "reason", title: t("level.reason"), render: (row) => row.reason },
          { key: "operatorName", title: t("level.by"), render: (row) => row.operatorName || "–" },
        ]} />
      )}
    </>
  );
}
