import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Steps } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useParams, useSearchParams } from "react-router";
import { get, send } from "../../../api/client";
import { asProblem, fieldPath, type ApiProblem, type FieldProblem } from "../../../api/problem";
import { ask, toast } from "../../../ui/feedback";
import { useLeaveGuard } from "../../../ui/form/useLeaveGuard";
import { LinkButton } from "../../../ui/LinkButton";
import { Page, Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { ProblemText, useProblemText } from "../../../ui/ProblemText";
import { Time } from "../../../ui/Time";
import { AccessChecklist, checklistKey } from "../integration/AccessChecklist";
import type { Generation } from "../integration/integration";
import { refusedByCases } from "../integration/refused";
import { RefusedCases } from "../integration/RefusedCases";
import { formPath, toForm, type FormContent } from "./offers";
import { inLang, productsPath, type Application, type ProductView, type Version } from "./product";
import css from "./products.module.css";
import { SpecsFields } from "./SpecsFields";
import { useDraft } from "./useDraft";
import { BasicsStep, DeliveryStep, PicturesStep, SupportStep, TextsStep } from "./WizardFields";

const steps = ["basics", "texts", "pictures", "specs", "delivery", "support", "submit"] as const;

/** Which step shows a field. */
const stepOf: Record<string, number> = {
  name: 0, categoryId: 0, publicSale: 0, refundPolicy: 0, summary: 1, highlights: 1, description: 1, logoKey: 2, pictures: 2, userGuideKey: 2,
  specs: 3, addressId: 4, path: 4, generation: 4, afterSales: 5, agreement: 5,
};

/** The release wizard. It saves by itself; a product without a draft gets one. */
export function EditProductPage() {
  const { t } = useTranslation("catalogue");
  const { id = "" } = useParams();
  const [draft, setDraft] = useState<{ view: ProductView; version: Version } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const begun = useRef("");
  useEffect(() => {
    if (begun.current === id) return;
    begun.current = id;
    const load = async () => {
      const view = await get<ProductView>(`${productsPath}/${id}`);
      const version = view.open ?? await send<Version>("POST", `${productsPath}/${id}/draft`);
      setDraft({ view, version });
    };
    load().catch(setError);
  }, [id]);
  if (error) return <PageError error={error} back={{ to: "/seller/products", label: t("products.title") }} />;
  if (!draft) return <Page title={t("wizard.title")}><Panel>{null}</Panel></Page>;
  if (draft.version.state !== "draft") return <Navigate to={`/seller/products/${id}`} replace />;
  return <Wizard view={draft.view} version={draft.version} />;
}

function Wizard({ view, version }: { view: ProductView; version: Version }) {
  const { t, i18n } = useTranslation("catalogue");
  const id = view.product.id;
  const [form] = Form.useForm<FormContent>();
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const problemText = useProblemText();
  const step = Math.max(0, steps.indexOf((params.get("step") ?? "basics") as (typeof steps)[number]));
  const [missing, setMissing] = useState<FieldProblem[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiProblem | null>(null);

  const read = useCallback(() => form.getFieldsValue(true) as FormContent, [form]);
  // New specifications got their ids; those added meanwhile get theirs with the next save.
  const saved = useCallback((stored: Version) => {
    stored.content.specs.forEach((spec, index) => {
      if (form.getFieldValue(["specs", index]) && !form.getFieldValue(["specs", index, "id"])) form.setFieldValue(["specs", index, "id"], spec.id);
    });
  }, [form]);
  const draft = useDraft(id, version, read, saved);
  useLeaveGuard(draft.unsaved);

  const go = (next: number) => { setParams(next === 0 ? {} : { step: steps[next]! }, { replace: true }); scrollTo({ top: 0 }); };

  const check = async () => {
    await draft.flush();
    const answer = await get<{ complete: boolean; fields: FieldProblem[] }>(`${productsPath}/${id}/check`);
    const content = read();
    form.setFields(form.getFieldsError().filter((field) => field.errors.length > 0).map((field) => ({ name: field.name as never, errors: [] })));
    form.setFields(answer.fields.map((field) => ({ name: formPath(fieldPath(field.field), content) as never, errors: [field.message] })));
    setMissing(answer.fields);
    await client.invalidateQueries({ queryKey: [checklistKey, id] });
    return answer.complete;
  };

  useEffect(() => {
    if (step === steps.length - 1) check().catch(() => undefined);
    // Only on coming to the step: a check per keystroke would only disturb.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [step]);

  const submit = async () => {
    setBusy(true);
    setRefused(null);
    try {
      if (!await check()) return;
      if (!await ask({ title: t("wizard.submit_title"), text: t("wizard.submit_text"), ok: t("wizard.submit"), cancel: t("action.cancel") })) return;
      const revision = await draft.flush();
      await send<Application>("POST", `${productsPath}/${id}/submit`, { revision });
      toast.success(t("wizard.submitted"));
      await client.invalidateQueries();
      await navigate(`/seller/products/${id}`);
    } catch (failure) {
      const problem = asProblem(failure);
      if (refusedByCases(problem)) { setRefused(problem); scrollTo({ top: 0 }); }
      else toast.error(problemText(failure));
      await client.invalidateQueries({ queryKey: [checklistKey] });
    } finally {
      setBusy(false);
    }
  };

  const preview = async () => {
    try {
      await draft.flush();
      await navigate(`/seller/products/${id}/preview`);
    } catch (failure) {
      toast.error(problemText(failure));
    }
  };

  const bodies = [<BasicsStep />, <TextsStep />, <PicturesStep />, <SpecsFields released={view.specs} />, <DeliveryStep />, <SupportStep />,
    <Missing fields={missing} onOpen={(field) => go(stepOf[String(fieldPath(field)[0])] ?? 0)} />];
  const content = refused && read();
  const title = inLang(view.product.name, i18n.language) || t("wizard.title");
  const outdated = draft.problem !== null && asProblem(draft.problem).code === "catalog.draft_changed";
  return (
    <Page title={title} intro={t(view.product.releasedAt ? "wizard.change_intro" : "wizard.intro")}
      actions={<><Button onClick={() => void preview()}>{t("wizard.preview")}</Button><LinkButton to={`/seller/products/${id}`}>{t("wizard.leave")}</LinkButton></>}>
      <Steps className={css.steps!} size="small" current={step} onChange={go} responsive items={steps.map((name, index) => ({
        title: t(`step.${name}`), ...(missing?.some((field) => stepOf[String(fieldPath(field.field)[0])] === index) ? { status: "error" as const } : {}),
      }))} />
      {outdated && <Alert type="warning" showIcon title={t("wizard.outdated")} action={<Button size="small" onClick={() => location.reload()}>{t("action.reload")}</Button>} style={{ marginBottom: 16 }} />}
      {refused && content && <RefusedCases problem={refused} target={{ addressId: content.addressId, path: content.path, generation: content.generation.toLowerCase() as Generation }} />}
      <Form form={form} layout="vertical" initialValues={toForm(version.content)} onValuesChange={draft.changed}>
        {bodies.map((body, index) => <div key={steps[index]} hidden={index !== step}><Panel title={t(`step.${steps[index]!}`)}>{body}</Panel></div>)}
      </Form>
      {step === steps.length - 1 && <div className={css.below}><AccessChecklist productId={id} /></div>}
      <div className={css.bar}>
        <span className="soft" role="status">
          {draft.problem !== null ? <ProblemText error={draft.problem} /> : draft.saving ? t("wizard.saving") : <>{t("wizard.saved")} <Time at={draft.savedAt} detail="second" /></>}
        </span>
        <span className={css.buttons}>
          <Button onClick={() => { draft.flush().then(() => toast.success(t("wizard.draft_saved")), (failure: unknown) => { toast.error(problemText(failure)); }); }}>{t("wizard.save")}</Button>
          {step > 0 && <Button onClick={() => go(step - 1)}>{t("wizard.back")}</Button>}
          {step < steps.length - 1
            ? <Button type="primary" onClick={() => go(step + 1)}>{t("wizard.next")}</Button>
            : <Button type="primary" loading={busy} onClick={() => void submit()}>{t("wizard.submit")}</Button>}
        </span>
      </div>
    </Page>
  );
}

/** What is missing before the submission, each with the way to its field. */
function Missing({ fields, onOpen }: { fields: FieldProblem[] | null; onOpen: (field: string) => void }) {
  const { t } = useTranslation("catalogue");
  if (fields === null) return <p className="soft">{t("wizard.checking")}</p>;
  if (fields.length === 0) return <Alert type="success" showIcon title={t("wizard.complete")} description={t("wizard.complete_hint")} />;
  const name = (field: string) => t(`missing.${String(fieldPath(field)[0])}`, { defaultValue: field });
  return (
    <Alert type="warning" showIcon title={t("wizard.missing", { count: fields.length })}
      description={<ul className={css.missing}>{fields.map((field) => (
        <li key={field.field}><Button type="link" size="small" onClick={() => onOpen(field.field)}>{name(field.field)}</Button> {field.message}</li>
      ))}</ul>} />
  );
}
