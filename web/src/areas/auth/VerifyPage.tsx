import { Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { send } from "../../api/client";
import { useSession, type Session } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { ResourceForm } from "../../ui/ResourceForm";
import css from "./auth.module.css";
import { linkToken } from "./link";

/** Ends a sign-up: the letter's link proves the mailbox, the password proves who signed up. */
export function VerifyPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("verify.title"));
  const [token] = useState(linkToken);
  const navigate = useNavigate();
  const { refresh } = useSession();
  return (
    <>
      <h1>{t("verify.title")}</h1>
      <p className={css.intro}>{t("verify.intro")}</p>
      <ResourceForm<{ password: string }, Session> guard={false} submitLabel={t("verify.submit")}
        submit={({ password }, key) => send("POST", "/api/v1/sign-up/verify", { token, password }, key)}
        onDone={async () => { await refresh(); await navigate("/buyer/account", { replace: true }); }}>
        <Form.Item name="password" label={t("password")} rules={[{ required: true, message: t("form.required") }]}><Input.Password autoComplete="current-password" autoFocus /></Form.Item>
      </ResourceForm>
    </>
  );
}
