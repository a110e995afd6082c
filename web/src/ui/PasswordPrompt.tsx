import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { reauthenticate, useSession } from "../api/session";
import { ProblemText } from "./ProblemText";

/** Asks for the password again before a sensitive action; the refused call then goes on by itself. */
export function PasswordPrompt({ onDone }: { onDone: (right: boolean) => void }) {
  const { t } = useTranslation();
  const { session } = useSession();
  const [form] = Form.useForm<{ password: string }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const enter = async ({ password }: { password: string }) => {
    setBusy(true);
    setFailure(null);
    try {
      await reauthenticate(password);
      onDone(true);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal open title={t("password.title")} okText={t("password.ok")} cancelText={t("action.cancel")} confirmLoading={busy}
      onOk={() => form.submit()} onCancel={() => onDone(false)}>
      <Form form={form} layout="vertical" disabled={busy} onFinish={(values) => void enter(values)}>
        <p className="soft" style={{ marginBottom: 16 }}>{t("password.text")}</p>
        <input type="email" name="username" autoComplete="username" value={session?.user?.email ?? ""} readOnly hidden />
        <Form.Item name="password" label={t("password.label")} rules={[{ required: true, message: t("form.required") }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        {failure !== null && <ProblemText error={failure} />}
      </Form>
    </Modal>
  );
}
