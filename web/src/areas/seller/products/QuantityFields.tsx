import { DeleteOutlined } from "@ant-design/icons";
import { Button, Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../api/session";
import { BilingualField } from "../../../ui/BilingualField";
import { offered, rateModes, type SpecForm, type Unit } from "./offers";
import css from "./template.module.css";

const maxTiers = 20;

/** The quantity attribute: its range, how it travels to the seller's server, and its price per period. */
export function QuantityFields({ index, spec, frozen }: { index: number; spec: SpecForm; frozen: boolean }) {
  const { t } = useTranslation("template");
  const at = (...field: string[]) => [index, "quantity", ...field];
  return (
    <section className={css.part}>
      <h4>{t("quantity.title")}</h4>
      <Form.Item name={[index, "counted"]} label={t("quantity.counted")} valuePropName="checked" layout="horizontal" colon={false}><Switch disabled={frozen} /></Form.Item>
      {spec.counted && (
        <>
          <BilingualField name={at("name")} label={t("quantity.name")} maxLength={30} />
          <BilingualField name={at("unit")} label={t("quantity.unit")} maxLength={10} />
          <div className={css.range}>
            {(["min", "max", "step"] as const).map((field) => (
              <Form.Item key={field} name={at(field)} label={t(`quantity.${field}`)}><InputNumber min={1} max={9_999_999} precision={0} disabled={frozen} style={{ width: "100%" }} /></Form.Item>
            ))}
            <Form.Item name={at("code")} label={t("attributes.code")}><Input maxLength={32} disabled={frozen} className="mono" /></Form.Item>
            <Form.Item name={at("field")} label={t("quantity.field")} extra={t("quantity.field_hint")}>
              <Select disabled={frozen} options={["amount", "diskSize", "bandWidth"].map((value) => ({ value, label: t(`quantity.fields.${value}`) }))} />
            </Form.Item>
          </div>
          {offered(spec).map((unit) => <RateFields key={unit} index={index} unit={unit} spec={spec} />)}
          {offered(spec).length === 0 && <p className="soft">{t("quantity.no_offer")}</p>}
        </>
      )}
    </section>
  );
}

/** The price of the quantity for one kind of period. */
function RateFields({ index, unit, spec }: { index: number; unit: Unit; spec: SpecForm }) {
  const { t } = useTranslation("template");
  const { site } = useSession();
  const mode = spec.offers[unit].rate?.mode ?? "LINEAR";
  const tiers = spec.offers[unit].rate?.tiers ?? [];
  const price = (field: number, label: string) => (
    <Form.Item name={[field, "price"]} label={label}><Input inputMode="decimal" suffix={site.currency} maxLength={22} /></Form.Item>
  );
  return (
    <fieldset className={css.attribute}>
      <legend>{t(`quantity.rate_${unit}`)}</legend>
      <Form.Item name={[index, "offers", unit, "rate", "mode"]} label={t("quantity.mode")} extra={t(`quantity.mode_hint.${mode}`)}>
        <Select options={rateModes.map((value) => ({ value, label: t(`quantity.modes.${value}`) }))} style={{ maxWidth: 400 }} />
      </Form.Item>
      <Form.List name={[index, "offers", unit, "rate", "tiers"]}>
        {(fields, { add, remove }) => (
          <div className={css.values}>
            {(mode === "LINEAR" ? fields.slice(0, 1) : fields).map((field, number) => {
              const last = mode === "LINEAR" || number === fields.length - 1;
              const from = number === 0 ? 0 : tiers[number - 1]?.upTo ?? "?";
              return (
                <div key={field.key} className={css.tier} role="group" aria-label={t("quantity.interval", { number: number + 1 })}>
                  {mode !== "LINEAR" && (last
                    ? <p className={css.above}>{t("quantity.above", { from })}</p>
                    : <Form.Item name={[field.name, "upTo"]} label={t("quantity.up_to", { from })}><InputNumber min={1} max={9_999_999} precision={0} style={{ width: "100%" }} /></Form.Item>)}
                  {price(field.name, t("quantity.price"))}
                  {mode !== "LINEAR" && fields.length > 1 && <Button aria-label={t("quantity.remove_interval", { number: number + 1 })} icon={<DeleteOutlined />} onClick={() => remove(field.name)} />}
                </div>
              );
            })}
            {mode !== "LINEAR" && fields.length < maxTiers && <Button size="small" onClick={() => add({ price: "" })}>{t("quantity.add_interval")}</Button>}
          </div>
        )}
      </Form.List>
    </fieldset>
  );
}
