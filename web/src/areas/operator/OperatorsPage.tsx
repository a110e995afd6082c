import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send, type Page as ListPage } from "../../api/client";
import { queryClient, useSession } from "../../api/session";
import { currentLang } from "../../i18n";
import { Page, Panel } from "../../ui/Page";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import css from "../auth/auth.module.css";
import { permissionKey } from "../buyer/people";
import { ResetFactor } from "./ResetFactor";

interface Operator {
  id: string;
  email: string;
  name: string;
  roles: string[];
  state: "pending" | "active" | "disabled";
  locale: string;
  lastSignIn?: string;
  version: number;
  secondFactor: boolean;
}

interface Role {
  role: string;
  permissions: string[];
}

const path = "/api/v1/operator/operators";

/** The marketplace's own people and their roles. */
export function OperatorsPage() {
  const { t } = useTranslation("people");
  const problemText = useProblemText();
  const { session } = useSession();
  const [editing, setEditing] = useState<Operator | "new" | null>(null);
  const { data: roles } = useQuery({ queryKey: ["roles"], staleTime: Infinity, queryFn: ({ signal }) => get<ListPage<Role>>("/api/v1/operator/roles", undefined, signal) });
  const names = (row: Operator) => row.roles.map((role) => t(`role.${role}`)).join(" · ");
  const inviteAgain = (row: Operator) => send("POST", `${path}/${row.id}/invite`)
    .then(() => toast.success(t("users.invited_again", { email: row.email })), (error: unknown) => toast.error(problemText(error)));
  return (
    <Page title={t("operators.title")}>
      <div className={css.stack}>
        <ResourceTable<Operator>
          id="operator.operators" path={path} label={t("operators.title")} rowKey={(row) => row.id}
          columns={[
            { key: "name", title: t("users.name"), main: true },
            { key: "email", title: t("email") },
            { key: "roles", title: t("operators.roles"), render: (row) => <span className={css.wrap}>{names(row)}</span>, csv: names },
            { key: "state", title: t("users.state"), render: (row) => <StateTag kind="user" state={row.state} /> },
            { key: "secondFactor", title: t("factor:column"), render: (row) => t(row.secondFactor ? "factor:column_on" : "factor:column_off"), csv: (row) => t(row.secondFactor ? "factor:column_on" : "factor:column_off") },
            { key: "lastSignIn", title: t("users.last_sign_in"), render: (row) => (row.lastSignIn ? <Time at={row.lastSignIn} relative /> : "–") },
          ]}
          actions={<Button type="primary" onClick={() => setEditing("new")}>{t("operators.invite")}</Button>}
          rowActions={(row) => <>
            <Button size="small" onClick={() => setEditing(row)}>{t("action.edit")}</Button>
            {row.state === "pending" && <Button size="small" onClick={() => void inviteAgain(row)}>{t("users.invite_again")}</Button>}
            {row.secondFactor && row.id !== session?.user?.id && <ResetFactor path={`${path}/${row.id}`} name={row.name} onDone={() => queryClient.invalidateQueries({ queryKey: listKey(path) })} />}
          </>}
          empty={{ title: t("operators.none") }}
        />
        {roles && (
          <Panel title={t("operators.matrix")}>
            <dl className={css.stack}>
              {roles.items.map((one) => <div key={one.role}><dt><strong>{t(`role.${one.role}`)}</strong></dt><dd style={{ margin: 0 }} className="soft">{one.permissions.map((permission) => t(permissionKey(permission))).join(" · ")}</dd></div>)}
            </dl>
          </Panel>
        )}
      </div>
      {editing && roles && <OperatorDialog operator={editing === "new" ? null : editing} roles={roles.items} onClose={() => setEditing(null)} />}
    </Page>
  );
}

interface Values {
  email: string;
  name: string;
  locale: string;
  roles: string[];
  state: string;
}

function OperatorDialog({ operator, roles, onClose }: { operator: Operator | null; roles: Role[]; onClose: () => void }) {
  const { t } = useTranslation("people");
  const initial: Partial<Values> = operator
    ? { name: operator.name, roles: operator.roles, state: operator.state === "disabled" ? "disabled" : "active" }
    : { locale: currentLang(), roles: [] };
  return (
    <Modal open title={operator ? t("users.edit_title", { name: operator.name }) : t("operators.invite")} footer={null} onCancel={onClose} destroyOnHidden width={600}>
      <ResourceForm<Values> guard={false} initialValues={initial} submitLabel={t(operator ? "action.save" : "users.send_invitation")} doneText={t(operator ? "saved" : "users.invited")} onCancel={onClose}
        submit={(values, key) => (operator ? send("PUT", `${path}/${operator.id}`, { ...values, version: operator.version }, key) : send("POST", path, values, key))}
        onDone={async () => { onClose(); await queryClient.invalidateQueries({ queryKey: listKey(path) }); }}>
        {!operator && <Form.Item name="email" label={t("email")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input type="email" autoComplete="off" /></Form.Item>}
        <Form.Item name="name" label={t("users.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={60} autoComplete="off" /></Form.Item>
        {!operator && <Form.Item name="locale" label={t("mail_language")}><Select options={[{ value: "zh", label: t("lang.zh") }, { value: "en", label: t("lang.en") }]} /></Form.Item>}
        <Form.Item name="roles" label={t("operators.roles")}>
          <Checkbox.Group className={css.permissions!} options={roles.map((one) => ({ value: one.role, label: t(`role.${one.role}`) }))} />
        </Form.Item>
        {operator && <Form.Item name="state" label={t("users.state")}><Radio.Group options={["active", "disabled"].map((value) => ({ value, label: t(`state.user.${value}`) }))} /></Form.Item>}
      </ResourceForm>
    </Modal>
  );
}
