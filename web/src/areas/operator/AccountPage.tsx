import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get, send } from "../../api/client";
import { queryClient, useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { SubUser } from "../buyer/people";
import { ResetFactor } from "./ResetFactor";
import { AuditTable } from "../auth/AuditTable";
import type { AccountDetail } from "./accounts";
import { LevelPanel } from "./LevelPanel";

/** One account: its people, its history, and keeping it out. */
export function AccountPage() {
  const { t } = useTranslation("people");
  const { id = "" } = useParams();
  const { can } = useSession();
  const path = `/api/v1/operator/accounts/${id}`;
  const { data: account, error, refetch } = useQuery({ queryKey: ["overseen-account", id], queryFn: ({ signal }) => get<AccountDetail>(path, undefined, signal) });
  const done = async () => { await refetch(); };
  return (
    <DetailPage title={account?.name} error={error} onRetry={() => void refetch()} back={{ to: "/operator/accounts", label: t("accounts.title") }}
      subtitle={account && <CopyText text={account.id} />}
      state={account && <StateTag kind="account" state={account.state} />}
      facts={account && [
        { label: t("account.kind"), value: t(`kind.${account.kind}`) },
        { label: t("accounts.owner"), value: <>{account.owner.name} <CopyText text={account.owner.email} /></> },
        { label: t("phone"), value: account.owner.phone || "–" },
        { label: t("users.last_sign_in"), value: account.owner.lastSignIn ? <Time at={account.owner.lastSignIn} /> : "–" },
        { label: t("real_name.title"), value: <><StateTag kind="real_name" state={account.realNameState} /> {can("realname:review") && account.realNameState !== "none" && <Link to={`/operator/real-names/${account.id}`}>{account.realName}</Link>}</> },
        { label: t("accounts.seller"), value: account.seller ? <><Link to={`/operator/sellers/${account.seller.id}`}>{account.seller.name}</Link> <StateTag kind="seller" state={account.seller.state} /></> : t("accounts.no_seller") },
        { label: t("account.since"), value: <Time at={account.createdAt} /> },
      ]}
      actions={account && can("account:suspend") && (account.state === "active"
        ? <ConfirmAction label={t("accounts.suspend")} title={t("accounts.suspend_title", { name: account.name })} cost={t("accounts.suspend_cost")} danger reason={{ label: t("accounts.reason"), required: true }}
            run={({ reason, key }) => send("POST", `${path}/suspend`, { reason }, key)} onDone={done} doneText={t("accounts.suspended")} />
        : <ConfirmAction label={t("accounts.reactivate")} title={t("accounts.reactivate_title", { name: account.name })} reason={{ label: t("accounts.reason"), required: true }}
            run={({ reason, key }) => send("POST", `${path}/reactivate`, { reason }, key)} onDone={done} doneText={t("accounts.reactivated")} />)}
      tabs={account && [
        { key: "users", label: t("accounts.users"), children: <Users path={`${path}/users`} /> },
        { key: "level", label: t("life:level.tab"), children: <LevelPanel account={id} /> },
        ...(can("audit:read") ? [{ key: "audit", label: t("audit.title"), children: <AuditOf account={id} /> }] : []),
      ]}>
      {account?.state === "suspended" && <Alert type="error" showIcon title={t("accounts.is_suspended")} description={account.stateReason} />}
    </DetailPage>
  );
}

function Users({ path }: { path: string }) {
  const { t } = useTranslation("people");
  const { can } = useSession();
  return (
    <ResourceTable<SubUser>
      id="operator.account-users" path={path} label={t("accounts.users")} rowKey={(row) => row.id} urlPrefix="u."
      filters={[{ key: "q", type: "text", label: t("users.search") }]}
      columns={[
        { key: "name", title: t("users.name"), main: true },
        { key: "email", title: t("email") },
        { key: "owner", title: t("accounts.role"), render: (row) => t(row.owner ? "users.owner" : "accounts.sub_user") },
        { key: "state", title: t("users.state"), render: (row) => <StateTag kind="user" state={row.state} /> },
        { key: "secondFactor", title: t("factor:column"), render: (row) => t(row.secondFactor ? "factor:column_on" : "factor:column_off"), csv: (row) => t(row.secondFactor ? "factor:column_on" : "factor:column_off") },
        { key: "lastSignIn", title: t("users.last_sign_in"), render: (row) => (row.lastSignIn ? <Time at={row.lastSignIn} relative /> : "–") },
      ]}
      {...(can("account:suspend") ? { rowActions: (row: SubUser) => row.secondFactor && (
        <ResetFactor path={`${path}/${row.id}`} name={row.name} onDone={() => queryClient.invalidateQueries({ queryKey: listKey(path) })} />
      ) } : {})}
      empty={{ title: t("users.none") }}
    />
  );
}

function AuditOf({ account }: { account: string }) {
  return <AuditTable path="/api/v1/operator/audit" query={{ accountId: account }} />;
}
