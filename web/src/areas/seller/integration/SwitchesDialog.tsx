import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Input, InputNumber, Modal, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { get, send } from "../../../api/client";
import { PageError } from "../../../ui/PageError";
import { ResourceForm } from "../../../ui/ResourceForm";
import type { Switches } from "../address";
import css from "./integration.module.css";

interface Switched {
  id: string;
  origin: string;
  acceptUnsigned: boolean;
  switches: Switches;
  suppressible?: string[] | null;
}

interface Values extends Switches { reason?: string }

const paths = { seller: "/api/v1/seller/addresses", operator: "/api/v1/operator/addresses" };

/** How the calls to one address differ from the documents. Operators give a reason. */
export function SwitchesDialog({ side, addressId, onClose, onChanged }: { side: "seller" | "operator"; addressId: string; onClose: () => void; onChanged: () => Promise<void> }) {
  const { t } = useTranslation("integration");
  const path = `${paths[side]}/${addressId}`;
  const { data, error, refetch } = useQuery({ queryKey: ["switches", side, addressId], queryFn: ({ signal }) => get<Switched>(path, undefined, signal), staleTime: 0, gcTime: 0 });
  return (
    <Modal open title={data ? t("switches.title", { origin: data.origin }) : t("switches.button")} onCancel={onClose} footer={null} width={640} destroyOnHidden>
      {error && !data && <PageError error={error} onRetry={() => void refetch()} />}
      {data && (
        <ResourceForm<Values> guard={false} initialValues={data.switches} submitLabel={t("action.save")} doneText={t("switches.saved")} onCancel={onClose}
          submit={({ reason, ...switches }, key) => send("PUT", `${path}/switches`, side === "operator" ? { switches, reason: reason ?? "" } : switches, key)}
          onDone={async () => { onClose(); await onChanged(); }}>
          <p className={`soft ${css.gap}`}>{t("switches.hint")}</p>
          <Form.Item name="timeoutSeconds" label={t("switches.timeout")} extra={t("switches.timeout_hint")}><InputNumber min={1} max={60} suffix={t("switches.seconds")} style={{ width: 160 }} /></Form.Item>
          <Form.Item name="suppress" label={t("switches.suppress")} extra={t("switches.suppress_hint")}>
            <Select mode="multiple" allowClear placeholder={t("switches.suppress_none")} options={(data.suppressible ?? []).map((value) => ({ value, label: value }))} />
          </Form.Item>
          <Form.Item name="hexCase" label={t("switches.hex_case")} extra={t("switches.hex_case_hint")}>
            <Radio.Group options={["upper", "lower"].map((value) => ({ value, label: t(`switches.hex_${value}`) }))} />
          </Form.Item>
          <Form.Item name="productInfo" label={t("switches.product_info")} extra={t("switches.product_info_hint")}>
            <Radio.Group options={["text", "object"].map((value) => ({ value, label: t(`switches.product_info_${value}`) }))} />
          </Form.Item>
          {side === "seller" && <Alert className={css.gap!} type={data.acceptUnsigned ? "warning" : "info"} showIcon title={t(data.acceptUnsigned ? "switches.unsigned_on" : "switches.unsigned_off")} description={t("switches.unsigned_hint")} />}
          {side === "operator" && <Form.Item name="reason" label={t("switches.reason")} required><Input.TextArea rows={2} maxLength={500} showCount /></Form.Item>}
        </ResourceForm>
      )}
    </Modal>
  );
}
