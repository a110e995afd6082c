import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import css from "./auth.module.css";

interface DemoAccount {
  role: "buyer" | "seller" | "operator";
  name: string;
  account: string;
  email: string;
  password: string;
}

interface DemoMail {
  id: string;
  toAddress: string;
  state: string;
  subject: string;
  body: string;
  createdAt: string;
}

const home = { buyer: "/", seller: "/seller", operator: "/operator" };

/** The demo's accounts, one click each, and the letters that never leave it. */
export function DemoPage() {
  const { t } = useTranslation("people");
  const { refresh } = useSession();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const { data, error, refetch } = useQuery({ queryKey: ["demo"], queryFn: ({ signal }) => get<{ accounts: DemoAccount[] }>("/api/v1/demo", undefined, signal) });
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  const enter = async ({ role, email, password }: DemoAccount) => {
    try {
      await send("POST", role === "operator" ? "/api/v1/operator/session" : "/api/v1/session", { email, password });
      await refresh();
      await navigate(home[role] ?? "/");
    } catch (failure) {
      toast.error(problemText(failure));
    }
  };
  return (
    <Page title={t("demo.title")} intro={t("demo.intro")}>
      <div className={css.stack}>
        <Panel title={t("demo.accounts")}>
          <ul className={css.messages}>
            {data?.accounts.map((one) => (
              <li key={one.email} className={css.message}>
                <strong>{t(`demo.role_${one.role}`)} · {one.account || one.name}</strong>
                <span>{one.name} · <CopyText text={one.email} /> · {t("password")} <CopyText text={one.password} /></span>
                <span><Button size="small" onClick={() => void enter(one)}>{t("demo.enter", { name: one.name })}</Button></span>
              </li>
            ))}
          </ul>
          {data?.accounts.length === 0 && <Alert type="info" title={t("demo.no_accounts")} />}
        </Panel>
        <Panel title={t("demo.outbox")}>
          <ResourceTable<DemoMail>
            id="demo.mails" path="/api/v1/demo/mails" label={t("demo.outbox")} rowKey={(row) => row.id} exportable={false} refreshEvery={5_000}
            filters={[{ key: "to", type: "text", label: t("system.to") }]}
            columns={[
              { key: "subject", title: t("demo.letter"), main: true, render: (row) => <details><summary>{row.subject}</summary><Body text={row.body} /></details> },
              { key: "toAddress", title: t("system.to") },
              { key: "state", title: t("users.state"), render: (row) => <StateTag kind="mail" state={row.state} /> },
              { key: "createdAt", title: t("system.created"), render: (row) => <Time at={row.createdAt} relative /> },
            ]}
            empty={{ title: t("system.no_mails"), hint: t("demo.no_mails_hint") }}
          />
        </Panel>
      </div>
    </Page>
  );
}

/** A letter's text; addresses in it are links. */
function Body({ text }: { text: string }) {
  return (
    <pre className={css.letter}>
      {text.split(/(https?:\/\/\S+)/).map((part, index) => (/^https?:\/\//.test(part) ? <a key={index} href={part}>{part}</a> : part))}
    </pre>
  );
}
