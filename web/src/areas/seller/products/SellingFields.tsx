import { Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { offered, type FormContent, type SpecForm } from "./offers";
import type { Spec } from "./product";
import css from "./template.module.css";

/** Free trial and purchase limit of a specification, folded away until they are used. */
export function SellingFields({ index, spec, old }: { index: number; spec: SpecForm | undefined; old: Spec | undefined }) {
  const { t } = useTranslation("template");
  const once = spec !== undefined && offered(spec).includes("once");
  return (
    <details className={css.more} open={Boolean(spec?.trialDays || spec?.limit?.kind)}>
      <summary>{t("selling")}</summary>
      <div className={css.range}>
        <Form.Item name={[index, "trialDays"]} label={t("trial.days")} extra={t(old ? (old.trialDays ? "trial.kept" : "trial.none_kept") : once ? "trial.period_only" : "trial.hint")}>
          <InputNumber min={3} max={180} precision={0} disabled={Boolean(old && !old.trialDays)} style={{ width: "100%" }} />
        </Form.Item>
      </div>
      <LimitFields at={["specs", index, "limit"]} inside={[index, "limit"]} />
    </details>
  );
}

/** How often one customer may buy. `inside` is the name below a list's own. */
export function LimitFields({ at, inside = at }: { at: (string | number)[]; inside?: (string | number)[] }) {
  const { t } = useTranslation("template");
  const form = Form.useFormInstance<FormContent>();
  const kind = Form.useWatch([...at, "kind"] as never, { form, preserve: true }) as string | undefined;
  return (
    <div className={css.range}>
      <Form.Item name={[...inside, "kind"]} label={t("limit.label")}>
        <Select options={["", "once", "until_expiry", "quantity"].map((value) => ({ value, label: t(`limit.kinds.${value || "none"}`) }))} />
      </Form.Item>
      {kind === "quantity" && <Form.Item name={[...inside, "count"]} label={t("limit.count")}><InputNumber min={1} max={9999} precision={0} style={{ width: "100%" }} /></Form.Item>}
    </div>
  );
}
