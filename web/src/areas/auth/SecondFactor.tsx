import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Modal, QRCode, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { CodeInput } from "../../ui/CodeInput";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyButton } from "../../ui/CopyText";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ProblemText } from "../../ui/ProblemText";
import { ResourceForm } from "../../ui/ResourceForm";
import { Time } from "../../ui/Time";
import { RecoveryCodes } from "./RecoveryCodes";
import css from "./SecondFactor.module.css";

interface Factor {
  enabled: boolean;
  since?: string;
  codesLeft: number;
  required: boolean;
}

interface Enrolment {
  secret: string;
  uri: string;
}

const path = "/api/v1/session/second-factor";

/** The own second factor: set up, recovery codes, switch off. */
export function SecondFactor() {
  const { t } = useTranslation("factor");
  const { refresh } = useSession();
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [disabling, setDisabling] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ["second-factor"], queryFn: ({ signal }) => get<Factor>(path, undefined, signal) });
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const kept = async () => { setCodes(null); await refetch(); await refresh(); };

  return (
    <Panel title={t("title")} extra={<Tag color={data.enabled ? "success" : "default"}>{t(data.enabled ? "on" : "off")}</Tag>}>
      <div className={css.stack}>
        {data.required && !data.enabled && <Alert type="warning" showIcon title={t("required")} description={t("required_text")} />}
        {!data.enabled && !enrolment && <>
          <p className="soft">{t("off_text")}</p>
          <Start onStarted={setEnrolment} />
        </>}
        {!data.enabled && enrolment && <Enrol enrolment={enrolment} onCancel={() => setEnrolment(null)} onDone={(made) => { setEnrolment(null); setCodes(made); }} />}
        {data.enabled && <>
          <p>{data.since && <>{t("since")} <Time at={data.since} /> · </>}{t("codes_left", { count: data.codesLeft })}</p>
          {data.codesLeft < 3 && <Alert type="warning" showIcon title={t("few_left")} />}
          {data.required && <p className="soft">{t("cannot_disable")}</p>}
          <div className={css.row}>
            <ConfirmAction<{ codes: string[] }> label={t("renew")} title={t("renew_title")} cost={t("renew_cost")} run={() => send("POST", `${path}/codes`)} onDone={(made) => setCodes(made.codes)} />
            {!data.required && <Button danger onClick={() => setDisabling(true)}>{t("disable")}</Button>}
          </div>
        </>}
      </div>
      {codes && <RecoveryCodes codes={codes} onKept={() => void kept()} />}
      {disabling && <Disable onClose={() => setDisabling(false)} onDone={async () => { setDisabling(false); await refetch(); }} />}
    </Panel>
  );
}

function Start({ onStarted }: { onStarted: (enrolment: Enrolment) => void }) {
  const { t } = useTranslation("factor");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const start = async () => {
    setBusy(true);
    setFailure(null);
    try {
      onStarted(await send<Enrolment>("POST", path));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return <>
    <Button type="primary" loading={busy} onClick={() => void start()}>{t("start")}</Button>
    {failure !== null && <ProblemText error={failure} />}
  </>;
}

/** A key in groups of four is easier to type. */
const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");

function Enrol({ enrolment, onDone, onCancel }: { enrolment: Enrolment; onDone: (codes: string[]) => void; onCancel: () => void }) {
  const { t } = useTranslation("factor");
  return (
    <div className={css.enrol}>
      <div className={css.qr}>
        <QRCode aria-label={t("qr")} value={enrolment.uri} type="svg" size={192} bordered={false} color="black" bgColor="white" errorLevel="M" />
      </div>
      <div className={css.steps}>
        <p>{t("scan")} <a className={css.open!} href={enrolment.uri}>{t("open_app")}</a></p>
        <div><span className="soft">{t("manual")}</span><div className={css.row}><span className={`mono ${css.key}`} data-testid="factor-key">{grouped(enrolment.secret)}</span><CopyButton text={enrolment.secret} /></div></div>
        <p>{t("enter")}</p>
        <ResourceForm<{ code: string }, { codes: string[] }> guard={false} submitLabel={t("confirm")} doneText={t("confirmed")} onCancel={onCancel}
          submit={({ code }) => send("POST", `${path}/confirm`, { code })} onDone={(made) => onDone(made.codes)}>
          <Form.Item name="code" label={t("code")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><CodeInput inputMode="numeric" autoFocus /></Form.Item>
        </ResourceForm>
      </div>
    </div>
  );
}

function Disable({ onClose, onDone }: { onClose: () => void; onDone: () => Promise<void> }) {
  const { t } = useTranslation("factor");
  return (
    <Modal open title={t("disable_title")} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="soft" style={{ marginBottom: 16 }}>{t("disable_text")}</p>
      <ResourceForm<{ password: string; code: string }> guard={false} submitLabel={t("disable")} doneText={t("disabled")} onCancel={onClose}
        submit={(values) => send("POST", `${path}/disable`, values)} onDone={onDone}>
        <Form.Item name="password" label={t("password")} rules={[{ required: true, message: t("form.required") }]}><Input.Password autoComplete="current-password" /></Form.Item>
        <Form.Item name="code" label={t("code_or_recovery")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><CodeInput /></Form.Item>
      </ResourceForm>
    </Modal>
  );
}
