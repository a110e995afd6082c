import { useTranslation } from "react-i18next";
import type { Query } from "../../api/client";
import { CopyText } from "../../ui/CopyText";
import { ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";

interface Entry {
  id: string;
  at: string;
  actorKind: string;
  actorId: string;
  actorName: string;
  accountId: string;
  action: string;
  object: string;
  objectId: string;
  reason: string;
  detail: unknown;
  address: string;
  requestId: string;
}

/** The audit log with its filters: of the own account, or of the whole marketplace. */
export function AuditTable({ path, whole = false, query = {} }: { path: string; whole?: boolean; query?: Query }) {
  const { t } = useTranslation("people");
  const who = (row: Entry) => row.actorName || row.actorId || t(`actor.${row.actorKind}`, { defaultValue: row.actorKind });
  return (
    <ResourceTable<Entry>
      id={whole ? "operator.audit" : "buyer.audit"} path={path} label={t("audit.title")} rowKey={(row) => row.id} pageSize={50} query={query} urlPrefix="a."
      filters={[
        { key: "action", type: "text", label: t("audit.action_filter") },
        { key: "object", type: "text", label: t("audit.object_kind") },
        { key: "objectId", type: "text", label: t("audit.object_id") },
        ...(whole ? [{ key: "accountId", type: "text" as const, label: t("audit.account_id") }, { key: "actorId", type: "text" as const, label: t("audit.actor_id") }] : []),
        { key: "created", type: "dates", label: t("audit.time") },
      ]}
      columns={[
        { key: "at", title: t("audit.time"), main: true, render: (row) => <Time at={row.at} detail="second" />, csv: (row) => row.at },
        { key: "actorName", title: t("audit.actor"), render: who, csv: who },
        { key: "action", title: t("audit.action") },
        { key: "objectId", title: t("audit.object"), render: (row) => <>{row.object} <CopyText text={row.objectId} /></> },
        { key: "reason", title: t("audit.reason") },
        { key: "detail", title: t("audit.detail"), hidden: true, render: (row) => <code>{row.detail === null ? "" : JSON.stringify(row.detail)}</code>, csv: (row) => JSON.stringify(row.detail) },
        { key: "accountId", title: t("audit.account_id"), hidden: true },
        { key: "address", title: t("security.address") },
        { key: "requestId", title: t("request_id"), hidden: true },
      ]}
      empty={{ title: t("audit.none"), hint: t("audit.none_hint") }}
    />
  );
}
