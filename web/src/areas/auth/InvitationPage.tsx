import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { useSession, type Session } from "../../api/session";
import { usePageTitle } from "../../app/title";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import css from "./auth.module.css";
import { homeOf, linkKind, linkToken } from "./link";
import { NewPassword } from "./NewPassword";

interface Invited {
  email: string;
  name: string;
  account: string;
}

/** The first password of an invited sub-user or operator. */
export function InvitationPage() {
  const { t } = useTranslation("people");
  usePageTitle(t("invitation.title"));
  const [params] = useSearchParams();
  const [token] = useState(linkToken);
  const kind = linkKind(params);
  const navigate = useNavigate();
  const { refresh } = useSession();
  const { data, error } = useQuery({
    queryKey: ["invitation", token], retry: false, staleTime: Infinity,
    queryFn: () => send<Invited>("POST", "/api/v1/invitations/show", { token, kind }),
  });
  if (error) return <PageError error={error} />;
  return (
    <>
      <h1>{t("invitation.title")}</h1>
      {data && (
        <>
          <p className={css.intro}>{t(kind === "operator" ? "invitation.operator_intro" : "invitation.intro", { ...data })}</p>
          <ResourceForm<{ password: string }, Session> guard={false} submitLabel={t("invitation.submit")}
            submit={({ password }, key) => send("POST", "/api/v1/invitations/accept", { token, kind, password }, key)}
            onDone={async (session) => { await refresh(); await navigate(homeOf(session.kind), { replace: true }); }}>
            <input type="email" name="username" autoComplete="username" value={data.email} readOnly hidden />
            <NewPassword label={t("password")} autoFocus />
          </ResourceForm>
        </>
      )}
    </>
  );
}
