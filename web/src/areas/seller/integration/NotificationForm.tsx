import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { get, send, type Page } from "../../../api/client";
import { listKey } from "../../../ui/ResourceTable";
import { ResourceForm } from "../../../ui/ResourceForm";
import { addressesPath, type ProductionAddress } from "../address";
import css from "./integration.module.css";
import { notificationPath, type Notification } from "./notification";

interface Values { addressId: string; path: string; kinds: string[] }

/** Sets order notification up: address, path, and the kinds of products whose orders are told of. */
export function NotificationForm({ settings, onDone, onCancel }: { settings: Notification; onDone: (settings: Notification) => void; onCancel: () => void }) {
  const { t } = useTranslation("integration");
  const query = { limit: 100 };
  const { data } = useQuery({ queryKey: listKey(addressesPath, query), queryFn: ({ signal }) => get<Page<ProductionAddress>>(addressesPath, query, signal) });
  return (
    <ResourceForm<Values, Notification> guard={false} submitLabel={t("action.save")} doneText={t("notice.saved")} onCancel={onCancel} onDone={onDone}
      initialValues={{ ...(settings.addressId ? { addressId: settings.addressId } : {}), path: settings.path, kinds: settings.kinds.filter((one) => one.on).map((one) => one.kind) }}
      submit={({ addressId, path, kinds }, key) => send<Notification>("PUT", notificationPath, { addressId, path, kinds: Object.fromEntries(settings.kinds.map(({ kind }) => [kind, kinds.includes(kind)])) }, key)}>
      <Form.Item name="addressId" label={t("target.address")} rules={[{ required: true, message: t("form.required") }]}>
        <Select placeholder={t("target.choose")} options={(data?.items ?? []).map((one) => ({ value: one.id, disabled: one.state !== "verified" || !one.generations.includes("v2"), label: one.origin }))} />
      </Form.Item>
      <Form.Item name="path" label={t("target.path")}><Input className="mono" maxLength={200} autoComplete="off" spellCheck={false} placeholder="/notices" /></Form.Item>
      <Form.Item name="kinds" label={t("notice.kinds")} extra={t("notice.kinds_hint")}>
        <Checkbox.Group className={css.kinds!} options={settings.kinds.map(({ kind }) => ({ value: kind, label: t(`product_kind.${kind}`, { defaultValue: kind }) }))} />
      </Form.Item>
    </ResourceForm>
  );
}
