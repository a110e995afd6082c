import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { Facts } from "../../ui/DetailPage";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import css from "../auth/auth.module.css";
import { ApprovalPolicy } from "./ApprovalPolicy";
import { FactorPolicy } from "../auth/FactorPolicy";
import { ScanFiles } from "../auth/ScanFiles";

interface Account {
  id: string;
  kind: "company" | "person";
  name: string;
  realNameState: "none" | "pending" | "verified" | "rejected";
  realName: string;
  realNameHint: string;
  realNameReason: string;
  realNameAt?: string;
  secondFactorRequired: boolean;
  createdAt: string;
  files: { key: string; name: string; url: string }[];
}

const path = "/api/v1/account";

/** The account's name and its real-name confirmation. */
export function AccountPage() {
  const { t } = useTranslation("people");
  const { can, refresh } = useSession();
  const { data: account, error, refetch } = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => get<Account>(path, undefined, signal) });
  const manages = can("account:manage");
  const changed = async () => { await refetch(); await refresh(); };
  if (error && !account) return <PageError error={error} onRetry={() => void refetch()} />;

  return (
    <Page title={t("account.title")}>
      {account && (
        <div className={css.stack}>
          <Panel title={t("account.basics")}>
            <div className={css.gap}>
              <Facts facts={[
                { label: t("account.id"), value: <CopyText text={account.id} /> },
                { label: t("account.kind"), value: t(`kind.${account.kind}`) },
                { label: t("account.since"), value: <Time at={account.createdAt} detail="date" /> },
                ...(manages ? [] : [{ label: t("account.name"), value: account.name }]),
              ]} />
              {manages && (
                <ResourceForm<{ name: string }> initialValues={{ name: account.name }} submitLabel={t("action.save")} doneText={t("saved")}
                  submit={({ name }, key) => send("PUT", path, { name }, key)} onDone={changed}>
                  <Form.Item name="name" label={t("account.name")} extra={t("account.name_hint")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={60} /></Form.Item>
                </ResourceForm>
              )}
            </div>
          </Panel>
          <Panel title={t("real_name.title")} extra={<StateTag kind="real_name" state={account.realNameState} {...(account.realNameState === "pending" ? { next: t("real_name.waits") } : {})} />}>
            <RealName account={account} manages={manages} onDone={changed} />
          </Panel>
          {account.kind === "company" && <ApprovalPolicy />}
          {manages && <FactorPolicy required={account.secondFactorRequired} onDone={changed} />}
        </div>
      )}
    </Page>
  );
}

function RealName({ account, manages, onDone }: { account: Account; manages: boolean; onDone: () => Promise<void> }) {
  const { t } = useTranslation("people");
  const open = account.realNameState === "none" || account.realNameState === "rejected";
  const [files] = useState(account.files.map((file) => file.key));
  if (!open) {
    return (
      <Facts facts={[
        { label: t(`real_name.name_${account.kind}`), value: account.realName },
        ...(account.realNameHint ? [{ label: t(`real_name.number_${account.kind}`), value: `****${account.realNameHint}` }] : []),
        ...(account.realNameAt ? [{ label: t("real_name.at"), value: <Time at={account.realNameAt} /> }] : []),
        ...(account.files.length > 0 ? [{ label: t("real_name.files"), wide: true, value: account.files.map((file) => <a key={file.key} href={file.url} style={{ marginRight: 16 }}>{file.name}</a>) }] : []),
      ]} />
    );
  }
  if (!manages) return <p className="soft">{t("real_name.owner_only")}</p>;
  return (
    <div className={css.gap}>
      {account.realNameState === "rejected" && <Alert type="error" showIcon title={t("real_name.rejected")} description={account.realNameReason} />}
      <p className="soft">{t("real_name.why")}</p>
      <ResourceForm<{ name: string; number: string; files: string[] }> initialValues={{ name: account.realName, files }} submitLabel={t("real_name.submit")} doneText={t("real_name.submitted")}
        submit={(values, key) => send("PUT", `${path}/real-name`, { ...values, files: values.files ?? [] }, key)} onDone={onDone}>
        <Form.Item name="name" label={t(`real_name.name_${account.kind}`)} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={100} /></Form.Item>
        <Form.Item name="number" label={t(`real_name.number_${account.kind}`)} extra={t("real_name.sealed")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="files" label={t("real_name.files")} required={account.kind === "company"}><ScanFiles label={t("real_name.files")} /></Form.Item>
      </ResourceForm>
    </div>
  );
}
