import { Form, InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";

/** How sellers' interfaces are watched, and what happens by itself. */
export function ProbingFields() {
  const { t } = useTranslation("quality");
  return (
    <>
      <Form.Item name={["probing", "enabled"]} label={t("settings.enabled")} extra={t("settings.enabled_hint")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name={["probing", "days"]} label={t("settings.days")} extra={t("settings.days_hint")}><InputNumber min={1} max={30} /></Form.Item>
      <Form.Item name={["probing", "autoFreeze"]} label={t("settings.freeze")} extra={t("settings.freeze_hint")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name={["probing", "autoSuspend"]} label={t("settings.suspend")} extra={t("settings.suspend_hint")} valuePropName="checked"><Switch /></Form.Item>
    </>
  );
}
