import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { asProblem } from "../../api/problem";
import { safeTarget, securityPath, useSession, type Session } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { ProblemText } from "../../ui/ProblemText";
import { toast } from "../../ui/feedback";
import css from "./auth.module.css";
import { homeOf } from "./link";
import { SecondStep } from "./SecondStep";

interface Values {
  email: string;
  password: string;
}

/** Sign-in of users, and of operators when their console asked for it. Goes back to where the person came from. */
export function SignInPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("sign_in.title"));
  const [params, setParams] = useSearchParams();
  const next = params.get("next");
  const operator = params.get("as") === "operator" || (params.get("as") === null && safeTarget(next).startsWith("/operator"));
  const navigate = useNavigate();
  const { refresh } = useSession();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const [second, setSecond] = useState(false);

  const arrive = async (session: Session) => {
    await refresh();
    await navigate(session.secondFactorDue ? securityPath(session.kind) : safeTarget(next, homeOf(session.kind)), { replace: true });
  };

  const enter = async (values: Values) => {
    setBusy(true);
    setFailure(null);
    try {
      const session = await send<Session>("POST", operator ? "/api/v1/operator/session" : "/api/v1/session", values);
      if (session.secondStep) setSecond(true);
      else await arrive(session);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  const again = async () => {
    try {
      await send("POST", "/api/v1/sign-up/again", { email: form.getFieldValue("email") as string });
      toast.success(t("sign_up.sent_again"));
    } catch (error) {
      setFailure(error);
    }
  };

  const switchTo = (as: string) => {
    const changed = new URLSearchParams(params);
    changed.set("as", as);
    if (next) changed.delete("next"); // it belongs to the other console
    setParams(changed, { replace: true });
  };

  if (second) {
    return <SecondStep onDone={arrive} onBack={(why) => { form.resetFields(["password"]); setFailure(why); setSecond(false); }} />;
  }
  return (
    <>
      <h1>{t(operator ? "sign_in.operator_title" : "sign_in.title")}</h1>
      <p className={css.intro}>{t(operator ? "sign_in.operator_intro" : "sign_in.intro")}</p>
      <Form<Values> form={form} layout="vertical" disabled={busy} requiredMark={false} onFinish={(values) => void enter(values)}>
        <Form.Item name="email" label={t("email")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input type="email" autoComplete="username" autoFocus inputMode="email" />
        </Form.Item>
        <Form.Item name="password" label={t("password")} rules={[{ required: true, message: t("form.required") }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {failure !== null && (
          <Alert type="error" showIcon role="alert" style={{ marginBottom: 16 }} title={<ProblemText error={failure} />}
            description={asProblem(failure).code === "identity.unverified" && <Button type="link" onClick={() => void again()}>{t("sign_up.again")}</Button>} />
        )}
        <Button type="primary" htmlType="submit" block loading={busy}>{t("sign_in.submit")}</Button>
      </Form>
      <div className={css.more}>
        <Link to={operator ? "/forgot-password?kind=operator" : "/forgot-password"}>{t("sign_in.forgot")}</Link>
        {!operator && <span>{t("sign_in.no_account")} <Link to="/sign-up">{t("sign_up.title")}</Link></span>}
        <Button type="link" style={{ justifySelf: "start", padding: 0 }} onClick={() => switchTo(operator ? "user" : "operator")}>{t(operator ? "sign_in.as_user" : "sign_in.as_operator")}</Button>
      </div>
    </>
  );
}
