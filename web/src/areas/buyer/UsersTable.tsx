import { Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { currentLang } from "../../i18n";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";
import { ResourceForm } from "../../ui/ResourceForm";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { peopleChanged, useGroups, usersPath, type SubUser } from "./people";

/** The users of an account: invite, change, disable. */
export function UsersTable() {
  const { t } = useTranslation("people");
  const problemText = useProblemText();
  const [editing, setEditing] = useState<SubUser | "new" | null>(null);
  const inviteAgain = (row: SubUser) => send("POST", `${usersPath}/${row.id}/invite`)
    .then(() => toast.success(t("users.invited_again", { email: row.email })), (error: unknown) => toast.error(problemText(error)));

  return (
    <>
      <ResourceTable<SubUser>
        id="buyer.users" path={usersPath} label={t("users.title")} rowKey={(row) => row.id} urlPrefix="u."
        filters={[
          { key: "q", type: "text", label: t("users.search") },
          { key: "state", type: "select", label: t("users.state"), options: ["active", "pending", "disabled"].map((value) => ({ value, label: t(`state.user.${value}`) })) },
        ]}
        columns={[
          { key: "name", title: t("users.name"), main: true },
          { key: "email", title: t("email") },
          { key: "phone", title: t("phone"), hidden: true },
          { key: "groups", title: t("users.groups"), render: (row) => (row.owner ? t("users.owner") : row.groups.map((group) => group.name).join(" · ") || <span className="soft">{t("users.no_group")}</span>),
            csv: (row) => row.groups.map((group) => group.name).join(" ") },
          { key: "state", title: t("users.state"), render: (row) => <StateTag kind="user" state={row.state} /> },
          { key: "secondFactor", title: t("factor:column"), render: (row) => t(row.secondFactor ? "factor:column_on" : "factor:column_off"), csv: (row) => t(row.secondFactor ? "factor:column_on" : "factor:column_off") },
          { key: "lastSignIn", title: t("users.last_sign_in"), render: (row) => (row.lastSignIn ? <Time at={row.lastSignIn} relative /> : "–") },
        ]}
        actions={<Button type="primary" onClick={() => setEditing("new")}>{t("users.invite")}</Button>}
        rowActions={(row) => <>
          <Button size="small" onClick={() => setEditing(row)}>{t("action.edit")}</Button>
          {row.state === "pending" && <Button size="small" onClick={() => void inviteAgain(row)}>{t("users.invite_again")}</Button>}
          {row.state === "pending" && <ConfirmAction label={t("users.withdraw")} title={t("users.withdraw_title", { name: row.name })} danger button={{ size: "small" }}
            run={() => send("DELETE", `${usersPath}/${row.id}`)} onDone={peopleChanged} />}
          {row.state === "active" && !row.owner && <ConfirmAction label={t("users.disable")} title={t("users.disable_title", { name: row.name })} cost={t("users.disable_cost")} danger button={{ size: "small" }}
            run={({ key }) => send("POST", `${usersPath}/${row.id}/disable`, undefined, key)} onDone={peopleChanged} />}
          {row.state === "disabled" && <ConfirmAction label={t("users.enable")} title={t("users.enable_title", { name: row.name })} button={{ size: "small" }}
            run={({ key }) => send("POST", `${usersPath}/${row.id}/enable`, undefined, key)} onDone={peopleChanged} />}
        </>}
        empty={{ title: t("users.none"), hint: t("users.none_hint") }}
      />
      {editing && <UserDialog user={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

interface Values {
  email: string;
  name: string;
  phone?: string;
  locale: "zh" | "en";
  groups: string[];
}

function UserDialog({ user, onClose }: { user: SubUser | null; onClose: () => void }) {
  const { t } = useTranslation("people");
  const groups = useGroups();
  const initial: Partial<Values> = user
    ? { email: user.email, name: user.name, phone: user.phone, locale: user.locale, groups: user.groups.map((group) => group.id) }
    : { locale: currentLang(), groups: [] };
  const submit = (values: Values, key: string) => {
    const body = { ...values, phone: values.phone ?? "" };
    if (!user) return send("POST", usersPath, body, key);
    const { groups: chosen, ...own } = body;
    return send("PUT", `${usersPath}/${user.id}`, user.owner ? own : { ...own, groups: chosen }, key);
  };
  return (
    <Modal open title={user ? t("users.edit_title", { name: user.name }) : t("users.invite")} footer={null} onCancel={onClose} destroyOnHidden>
      <ResourceForm<Values> guard={false} initialValues={initial} submitLabel={t(user ? "action.save" : "users.send_invitation")} doneText={t(user ? "saved" : "users.invited")} onCancel={onClose}
        submit={submit} onDone={async () => { onClose(); await peopleChanged(); }}>
        {!user && <Form.Item name="email" label={t("email")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input type="email" autoComplete="off" /></Form.Item>}
        <Form.Item name="name" label={t("users.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={60} autoComplete="off" /></Form.Item>
        <Form.Item name="phone" label={t("phone")}><Input maxLength={30} autoComplete="off" /></Form.Item>
        <Form.Item name="locale" label={t("mail_language")}><Select options={[{ value: "zh", label: t("lang.zh") }, { value: "en", label: t("lang.en") }]} /></Form.Item>
        {!user?.owner && (
          <Form.Item name="groups" label={t("users.groups")} extra={t("users.groups_hint")}>
            <Select mode="multiple" loading={groups.isPending} options={groups.data?.items.map((group) => ({ value: group.id, label: group.title }))} optionFilterProp="label" />
          </Form.Item>
        )}
      </ResourceForm>
    </Modal>
  );
}
