import { Alert, Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { Session } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { CodeInput } from "../../ui/CodeInput";
import { ProblemText } from "../../ui/ProblemText";
import css from "./auth.module.css";

interface Props {
  onDone: (session: Session) => Promise<void>;
  /** Back to the password, with the reason when it has to be entered again. */
  onBack: (why: unknown) => void;
}

/** The second step of a sign-in: a code of the device, or a recovery code. */
export function SecondStep({ onDone, onBack }: Props) {
  const { t } = useTranslation("factor");
  usePageTitle(t("step_title"));
  const [form] = Form.useForm<{ code: string }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const enter = async ({ code }: { code: string }) => {
    setBusy(true);
    setFailure(null);
    try {
      await onDone(await send<Session>("POST", "/api/v1/session/second-step", { code }));
    } catch (error) {
      const problem = asProblem(error);
      const field = problem.fields[0];
      if (problem.code === "identity.sign_in_over") onBack(error);
      else if (field) form.setFields([{ name: "code", errors: [field.message] }]);
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <h1>{t("step_title")}</h1>
      <p className={css.intro}>{t("step_text")}</p>
      <Form form={form} layout="vertical" disabled={busy} requiredMark={false} onFinish={(values) => void enter(values)}>
        <Form.Item name="code" label={t("code_or_recovery")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><CodeInput autoFocus /></Form.Item>
        {failure !== null && <Alert type="error" showIcon role="alert" style={{ marginBottom: 16 }} title={<ProblemText error={failure} />} />}
        <Button type="primary" htmlType="submit" block loading={busy}>{t("step_submit")}</Button>
      </Form>
      <div className={css.more}>
        <span>{t("step_lost")}</span>
        <Button type="link" style={{ justifySelf: "start", padding: 0 }} onClick={() => onBack(null)}>{t("step_back")}</Button>
      </div>
    </>
  );
}
