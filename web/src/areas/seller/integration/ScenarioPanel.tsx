import { Alert, Button, Form } from "antd";
import type { TFunction } from "i18next";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../../api/client";
import { asProblem, type ApiProblem } from "../../../api/problem";
import { placeErrors } from "../../../ui/form/fieldErrors";
import { LinkButton } from "../../../ui/LinkButton";
import { Panel } from "../../../ui/Page";
import { ProblemText } from "../../../ui/ProblemText";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { GeneratedRequest } from "./GeneratedRequest";
import { caseState, integrationPath, runsPath, type Run, type Scenario, type Target, type WireRequest } from "./integration";
import css from "./integration.module.css";
import { ParameterFields } from "./ParameterFields";
import { RunResult } from "./RunResult";
import { edited, entered, presets } from "./scenarios";

interface Values { parameters: Record<string, string>; encryptType?: string }
type Work = "generate" | "debug" | "save" | "wrong_signature";

interface Props {
  target: Target;
  scenario: Scenario;
  run: Run | undefined;
  onRun: (run: Run) => void;
  /** May call the server and save. */
  write: boolean;
  /** Something else is calling the server. */
  locked: boolean;
}

/** One scenario: its parameters, what can be done with them, and the last result. Mount it anew for another scenario. */
export function ScenarioPanel({ target, scenario, run, onRun, write, locked }: Props) {
  const { t } = useTranslation("integration");
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState<Work | "">("");
  const [generated, setGenerated] = useState<WireRequest | null>(null);
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const [changed, setChanged] = useState(false);

  const result = useRef<HTMLDivElement>(null);
  const encrypts = scenario.fields.some((one) => one.kind === "encrypted");

  const work = async (kind: Work) => {
    setBusy(kind);
    setFailure(null);
    form.setFields(scenario.fields.map((one) => ({ name: ["parameters", one.name], errors: [] })));
    const values = form.getFieldsValue(true) as Values;
    const body = { ...target, scenario: scenario.key, parameters: entered(scenario.fields, values.parameters), ...(encrypts ? { encryptType: values.encryptType } : {}) };
    try {
      if (kind === "generate") {
        setGenerated(await send<WireRequest>("POST", `${integrationPath}/requests`, body));
      } else {
        setGenerated(null);
        onRun(await send<Run>("POST", runsPath, { ...body, save: kind === "save", wrongSignature: kind === "wrong_signature" }));
        requestAnimationFrame(() => result.current?.scrollIntoView({ block: "start" }));
      }
    } catch (thrown) {
      const problem = asProblem(thrown);
      const { placed, loose } = placeErrors(problem, scenario.fields.map((one) => ["parameters", one.name]));
      form.setFields(placed as Parameters<typeof form.setFields>[0]);
      const first = placed[0];
      if (first) form.scrollToField(first.name as never, { behavior: "smooth", block: "center", focus: true });
      if (placed.length === 0 || loose.length > 0) setFailure(problem);
    } finally {
      setBusy("");
    }
  };

  // What was run meanwhile gives new presets, such as the instance to call; they replace what nobody has edited.
  useEffect(() => { if (!changed) form.setFieldsValue({ parameters: presets(scenario.fields) }); }, [form, scenario.fields, changed]);

  const saved = scenario.case;
  const state = caseState(saved);
  const reset = () => { form.setFieldsValue({ parameters: presets(scenario.fields) }); setChanged(false); };
  const button = (kind: Work, label: string, type?: "primary") => (
    <Button {...(type ? { type } : {})} loading={busy === kind} disabled={locked || (busy !== "" && busy !== kind)} onClick={() => void work(kind)}>{label}</Button>
  );

  return (
    <>
      <Panel title={scenario.title} extra={<span className={css.counts}><StateTag kind="case" state={state} />{saved && <span className="faint">{t("scenario.saved")} <Time at={saved.savedAt} relative /></span>}</span>}>
        <p className={`soft ${css.gap}`}>{need(scenario, t)} {t("parameters.hint")}</p>
        {saved && !saved.valid && <Alert type="warning" showIcon className={css.gap!} title={saved.invalidText} description={t("scenario.stale_hint")} />}
        {state === "failed" && saved?.lastProblem && !run && <Alert type="error" showIcon className={css.gap!} title={t("scenario.failed")} description={saved.lastProblem.text} action={<LinkButton size="small" to={`/seller/integration/runs/${saved.lastRunId}`}>{t("action.details")}</LinkButton>} />}
        <Form<Values> form={form} layout="vertical" name={`scenario-${scenario.key}`} initialValues={{ parameters: presets(scenario.fields), ...(encrypts ? { encryptType: scenario.encryptType || "1" } : {}) }} disabled={!write || busy !== "" || locked} aria-busy={busy !== ""}
          onValuesChange={(_, values) => setChanged(edited(scenario.fields, values.parameters))} onFinish={() => void work("debug")}>
          <ParameterFields parameters={scenario.fields} encrypts={encrypts} />
        </Form>
        {failure && <Alert type="error" showIcon role="alert" className={css.gap!} title={<ProblemText error={failure} />}
          description={failure.fields.map((field) => <div key={field.field}>{field.message}</div>)} />}
        {write ? (
          <div className={`${css.buttons} ${css.actions}`}>
            {button("save", t("run.save"), "primary")}
            {button("debug", t("run.debug"))}
            {button("generate", t(target.generation === "v1" ? "run.link" : "run.command"))}
            {button("wrong_signature", t("run.wrong_signature"))}
            {changed && <Button type="text" disabled={busy !== "" || locked} onClick={reset}>{t("run.reset")}</Button>}
          </div>
        ) : <p className="faint">{t("run.no_permission")}</p>}
        {generated && <GeneratedRequest request={generated} generation={target.generation} />}
      </Panel>
      {run && <div ref={result} className={css.resultAnchor}><Panel title={t("result.title")} extra={<span className="faint"><Time at={run.at} detail="second" /></span>}><RunResult run={run} /></Panel></div>}
    </>
  );
}

/** Which products need the scenario. */
function need(scenario: Scenario, t: TFunction): string {
  if (scenario.feature) return t("scenario.feature", { feature: t(`feature.${scenario.feature}`, { defaultValue: scenario.feature }) });
  return t("scenario.needed", { modes: scenario.modes.map((mode) => t(`mode.${mode}`, { defaultValue: mode })).join(t("scenario.and")) });
}
