import { Button, Form, Input, InputNumber, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../api/session";
import { BilingualField } from "../../../ui/BilingualField";
import { AttributesFields } from "./AttributesFields";
import { ChangesFields } from "./ChangesFields";
import { CombinationsFields } from "./CombinationsFields";
import { longest, newSpec, units, type FormContent, type SpecForm, type Unit } from "./offers";
import { DraftPriceTables } from "./PriceTables";
import { type Spec } from "./product";
import css from "./products.module.css";
import { QuantityFields } from "./QuantityFields";
import { LimitFields, SellingFields } from "./SellingFields";

const maxSpecs = 20;

/** Specifications with their prices, and the table of what buyers will pay. */
export function SpecsFields({ released }: { released: Spec[] }) {
  const { t } = useTranslation(["catalogue", "template"]);
  const form = Form.useFormInstance<FormContent>();
  const specs = Form.useWatch("specs", { form, preserve: true }) as SpecForm[] | undefined;
  const kept = (id: string) => released.find((one) => one.id === id && one.state !== "delisted");
  return (
    <>
      <Form.List name="specs">
        {(fields, { add, remove, move }) => (
          <>
            {fields.map((field, index) => {
              const spec = specs?.[field.name];
              const old = kept(spec?.id ?? "");
              return (
                <fieldset key={field.key} className={css.spec}>
                  <legend>{t("specs.number", { number: index + 1 })}</legend>
                  <Form.Item name={[field.name, "id"]} hidden><Input /></Form.Item>
                  <BilingualField name={[field.name, "name"]} label={t("field.spec_name")} maxLength={50} />
                  <Form.Item name={[field.name, "template"]} label={t("template:kind")} extra={old ? t("template:frozen") : undefined}>
                    <Radio.Group disabled={Boolean(old)} options={(["simple", "custom"] as const).map((value) => ({ value, label: t(`template:kinds.${value}`) }))} />
                  </Form.Item>
                  <Prices index={field.name} spec={spec} old={old} />
                  {spec?.template === "custom" && (
                    <>
                      <AttributesFields index={field.name} spec={spec} frozen={Boolean(old)} />
                      <QuantityFields index={field.name} spec={spec} frozen={Boolean(old)} />
                      <CombinationsFields index={field.name} spec={spec} />
                      <ChangesFields index={field.name} spec={spec} />
                    </>
                  )}
                  <SellingFields index={field.name} spec={spec} old={old} />
                  <div className={css.buttons}>
                    <Button size="small" disabled={index === 0} onClick={() => move(index, index - 1)}>{t("specs.up")}</Button>
                    {old ? <span className="faint">{t("specs.released")}</span> : <Button size="small" danger onClick={() => remove(field.name)}>{t("specs.remove")}</Button>}
                  </div>
                </fieldset>
              );
            })}
            <Button onClick={() => add(newSpec())} disabled={fields.length >= maxSpecs}>{t("specs.add")}</Button>
          </>
        )}
      </Form.List>
      <h3 className={css.result}>{t("template:limit.product")}</h3>
      <LimitFields at={["purchaseLimit"]} />
      <h3 className={css.result}>{t("specs.result")}</h3>
      <DraftPriceTables specs={specs ?? []} />
    </>
  );
}

/** The prices of the simple template, or the base prices of the other one. */
function Prices({ index, spec, old }: { index: number; spec: SpecForm | undefined; old: Spec | undefined }) {
  const { site } = useSession();
  const keptUnit = (unit: Unit) => old?.plans.some((plan) => !plan.trial && (plan.mode === "ONE_TIME" ? "once" : plan.periodType) === unit) ?? false;
  return (
    <div className={css.offers}>
      {units.map((unit) => <OfferFields key={unit} spec={index} unit={unit} currency={site.currency} kept={keptUnit(unit)} base={spec?.template === "custom"} />)}
    </div>
  );
}

function OfferFields({ spec, unit, currency, kept, base }: { spec: number; unit: Unit; currency: string; kept: boolean; base: boolean }) {
  const { t } = useTranslation(["catalogue", "template"]);
  const at = (field: string) => [spec, "offers", unit, field];
  return (
    <div>
      <Form.Item name={at("price")} label={t(base ? `template:base_${unit}` : `specs.price_${unit}`)} extra={kept ? t("specs.kept") : t("specs.empty_price")}>
        <Input inputMode="decimal" suffix={currency} maxLength={12} />
      </Form.Item>
      {unit !== "once" && (
        <div className={css.terms}>
          <Form.Item name={at("minPeriods")} label={t("specs.min")}><InputNumber min={1} max={longest[unit]} precision={0} style={{ width: "100%" }} /></Form.Item>
          <Form.Item name={at("maxPeriods")} label={t("specs.max")}><InputNumber min={1} max={longest[unit]} precision={0} style={{ width: "100%" }} /></Form.Item>
        </div>
      )}
    </div>
  );
}
