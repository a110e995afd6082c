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
import { NewPassword } from "./NewPassword";

interface Values {
  name: string;
  email: string;
  password: string;
}

/** Makes the first operator with the link that the first start printed. */
export function SetupPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("setup.title"));
  const [token] = useState(linkToken);
  const navigate = useNavigate();
  const { refresh } = useSession();
  return (
    <>
      <h1>{t("setup.title")}</h1>
      <p className={css.intro}>{t("setup.intro")}</p>
      <ResourceForm<Values, Session> guard={false} submitLabel={t("setup.submit")}
        submit={({ name, email, password }, key) => send("POST", "/api/v1/setup", { token, name, email, password }, key)}
        onDone={async () => { await refresh(); await navigate("/operator/settings", { replace: true }); }}>
        <Form.Item name="name" label={t("your_name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input autoComplete="name" maxLength={60} /></Form.Item>
        <Form.Item name="email" label={t("email")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input type="email" autoComplete="username" /></Form.Item>
        <NewPassword label={t("password")} />
      </ResourceForm>
    </>
  );
}
