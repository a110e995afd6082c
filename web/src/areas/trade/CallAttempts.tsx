import { Alert, Collapse } from "antd";
import { useTranslation } from "react-i18next";
import type { Call } from "../../ui/call";
import { CallView } from "../../ui/CallView";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { CallAttempt, CallDetail } from "./call";
import { signatureParts } from "./signature";
import css from "./trade.module.css";

const milliseconds = (attempt: CallAttempt): number => Math.max(0.1, Math.round(attempt.durationUs / 100) / 10);

/** Every attempt with what was sent and answered; the newest stands open. */
export function CallAttempts({ call }: { call: CallDetail }) {
  const { t } = useTranslation("trade");
  const newest = call.tries[0];
  return (
    <Panel title={t("call.attempts")}>
      {!newest ? <p className="faint">{t("call.no_attempt")}</p> : (
        <Collapse key={newest.id} defaultActiveKey={[newest.id]} destroyOnHidden
          items={call.tries.map((attempt) => ({ key: attempt.id, label: <AttemptHead attempt={attempt} />, children: <Attempt attempt={attempt} generation={call.generation} /> }))} />
      )}
    </Panel>
  );
}

function AttemptHead({ attempt }: { attempt: CallAttempt }) {
  const { t } = useTranslation("trade");
  return (
    <span className={css.attemptHead}>
      <strong>{t("call.attempt", { number: attempt.number })}</strong>
      <StateTag kind="attempt" state={attempt.outcome} />
      <span className="tabular">{attempt.status > 0 ? `HTTP ${attempt.status}` : t("call.no_http")}</span>
      {attempt.resultCode && <span className="mono">{attempt.resultCode}</span>}
      <span className="faint"><Time at={attempt.at} detail="second" /></span>
      <span className="faint tabular">{t("call.duration", { ms: milliseconds(attempt) })}</span>
    </span>
  );
}

function Attempt({ attempt, generation }: { attempt: CallAttempt; generation: string }) {
  const { t } = useTranslation("trade");
  return (
    <>
      {attempt.warnings.length > 0 && (
        <Alert type="warning" showIcon title={t("call.warnings")} className={css.notice!}
          description={<ul className={css.list}>{attempt.warnings.map((warning, index) => <li key={`${warning.code} ${index}`}>{warning.message}</li>)}</ul>} />
      )}
      <CallView call={wireCall(attempt)} signature={signatureParts(attempt, generation, t)} />
    </>
  );
}

function wireCall(attempt: CallAttempt): Call {
  return {
    method: attempt.method, url: attempt.url, requestHeaders: attempt.requestHead ?? {}, requestBody: attempt.requestBody, status: attempt.status,
    responseHeaders: attempt.responseHead ?? {}, responseBody: attempt.responseBody, startedAt: attempt.at, durationMs: milliseconds(attempt),
    ...(attempt.problem ? { error: attempt.problem.message } : {}),
  };
}
