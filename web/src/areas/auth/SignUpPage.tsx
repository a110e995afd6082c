import { Alert, Button, Checkbox, Form, Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { currentLang } from "../../i18n";
import { ProblemText } from "../../ui/ProblemText";
import { ResourceForm } from "../../ui/ResourceForm";
import { toast } from "../../ui/feedback";
import css from "./auth.module.css";

interface Values {
  kind: "company" | "person";
  accountName?: string;
  name: string;
  email: string;
  password: string;
  agreed: boolean;
}

/** A new account. The answer is the same for every e-mail address: look into the mailbox. */
export function SignUpPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("sign_up.title"));
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch("kind", form) ?? "company";
  const [sentTo, setSentTo] = useState("");
  if (sentTo) return <Sent email={sentTo} />;
  return (
    <>
      <h1>{t("sign_up.title")}</h1>
      <p className={css.intro}>{t("sign_up.intro")}</p>
      <ResourceForm<Values, { email: string }> form={form} guard={false} initialValues={{ kind: "company" }} submitLabel={t("sign_up.submit")}
        submit={(values, key) => send("POST", "/api/v1/sign-up", { ...values, agreed: Boolean(values.agreed), locale: currentLang() }, key)} onDone={(answer) => setSentTo(answer.email)}>
        <Form.Item name="kind" label={t("account.kind")}>
          <Radio.Group options={[{ value: "company", label: t("kind.company") }, { value: "person", label: t("kind.person") }]} />
        </Form.Item>
        {kind === "company" && (
          <Form.Item name="accountName" label={t("account.company_name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
            <Input autoComplete="organization" maxLength={60} />
          </Form.Item>
        )}
        <Form.Item name="name" label={t("your_name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input autoComplete="name" maxLength={60} /></Form.Item>
        <Form.Item name="email" label={t("email")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input type="email" autoComplete="email" /></Form.Item>
        <Form.Item name="password" label={t("password")} extra={t("password_rule")} rules={[{ required: true, message: t("form.required") }]}>
          <Input.Password autoComplete="new-password" maxLength={128} />
        </Form.Item>
        <Form.Item name="agreed" valuePropName="checked">
          <Checkbox className={css.text!}>{t("sign_up.agree")} <Link to="/legal/terms" target="_blank">{t("footer.terms")}</Link> · <Link to="/legal/privacy" target="_blank">{t("footer.privacy")}</Link></Checkbox>
        </Form.Item>
      </ResourceForm>
      <div className={css.more}><span>{t("sign_up.have_account")} <Link to="/sign-in">{t("sign_in.title")}</Link></span></div>
    </>
  );
}

function Sent({ email }: { email: string }) {
  const { t } = useTranslation("people");
  const { site } = useSession();
  const [failure, setFailure] = useState<unknown>(null);
  const again = async () => {
    setFailure(null);
    try {
      await send("POST", "/api/v1/sign-up/again", { email });
      toast.success(t("sign_up.sent_again"));
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <div className={css.stack} role="status">
      <h1>{t("sign_up.sent")}</h1>
      <p>{t("sign_up.sent_text", { email })}</p>
      <p className="soft">{t("sign_up.not_arrived")}</p>
      {site.demo && <Alert type="info" showIcon title={t("demo.outbox_hint")} description={<Link to={`/demo?to=${encodeURIComponent(email)}`}>{t("demo.outbox")}</Link>} />}
      {failure !== null && <ProblemText error={failure} />}
      <Button onClick={() => void again()}>{t("sign_up.again")}</Button>
    </div>
  );
}
