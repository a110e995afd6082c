import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get, send } from "../../api/client";
import { queryClient } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { DetailPage } from "../../ui/DetailPage";
import { Panel } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import { SecretText } from "../../ui/SecretText";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { RealNameCase } from "./accounts";

/** One real name beside its scans: confirm or reject. */
export function RealNamePage() {
  const { t } = useTranslation("people");
  const { id = "" } = useParams();
  const path = `/api/v1/operator/real-names/${id}`;
  const { data, error, refetch } = useQuery({ queryKey: ["real-name", id], queryFn: ({ signal }) => get<RealNameCase>(path, undefined, signal) });
  const done = async () => {
    await refetch();
    await queryClient.invalidateQueries({ queryKey: listKey("/api/v1/operator/real-names") });
  };
  return (
    <DetailPage title={data && (data.realName || data.name)} error={error} onRetry={() => void refetch()} back={{ to: "/operator/real-names", label: t("real_name.review_title") }}
      state={data && <StateTag kind="real_name" state={data.realNameState} />}
      facts={data && [
        { label: t(`real_name.name_${data.kind}`), value: data.realName || "–" },
        { label: t(`real_name.number_${data.kind}`), value: data.realNameHint ? <SecretText label={t(`real_name.number_${data.kind}`)} reveal={async () => (await send<{ value: string }>("POST", `${path}/reveal`)).value} /> : "–" },
        { label: t("account.kind"), value: t(`kind.${data.kind}`) },
        { label: t("account.name"), value: <Link to={`/operator/accounts/${data.id}`}>{data.name}</Link> },
        { label: t("accounts.owner"), value: <>{data.owner.name} <span className="soft">{data.owner.email}</span></> },
        { label: t("real_name.at"), value: data.realNameAt ? <Time at={data.realNameAt} /> : "–" },
      ]}
      actions={data?.realNameState === "pending" && <>
        <ConfirmAction label={t("real_name.approve")} title={t("real_name.approve_title", { name: data.realName })} cost={t("real_name.approve_cost")} button={{ type: "primary" }}
          run={({ key }) => send("POST", `${path}/approve`, { version: data.version }, key)} onDone={done} doneText={t("real_name.approved")} />
        <ConfirmAction label={t("real_name.reject")} title={t("real_name.reject_title", { name: data.realName })} danger reason={{ label: t("real_name.reason"), required: true }}
          run={({ reason, key }) => send("POST", `${path}/reject`, { version: data.version, reason }, key)} onDone={done} doneText={t("real_name.was_rejected")} />
      </>}>
      {data?.realNameState === "rejected" && <Alert type="error" showIcon title={t("real_name.rejected")} description={data.realNameReason} />}
      {data && (
        <Panel title={t("real_name.files")}>
          {data.files.length === 0 ? <p className="soft">{t("real_name.no_files")}</p> : <ul>{data.files.map((file) => <li key={file.key}><a href={file.url} target="_blank" rel="noreferrer">{file.name}</a></li>)}</ul>}
        </Panel>
      )}
    </DetailPage>
  );
}
