import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { CallView } from "../../../ui/CallView";
import { signatureParts } from "../../trade/signature";
import { CheckList, FaultText } from "./CheckList";
import { callOf, verdictOf, wireOf } from "./checks";
import type { Run } from "./integration";
import css from "./integration.module.css";

/** What came of one run: the verdict, every check, warnings, request and answer. */
export function RunResult({ run }: { run: Run }) {
  const { t } = useTranslation("integration");
  const { t: trade } = useTranslation("trade");
  const verdict = verdictOf(run);
  return (
    <div className={css.result}>
      <Alert showIcon role="status" type={verdict.tone} title={t(`verdict.${verdict.key}`)} description={run.problem?.text} />
      <div className={css.resultColumns}>
        <section aria-labelledby={`checks-${run.id}`}>
          <h3 id={`checks-${run.id}`}>{t("checks.title")}</h3>
          <CheckList checks={run.checks} problem={run.problem} />
        </section>
        {run.warnings.length > 0 && (
          <section aria-labelledby={`warnings-${run.id}`}>
            <h3 id={`warnings-${run.id}`}>{t("result.warnings")}</h3>
            <p className="faint">{t("result.warnings_hint")}</p>
            <ul className={css.warnings}>{run.warnings.map((warning, index) => <li key={`${warning.code} ${index}`}><FaultText fault={warning} warning /></li>)}</ul>
          </section>
        )}
      </div>
      <CallView call={callOf(run)} signature={run.wrongSignature ? [] : signatureParts(wireOf(run), run.generation, trade)} />
    </div>
  );
}
