import { Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { proveFactor } from "../api/session";
import { asProblem } from "../api/problem";
import { CodeInput } from "./CodeInput";
import { ProblemText } from "./ProblemText";

/** Asks for a code of the second factor before a sensitive action; the refused call then goes on by itself. */
export function CodePrompt({ onDone }: { onDone: (right: boolean) => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ code: string }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const enter = async ({ code }: { code: string }) => {
    setBusy(true);
    setFailure(null);
    try {
      await proveFactor(code);
      onDone(true);
    } catch (error) {
      const field = asProblem(error).fields[0];
      if (field) form.setFields([{ name: "code", errors: [field.message] }]);
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal open title={t("code.title")} okText={t("code.ok")} cancelText={t("action.cancel")} confirmLoading={busy}
      onOk={() => form.submit()} onCancel={() => onDone(false)}>
      <Form form={form} layout="vertical" disabled={busy} onFinish={(values) => void enter(values)}>
        <p className="soft" style={{ marginBottom: 16 }}>{t("code.text")}</p>
        <Form.Item name="code" label={t("code.label")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><CodeInput autoFocus /></Form.Item>
        {failure !== null && <ProblemText error={failure} />}
      </Form>
    </Modal>
  );
}
