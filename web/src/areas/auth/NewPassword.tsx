import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** A new password, typed twice. The second one never leaves the browser. */
export function NewPassword({ name = "password", label, autoFocus = false }: { name?: string; label: string; autoFocus?: boolean }) {
  const { t } = useTranslation("people");
  return (
    <>
      <Form.Item name={name} label={label} extra={t("password_rule")} rules={[{ required: true, message: t("form.required") }]}>
        <Input.Password autoComplete="new-password" maxLength={128} autoFocus={autoFocus} />
      </Form.Item>
      <Form.Item name="repeated" label={t("password_again")} dependencies={[name]} rules={[
        { required: true, message: t("form.required") },
        ({ getFieldValue }) => ({ validator: (_, value) => (!value || value === getFieldValue(name) ? Promise.resolve() : Promise.reject(new Error(t("password_differs")))) }),
      ]}>
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
    </>
  );
}
