import { Alert, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { ResourceForm } from "../../ui/ResourceForm";
import css from "./auth.module.css";
import { linkKind } from "./link";

/** Asks for a reset link. Whether somebody has the e-mail address is not told. */
export function ForgotPasswordPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("forgot.title"));
  const [params] = useSearchParams();
  const { site } = useSession();
  const [sentTo, setSentTo] = useState("");
  return (
    <>
      <h1>{t("forgot.title")}</h1>
      {sentTo ? (
        <div className={css.stack} role="status">
          <p>{t("forgot.sent", { email: sentTo })}</p>
          {site.demo && <Alert type="info" showIcon title={t("demo.outbox_hint")} description={<Link to={`/demo?to=${encodeURIComponent(sentTo)}`}>{t("demo.outbox")}</Link>} />}
        </div>
      ) : (
        <>
          <p className={css.intro}>{t("forgot.intro")}</p>
          <ResourceForm<{ email: string }, { email: string }> guard={false} submitLabel={t("forgot.submit")}
            submit={({ email }, key) => send("POST", "/api/v1/password-reset", { email, kind: linkKind(params) }, key)} onDone={(answer) => setSentTo(answer.email)}>
            <Form.Item name="email" label={t("email")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input type="email" autoComplete="username" autoFocus /></Form.Item>
          </ResourceForm>
        </>
      )}
      <div className={css.more}><Link to="/sign-in">{t("back_to_sign_in")}</Link></div>
    </>
  );
}
