import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, send } from "../../api/client";
import { queryClient, useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import css from "./auth.module.css";
import { NewPassword } from "./NewPassword";
import { SecondFactor } from "./SecondFactor";

interface Profile {
  kind: string;
  email: string;
  name: string;
  phone: string;
  locale: "zh" | "en";
  roles: string[];
  groups: string[];
}

interface BrowserSession {
  id: string;
  address: string;
  agent: string;
  createdAt: string;
  seenAt: string;
  current: boolean;
}

const sessionsPath = "/api/v1/sessions";

/** The own person: name, password, second factor, and where one is signed in. */
export function SecurityPage() {
  const { t } = useTranslation("people");
  const { session, refresh } = useSession();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({ queryKey: ["profile"], queryFn: ({ signal }) => get<Profile>("/api/v1/profile", undefined, signal) });
  const rights = data ? [...data.groups, ...data.roles.map((role) => t(`role.${role}`))] : [];

  // Nothing else answers until a required second factor is set up.
  if (session?.secondFactorDue) return <Page title={t("security.title")}><SecondFactor /></Page>;
  return (
    <Page title={t("security.title")} intro={t("security.intro")}>
      <div className={css.stack}>
        {error && <PageError error={error} onRetry={() => void refetch()} />}
        {data && (
          <Panel title={t("security.profile")}>
            <p className="soft" style={{ marginBottom: 24 }}>{data.email}{rights.length > 0 && ` · ${rights.join(" · ")}`}</p>
            <ResourceForm<Profile> initialValues={data} submitLabel={t("action.save")} doneText={t("saved")}
              submit={({ name, phone, locale }, key) => send("PUT", "/api/v1/profile", { name, phone: phone ?? "", locale }, key)}
              onDone={async () => { await refetch(); await refresh(); }}>
              <Form.Item name="name" label={t("your_name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input autoComplete="name" maxLength={60} /></Form.Item>
              {data.kind === "user" && <Form.Item name="phone" label={t("phone")}><Input autoComplete="tel" maxLength={30} /></Form.Item>}
              <Form.Item name="locale" label={t("mail_language")}><Select options={[{ value: "zh", label: t("lang.zh") }, { value: "en", label: t("lang.en") }]} style={{ maxWidth: 200 }} /></Form.Item>
            </ResourceForm>
          </Panel>
        )}
        <Panel title={t("security.password")}>
          <PasswordForm />
        </Panel>
        <SecondFactor />
        <Panel title={t("security.sessions")} extra={(
          <ConfirmAction label={t("security.end_all")} title={t("security.end_all_title")} cost={t("security.end_all_cost")} danger
            run={() => send("DELETE", sessionsPath)} onDone={async () => { await refresh(); await navigate("/sign-in"); }} />
        )}>
          <ResourceTable<BrowserSession>
            id="people.sessions" path={sessionsPath} label={t("security.sessions")} rowKey={(row) => row.id} exportable={false} urlPrefix="s."
            columns={[
              { key: "agent", title: t("security.agent"), main: true, render: (row) => <>{row.agent || "–"} {row.current && <Tag>{t("security.current")}</Tag>}</> },
              { key: "address", title: t("security.address") },
              { key: "seenAt", title: t("security.seen"), render: (row) => <Time at={row.seenAt} relative /> },
              { key: "createdAt", title: t("security.since"), render: (row) => <Time at={row.createdAt} /> },
            ]}
            rowActions={(row) => !row.current && (
              <ConfirmAction label={t("security.end")} title={t("security.end_title")} button={{ size: "small" }} run={() => send("DELETE", `${sessionsPath}/${row.id}`)}
                onDone={() => queryClient.invalidateQueries({ queryKey: listKey(sessionsPath) })} />
            )}
            empty={{ title: t("security.no_sessions") }}
          />
        </Panel>
      </div>
    </Page>
  );
}

function PasswordForm() {
  const { t } = useTranslation("people");
  const [form] = Form.useForm<{ oldPassword: string; newPassword: string }>();
  return (
    <ResourceForm<{ oldPassword: string; newPassword: string }> form={form} guard={false} submitLabel={t("security.change_password")} doneText={t("security.password_changed")}
      submit={({ oldPassword, newPassword }) => send("PUT", "/api/v1/session/password", { oldPassword, newPassword })} onDone={() => form.resetFields()}>
      <Form.Item name="oldPassword" label={t("old_password")} rules={[{ required: true, message: t("form.required") }]}><Input.Password autoComplete="current-password" /></Form.Item>
      <NewPassword name="newPassword" label={t("new_password")} />
    </ResourceForm>
  );
}
