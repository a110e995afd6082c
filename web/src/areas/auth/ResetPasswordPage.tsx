import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { ResourceForm } from "../../ui/ResourceForm";
import css from "./auth.module.css";
import { linkKind, linkToken } from "./link";
import { NewPassword } from "./NewPassword";

/** Sets a new password with a letter's link. All devices are signed out then. */
export function ResetPasswordPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("reset.title"));
  const [params] = useSearchParams();
  const [token] = useState(linkToken);
  const [done, setDone] = useState(false);
  const { refresh } = useSession();
  const kind = linkKind(params);
  return (
    <>
      <h1>{t("reset.title")}</h1>
      {done ? <p role="status">{t("reset.done")}</p> : (
        <>
          <p className={css.intro}>{t("reset.intro")}</p>
          <ResourceForm<{ password: string }> guard={false} submitLabel={t("reset.submit")}
            submit={({ password }, key) => send("POST", "/api/v1/password-reset/confirm", { token, kind, password }, key)}
            onDone={async () => { await refresh(); setDone(true); }}>
            <NewPassword label={t("new_password")} autoFocus />
          </ResourceForm>
        </>
      )}
      <div className={css.more}>
        <Link to={kind === "operator" ? "/sign-in?as=operator" : "/sign-in"}>{t("back_to_sign_in")}</Link>
        {!done && <Link to={kind === "operator" ? "/forgot-password?kind=operator" : "/forgot-password"}>{t("reset.ask_again")}</Link>}
      </div>
    </>
  );
}
