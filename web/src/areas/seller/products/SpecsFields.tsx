import { Button, Form, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../api/session";
import { BilingualField } from "../../../ui/BilingualField";
import { Money } from "../../../ui/Money";
import { longest, newSpec, units, type FormContent, type SpecForm, type Unit } from "./offers";
import { inLang, type Spec } from "./product";
import css from "./products.module.css";

const maxSpecs = 20;

/** Specifications with their prices, and the table that buyers will choose from. */
export function SpecsFields({ released }: { released: Spec[] }) {
  const { t } = useTranslation("catalogue");
  const { site } = useSession();
  const form = Form.useFormInstance<FormContent>();
  const specs = Form.useWatch("specs", form) as SpecForm[] | undefined;
  const kept = (id: string) => released.find((one) => one.id === id && one.state !== "delisted");
  const keptUnit = (id: string, unit: Unit) => kept(id)?.plans.some((plan) => (plan.mode === "ONE_TIME" ? "once" : plan.periodType) === unit) ?? false;
  return (
    <>
      <Form.List name="specs">
        {(fields, { add, remove, move }) => (
          <>
            {fields.map((field, index) => {
              const id = specs?.[field.name]?.id ?? "";
              return (
                <fieldset key={field.key} className={css.spec}>
                  <legend>{t("specs.number", { number: index + 1 })}</legend>
                  <Form.Item name={[field.name, "id"]} hidden><Input /></Form.Item>
                  <BilingualListField index={field.name} />
                  <div className={css.offers}>
                    {units.map((unit) => <OfferFields key={unit} spec={field.name} unit={unit} currency={site.currency} kept={keptUnit(id, unit)} />)}
                  </div>
                  <div className={css.buttons}>
                    <Button size="small" disabled={index === 0} onClick={() => move(index, index - 1)}>{t("specs.up")}</Button>
                    {kept(id) ? <span className="faint">{t("specs.released")}</span> : <Button size="small" danger onClick={() => remove(field.name)}>{t("specs.remove")}</Button>}
                  </div>
                </fieldset>
              );
            })}
            <Button onClick={() => add(newSpec())} disabled={fields.length >= maxSpecs}>{t("specs.add")}</Button>
          </>
        )}
      </Form.List>
      <h3 className={css.result}>{t("specs.result")}</h3>
      <PriceTable specs={specs ?? []} currency={site.currency} />
    </>
  );
}

/** Names inside a Form.List are relative to it. */
const BilingualListField = ({ index }: { index: number }) => {
  const { t } = useTranslation("catalogue");
  return <BilingualField name={[index, "name"] as (string | number)[]} label={t("field.spec_name")} maxLength={50} />;
};

function OfferFields({ spec, unit, currency, kept }: { spec: number; unit: Unit; currency: string; kept: boolean }) {
  const { t } = useTranslation("catalogue");
  const at = (field: string) => [spec, "offers", unit, field];
  return (
    <div>
      <Form.Item name={at("price")} label={t(`specs.price_${unit}`)} extra={kept ? t("specs.kept") : t("specs.empty_price")}>
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

const isPrice = (text: string) => /^\d{1,9}(\.\d{1,2})?$/.test(text.trim());

/** The prices as buyers will see them, while they are being typed. */
export function PriceTable({ specs, currency }: { specs: SpecForm[]; currency: string }) {
  const { t, i18n } = useTranslation("catalogue");
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead><tr><th scope="col">{t("field.spec_name")}</th>{units.map((unit) => <th key={unit} scope="col" className={css.number}>{t(`unit.${unit}`)}</th>)}</tr></thead>
        <tbody>
          {specs.map((spec, index) => (
            <tr key={spec?.id || index}>
              <th scope="row">{inLang(spec?.name, i18n.language) || t("specs.number", { number: index + 1 })}</th>
              {units.map((unit) => {
                const offer = spec?.offers?.[unit];
                const price = offer?.price ?? "";
                return (
                  <td key={unit} className={css.number}>
                    {isPrice(price) ? <><Money amount={price.trim()} currency={currency} />{unit !== "once" && <div className="faint">{t(`specs.terms_${unit}`, { min: offer?.minPeriods, max: offer?.maxPeriods })}</div>}</> : "–"}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
