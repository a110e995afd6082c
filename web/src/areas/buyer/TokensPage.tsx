import { Alert, Button, Checkbox, DatePicker, Form, Input, Modal } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { queryClient, useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Page } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import css from "../auth/auth.module.css";
import { permissionKey } from "./people";

interface Token {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  state: string;
  createdAt: string;
  expiresAt?: string;
  usedAt?: string;
  token?: string;
}

const path = "/api/v1/tokens";

/** API tokens: what the pages do, a script can do with them. */
export function TokensPage() {
  const { t } = useTranslation("people");
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const changed = () => queryClient.invalidateQueries({ queryKey: listKey(path) });
  const scopes = (row: Token) => row.scopes.map((scope) => t(permissionKey(scope))).join(" · ");
  return (
    <Page title={t("tokens.title")} intro={t("tokens.intro")}>
      <ResourceTable<Token>
        id="buyer.tokens" path={path} label={t("tokens.title")} rowKey={(row) => row.id} exportable={false}
        columns={[
          { key: "name", title: t("tokens.name"), main: true },
          { key: "hint", title: t("tokens.token"), render: (row) => <code>jst_…{row.hint}</code> },
          { key: "scopes", title: t("tokens.scopes"), render: (row) => <span className={css.wrap}>{scopes(row)}</span>, csv: scopes },
          { key: "state", title: t("users.state"), render: (row) => <StateTag kind="token" state={row.state} /> },
          { key: "expiresAt", title: t("tokens.expires"), render: (row) => (row.expiresAt ? <Time at={row.expiresAt} /> : t("tokens.never")) },
          { key: "usedAt", title: t("tokens.used"), render: (row) => (row.usedAt ? <Time at={row.usedAt} relative /> : t("tokens.not_used")) },
        ]}
        actions={<Button type="primary" onClick={() => setCreating(true)}>{t("tokens.create")}</Button>}
        rowActions={(row) => <ConfirmAction label={t("tokens.revoke")} title={t("tokens.revoke_title", { name: row.name })} irreversible={t("tokens.revoke_text")} danger button={{ size: "small" }}
          run={() => send("DELETE", `${path}/${row.id}`)} onDone={changed} />}
        empty={{ title: t("tokens.none"), hint: t("tokens.none_hint") }}
      />
      {creating && <CreateDialog onClose={() => setCreating(false)} onMade={async (token) => { setCreating(false); setMade(token); await changed(); }} />}
      {made && (
        <Modal open title={made.name} onCancel={() => setMade(null)} footer={<Button type="primary" onClick={() => setMade(null)}>{t("action.close")}</Button>}>
          <div className={css.stack}>
            <Alert type="warning" showIcon title={t("tokens.once")} />
            <CopyText text={made.token ?? ""} />
          </div>
        </Modal>
      )}
    </Page>
  );
}

function CreateDialog({ onClose, onMade }: { onClose: () => void; onMade: (token: Token) => void | Promise<void> }) {
  const { t } = useTranslation("people");
  const { session } = useSession();
  return (
    <Modal open title={t("tokens.create")} footer={null} onCancel={onClose} destroyOnHidden width={640}>
      <ResourceForm<{ name: string; scopes: string[]; expiresAt?: Dayjs | null }, Token> guard={false} submitLabel={t("tokens.create")} onCancel={onClose} initialValues={{ scopes: [] }}
        submit={({ name, scopes, expiresAt }, key) => send("POST", path, { name, scopes, ...(expiresAt ? { expiresAt: expiresAt.endOf("day").toISOString() } : {}) }, key)} onDone={onMade}>
        <Form.Item name="name" label={t("tokens.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={60} /></Form.Item>
        <Form.Item name="scopes" label={t("tokens.scopes")} extra={t("tokens.scopes_hint")}>
          <Checkbox.Group className={css.permissions!} options={(session?.permissions ?? []).map((value) => ({ value, label: t(permissionKey(value)) }))} />
        </Form.Item>
        <Form.Item name="expiresAt" label={t("tokens.expires")} extra={t("tokens.expires_hint")}><DatePicker /></Form.Item>
      </ResourceForm>
    </Modal>
  );
}
