import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send, type Page as ListPage } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Facts } from "../../ui/DetailPage";
import { Page, Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { SecretText } from "../../ui/SecretText";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { keysPath, type AccessKey } from "./address";
import { OpenApiKeys } from "./OpenApiKeys";
import css from "./seller.module.css";

/** Asks the server for a secret; the server writes the audit line and wants a recent password. */
const reveal = (id: string) => async () => (await send<{ value: string }>("POST", `${keysPath}/${id}/reveal`)).value;

/** The V1 Key and the V2 keys with which the marketplace signs its calls, and the AK/SK with which the seller signs its own. */
export function KeysPage() {
  const { t } = useTranslation("sellers");
  const { can } = useSession();
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const write = can("address:write");
  const { data } = useQuery({ queryKey: listKey(keysPath, { generation: "v1" }), queryFn: ({ signal }) => get<ListPage<AccessKey>>(keysPath, { generation: "v1" }, signal) });
  const v1 = data?.items.find((key) => key.state === "active");
  const changed = async () => { await client.invalidateQueries({ queryKey: listKey(keysPath) }); };

  return (
    <Page title={t("key.title")} intro={t("key.intro")}>
      {v1 && (
        <Panel title={t("key.v1")} extra={write && (
          <ConfirmAction label={t("key.renew")} title={t("key.renew_title")} cost={t("key.renew_cost")} irreversible={t("key.renew_irreversible")} danger
            run={({ key }) => send("POST", `${keysPath}/v1/renew`, undefined, key)} onDone={changed} doneText={t("key.renewed")} />
        )}>
          <p className={css.hint}>{t("key.v1_hint")}</p>
          <Facts facts={[
            { label: t("key.secret"), value: write ? <SecretText key={v1.id} label={t("key.v1")} reveal={reveal(v1.id)} /> : "••••••••" },
            { label: t("key.created"), value: <Time at={v1.createdAt} /> },
          ]} />
        </Panel>
      )}
      <ResourceTable<AccessKey>
        id="seller.keys" path={keysPath} query={{ generation: "v2" }} label={t("key.v2")} rowKey={(row) => row.id} exportable={false}
        columns={[
          { key: "name", title: t("key.name"), main: true },
          { key: "id", title: t("key.id"), render: (row) => <CopyText text={row.id} /> },
          { key: "secret", title: t("key.secret"), csv: false, render: (row) => (write ? <SecretText label={row.name} reveal={reveal(row.id)} /> : "••••••••") },
          { key: "category", title: t("key.category"), render: (row) => (row.category ? t(`category.${row.category}`) : <span className="faint">{t("key.unbound")}</span>) },
          { key: "bindings", title: t("key.bindings"), align: "right" },
          { key: "state", title: t("key.state"), render: (row) => <StateTag kind="key" state={row.state} /> },
          { key: "createdAt", title: t("key.created"), hidden: true, render: (row) => <Time at={row.createdAt} /> },
        ]}
        actions={write && <Button type="primary" onClick={() => setMaking(true)}>{t("key.create")}</Button>}
        rowActions={(row) => write && row.state === "active" && row.bindings === 0 && (
          <ConfirmAction label={t("key.disable")} title={t("key.disable_title", { name: row.name })} irreversible={t("key.disable_cost")} danger button={{ size: "small" }}
            run={({ key }) => send("POST", `${keysPath}/${row.id}/disable`, undefined, key)} onDone={changed} doneText={t("key.disabled")} />
        )}
        empty={{ title: t("key.none"), hint: t("key.none_hint") }}
      />
      {making && (
        <Modal open title={t("key.create")} footer={null} onCancel={() => setMaking(false)} destroyOnHidden>
          <ResourceForm<{ name: string }, AccessKey> guard={false} initialValues={{ name: "" }} submitLabel={t("key.create")} doneText={t("key.made")} onCancel={() => setMaking(false)}
            submit={(values, key) => send<AccessKey>("POST", keysPath, values, key)} onDone={async () => { setMaking(false); await changed(); }}>
            <Form.Item name="name" label={t("key.name")} required extra={t("key.name_hint")}><Input maxLength={40} autoFocus /></Form.Item>
          </ResourceForm>
        </Modal>
      )}
      <OpenApiKeys />
    </Page>
  );
}
