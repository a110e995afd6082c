import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { ResourceForm } from "../../ui/ResourceForm";
import { ResourceTable } from "../../ui/ResourceTable";
import css from "../auth/auth.module.css";
import { groupsPath, peopleChanged, permissionKey, type UserGroup } from "./people";

/** The user groups of an account with their permissions. */
export function GroupsTable() {
  const { t } = useTranslation("people");
  const [editing, setEditing] = useState<UserGroup | "new" | null>(null);
  const names = (row: UserGroup) => row.permissions.map((permission) => t(permissionKey(permission))).join(" · ");
  return (
    <>
      <ResourceTable<UserGroup>
        id="buyer.groups" path={groupsPath} label={t("groups.tab")} rowKey={(row) => row.id} urlPrefix="g."
        columns={[
          { key: "title", title: t("groups.name"), main: true },
          { key: "description", title: t("groups.description"), hidden: true },
          { key: "permissions", title: t("groups.permissions"), render: (row) => <span className={css.wrap}>{names(row)}</span>, csv: names },
          { key: "members", title: t("groups.members"), align: "right", render: (row) => row.members.length, csv: (row) => row.members.length },
        ]}
        actions={<Button type="primary" onClick={() => setEditing("new")}>{t("groups.create")}</Button>}
        rowActions={(row) => <>
          <Button size="small" onClick={() => setEditing(row)}>{t("action.edit")}</Button>
          <ConfirmAction label={t("action.delete")} title={t("groups.delete_title", { name: row.title })} cost={t("groups.delete_cost", { members: row.members.length })} danger button={{ size: "small" }}
            run={() => send("DELETE", `${groupsPath}/${row.id}`)} onDone={peopleChanged} />
        </>}
        empty={{ title: t("groups.none"), hint: t("groups.none_hint") }}
      />
      {editing && <GroupDialog group={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

interface Values {
  name: string;
  description: string;
  permissions: string[];
}

function GroupDialog({ group, onClose }: { group: UserGroup | null; onClose: () => void }) {
  const { t } = useTranslation("people");
  const { data: choices } = useQuery({ queryKey: ["permissions"], staleTime: Infinity, queryFn: ({ signal }) => get<{ buyer: string[]; seller: string[] }>("/api/v1/permissions", undefined, signal) });
  // A preset that keeps its name follows the reader's language: only a changed name is sent.
  const own = (name: string) => (group && !group.name && name === group.title ? "" : name);
  return (
    <Modal open title={group ? group.title : t("groups.create")} footer={null} onCancel={onClose} destroyOnHidden width={640}>
      {choices && (
        <ResourceForm<Values> guard={false} submitLabel={t("action.save")} doneText={t("saved")} onCancel={onClose}
          initialValues={group ? { name: group.title, description: group.description, permissions: group.permissions } : { permissions: [] }}
          submit={(values, key) => {
            const body = { name: own(values.name), description: values.description ?? "", permissions: values.permissions };
            return group ? send("PUT", `${groupsPath}/${group.id}`, { ...body, version: group.version }, key) : send("POST", groupsPath, body, key);
          }}
          onDone={async () => { onClose(); await peopleChanged(); }}>
          <Form.Item name="name" label={t("groups.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input maxLength={60} /></Form.Item>
          <Form.Item name="description" label={t("groups.description")}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
          <Form.Item name="permissions" label={t("groups.permissions")} extra={t("groups.permissions_hint")}>
            <Checkbox.Group className={css.permissions!} options={[...choices.buyer, ...choices.seller].map((value) => ({ value, label: t(permissionKey(value)) }))} />
          </Form.Item>
        </ResourceForm>
      )}
    </Modal>
  );
}
