import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Facts } from "../../ui/DetailPage";
import { Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { openApiKeysPath, type OpenApiKey } from "./address";
import css from "./seller.module.css";

/** The AK/SK with which the seller's programs sign calls of the open API, such as the order query. */
export function OpenApiKeys() {
  const { t } = useTranslation("sellers");
  const { can } = useSession();
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<OpenApiKey | null>(null);
  const changed = async () => { await client.invalidateQueries({ queryKey: listKey(openApiKeysPath) }); };

  return (
    <>
      <Panel title={t("aksk.title")}>
        <p className={css.hint}>{t("aksk.hint")}</p>
        <Facts facts={[{ label: t("aksk.endpoint"), value: <CopyText text={window.location.origin} /> }]} />
      </Panel>
      <ResourceTable<OpenApiKey>
        id="seller.access_keys" path={openApiKeysPath} label={t("aksk.title")} rowKey={(row) => row.id} exportable={false}
        columns={[
          { key: "name", title: t("key.name"), main: true },
          { key: "accessKey", title: t("aksk.ak"), render: (row) => <CopyText text={row.accessKey} /> },
          { key: "state", title: t("key.state"), render: (row) => <StateTag kind="key" state={row.state} /> },
          { key: "usedAt", title: t("aksk.used"), render: (row) => (row.usedAt ? <Time at={row.usedAt} relative /> : <span className="faint">{t("aksk.unused")}</span>) },
          { key: "createdAt", title: t("key.created"), render: (row) => <Time at={row.createdAt} /> },
        ]}
        actions={can("account:manage") && <Button onClick={() => setMaking(true)}>{t("aksk.create")}</Button>}
        rowActions={(row) => can("address:write") && row.state === "active" && (
          <ConfirmAction label={t("key.disable")} title={t("key.disable_title", { name: row.name })} irreversible={t("aksk.disable_cost")} danger button={{ size: "small" }}
            run={({ key }) => send("POST", `${openApiKeysPath}/${row.id}/disable`, undefined, key)} onDone={changed} doneText={t("aksk.disabled")} />
        )}
        empty={{ title: t("aksk.none"), hint: t(can("account:manage") ? "aksk.none_hint" : "aksk.owner_hint") }}
      />
      {making && (
        <Modal open title={t("aksk.create")} footer={null} onCancel={() => setMaking(false)} destroyOnHidden>
          <ResourceForm<{ name: string }, OpenApiKey> guard={false} initialValues={{ name: "" }} submitLabel={t("aksk.create")} onCancel={() => setMaking(false)}
            submit={(values, key) => send<OpenApiKey>("POST", openApiKeysPath, values, key)} onDone={async (key) => { setMaking(false); setMade(key); await changed(); }}>
            <Form.Item name="name" label={t("key.name")} required extra={t("aksk.name_hint")}><Input maxLength={40} autoFocus /></Form.Item>
          </ResourceForm>
        </Modal>
      )}
      {made && (
        <Modal open title={made.name} mask={{ closable: false }} onCancel={() => setMade(null)} footer={<Button type="primary" onClick={() => setMade(null)}>{t("aksk.kept")}</Button>}>
          <div className={css.stack}>
            <Alert type="warning" showIcon title={t("aksk.once")} />
            <Facts facts={[{ label: t("aksk.ak"), value: <CopyText text={made.accessKey} /> }, { label: t("aksk.sk"), value: <CopyText text={made.secretKey} /> }]} />
          </div>
        </Modal>
      )}
    </>
  );
}
