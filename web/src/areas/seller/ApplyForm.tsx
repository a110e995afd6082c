import { Button, Checkbox, DatePicker, Form, Input, Select, Steps } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { asProblem, fieldPath } from "../../api/problem";
import { toast } from "../../ui/feedback";
import { BilingualField } from "../../ui/BilingualField";
import { useProblemText } from "../../ui/ProblemText";
import { ResourceForm } from "../../ui/ResourceForm";
import type { Application, Apply, SellerForm } from "./application";
import { FileField } from "./FileField";
import { countries, currencies } from "./places";
import css from "./seller.module.css";

type Values = SellerForm & { agreements: string[] };

/** Which step holds a field, by the first part of its path. */
const stepOf: Record<string, number> = {
  website: 0, founded: 0, years: 0, staff: 0, capital: 0, licenceKey: 0,
  contact: 1, address: 1, servicePhone: 1, serviceEmail: 1, preSales: 1,
  name: 2, logoKey: 2, introduction: 2,
  agreements: 3,
};
const lastStep = 3;

/** The application in four steps. Each step saves the draft; the last one submits it. All faults come from the server. */
export function ApplyForm({ apply, onSubmitted }: { apply: Apply; onSubmitted: () => Promise<void> }) {
  const { t } = useTranslation("sellers");
  const [form] = Form.useForm<Values>();
  const [step, setStep] = useState(0);
  const text = useProblemText();
  const steps = ["company", "contact", "shop", "submit"].map((key) => ({ key, title: t(`apply.step_${key}`) }));

  const save = ({ agreements: _, ...draft }: Values, key: string) => send<Application>("PUT", "/api/v1/seller/application", draft, key);

  const submit = async (values: Values, key: string) => {
    const draft = await save(values, key);
    if (step < lastStep) return draft;
    try {
      return await send<Application>("POST", `/api/v1/seller/application/${draft.id}/submit`, { agreements: values.agreements ?? [] }, `${key}-submit`);
    } catch (error) {
      const at = asProblem(error).fields.map((field) => stepOf[String(fieldPath(field.field)[0])] ?? lastStep);
      if (at.length > 0) setStep(Math.min(...at));
      throw error;
    }
  };

  const saveNow = async () => {
    try {
      await save(form.getFieldsValue(true) as Values, crypto.randomUUID());
      toast.success(t("apply.saved"));
    } catch (error) {
      toast.error(text(error));
    }
  };

  return (
    <>
      <Steps className={css.steps!} size="small" current={step} items={steps} onChange={setStep} />
      <ResourceForm<Values, Application> form={form} initialValues={{ ...apply.form, agreements: [] }} submit={submit}
        submitLabel={t(step < lastStep ? "apply.next" : "apply.submit")}
        onDone={async () => { if (step < lastStep) setStep(step + 1); else { toast.success(t("apply.submitted_toast")); await onSubmitted(); } }}
        extraActions={<>
          {step > 0 && <Button onClick={() => setStep(step - 1)}>{t("apply.back")}</Button>}
          <Button type="text" onClick={() => void saveNow()}>{t("apply.save")}</Button>
        </>}>
        <div hidden={step !== 0}><CompanyStep apply={apply} /></div>
        <div hidden={step !== 1}><ContactStep /></div>
        <div hidden={step !== 2}><ShopStep /></div>
        <div hidden={step !== 3}><AgreementStep apply={apply} /></div>
      </ResourceForm>
    </>
  );
}

function CompanyStep({ apply }: { apply: Apply }) {
  const { t } = useTranslation("sellers");
  const { realName } = apply;
  return (
    <>
      <div className={css.columns}>
        <Form.Item label={t("field.company")} extra={t("form.from_real_name")}><Input value={realName.name} readOnly aria-label={t("field.company")} /></Form.Item>
        <Form.Item label={t("field.certificate")} extra={t("form.from_real_name")}><Input value={realName.certificate ? `****${realName.certificate}` : ""} readOnly aria-label={t("field.certificate")} /></Form.Item>
      </div>
      <Form.Item name="website" label={t("field.website")} required extra={t("form.website_hint")}><Input inputMode="url" maxLength={255} placeholder="https://" /></Form.Item>
      <div className={css.columns}>
        <Form.Item name="founded" label={t("field.founded")} required getValueProps={(value: string) => ({ value: value ? dayjs(value) : null })} normalize={(value: dayjs.Dayjs | null) => value?.format("YYYY-MM-DD") ?? ""}>
          <DatePicker style={{ width: "100%" }} maxDate={dayjs()} />
        </Form.Item>
        <Form.Item name="years" label={t("field.years")} required><Select options={apply.years.map((value) => ({ value, label: t(`choice.years.${value}`) }))} /></Form.Item>
        <Form.Item name="staff" label={t("field.staff")} required><Select options={apply.staff.map((value) => ({ value, label: t(`choice.staff.${value}`) }))} /></Form.Item>
      </div>
      <div className={css.columns}>
        <Form.Item name={["capital", "amount"]} label={t("field.capital_amount")} required><Input inputMode="decimal" maxLength={20} /></Form.Item>
        <Form.Item name={["capital", "currency"]} label={t("field.currency")} required><Select showSearch options={currencies.map((value) => ({ value, label: value }))} /></Form.Item>
      </div>
      <Form.Item name="licenceKey" label={t("field.licence")} required>
        <FileField purpose="licence" label={t("field.licence")} hint={t("form.licence_hint")} accept={["image/png", "image/jpeg", "application/pdf"]} />
      </Form.Item>
    </>
  );
}

function ContactStep() {
  const { t, i18n } = useTranslation("sellers");
  const names = new Intl.DisplayNames([i18n.language === "en" ? "en" : "zh-Hans"], { type: "region" });
  return (
    <>
      <h2>{t("form.business_contact")}</h2>
      <div className={css.columns}>
        <Form.Item name={["contact", "name"]} label={t("field.contact_name")} required><Input maxLength={60} autoComplete="name" /></Form.Item>
        <Form.Item name={["contact", "phone"]} label={t("field.phone")} required><Input maxLength={24} inputMode="tel" autoComplete="tel" /></Form.Item>
        <Form.Item name={["contact", "email"]} label={t("field.email")} required><Input maxLength={100} inputMode="email" autoComplete="email" /></Form.Item>
      </div>
      <h2>{t("form.address")}</h2>
      <div className={css.columns}>
        <Form.Item name={["address", "country"]} label={t("field.country")} required>
          <Select showSearch optionFilterProp="label" options={countries.map((value) => ({ value, label: names.of(value) ?? value }))} />
        </Form.Item>
        <Form.Item name={["address", "province"]} label={t("field.province")} required><Input maxLength={60} /></Form.Item>
        <Form.Item name={["address", "city"]} label={t("field.city")} required><Input maxLength={60} /></Form.Item>
        <Form.Item name={["address", "postcode"]} label={t("field.postcode")} required><Input maxLength={12} /></Form.Item>
      </div>
      <Form.Item name={["address", "detail"]} label={t("field.detail")} required extra={t("form.address_hint")}><Input maxLength={200} /></Form.Item>
      <h2>{t("form.service")}</h2>
      <p className={css.hint}>{t("form.service_hint")}</p>
      <div className={css.columns}>
        <Form.Item name="servicePhone" label={t("field.service_phone")} required><Input maxLength={24} inputMode="tel" /></Form.Item>
        <Form.Item name="serviceEmail" label={t("field.service_email")} required><Input maxLength={100} inputMode="email" /></Form.Item>
      </div>
      <h2>{t("form.pre_sales")}</h2>
      <p className={css.hint}>{t("form.pre_sales_hint")}</p>
      <div className={css.columns}>
        <Form.Item name={["preSales", "phone"]} label={t("field.pre_sales_phone")}><Input maxLength={24} inputMode="tel" /></Form.Item>
        <Form.Item name={["preSales", "extension"]} label={t("field.extension")}><Input maxLength={8} inputMode="numeric" /></Form.Item>
        <Form.Item name={["preSales", "email"]} label={t("field.pre_sales_email")}><Input maxLength={100} inputMode="email" /></Form.Item>
      </div>
    </>
  );
}

function ShopStep() {
  const { t } = useTranslation("sellers");
  return (
    <>
      <p className={css.hint}>{t("form.one_language")}</p>
      <BilingualField name="name" label={t("field.shop_name")} maxLength={60} />
      <Form.Item name="logoKey" label={t("field.logo")} required>
        <FileField purpose="logo" picture label={t("field.logo")} hint={t("form.logo_hint")} accept={["image/png", "image/jpeg"]} />
      </Form.Item>
      <BilingualField name="introduction" label={t("field.introduction")} rows={8} maxLength={2000} hint={t("form.introduction_hint")} />
    </>
  );
}

function AgreementStep({ apply }: { apply: Apply }) {
  const { t } = useTranslation("sellers");
  return (
    <>
      <p>{t("form.before_submit")}</p>
      <Form.Item name="agreements" label={t("field.agreements")} required>
        <Agreements apply={apply} />
      </Form.Item>
    </>
  );
}

/** The boxes alone: what else Form.Item gives its child, "aria-required", no group of boxes may bear. */
function Agreements({ apply, id, value, onChange }: { apply: Apply; id?: string; value?: string[]; onChange?: (codes: string[]) => void }) {
  const { t } = useTranslation("sellers");
  return (
    <Checkbox.Group className={css.stack!} {...(id ? { id } : {})} {...(value ? { value } : {})} {...(onChange ? { onChange } : {})}
      options={apply.agreements.map((one) => ({ value: one.code, label: t("form.agreement", { title: one.title, version: one.version }) }))} />
  );
}
