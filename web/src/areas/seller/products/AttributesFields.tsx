import { DeleteOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../api/session";
import { BilingualField } from "../../../ui/BilingualField";
import { newAttribute, newValue, offered, type SpecForm } from "./offers";
import css from "./template.module.css";

const most = { attributes: 5, values: 20 };

/** What buyers pick from: attributes with their values, and what each value costs more per period. */
export function AttributesFields({ index, spec, frozen }: { index: number; spec: SpecForm; frozen: boolean }) {
  const { t } = useTranslation("template");
  return (
    <section className={css.part}>
      <h4>{t("attributes.title")}</h4>
      <p className="soft">{t("attributes.intro")}</p>
      <Form.List name={[index, "attributes"]}>
        {(fields, { add, remove }) => (
          <>
            {fields.map((field) => (
              <fieldset key={field.key} className={css.attribute}>
                <legend>{t("attributes.number", { number: field.name + 1 })}</legend>
                <BilingualField name={[field.name, "name"]} label={t("attributes.name")} maxLength={30} />
                <div className={css.code}>
                  <Form.Item name={[field.name, "code"]} label={t("attributes.code")} extra={t("attributes.code_hint")}><Input maxLength={32} disabled={frozen} className="mono" /></Form.Item>
                  {!frozen && <Button danger size="small" onClick={() => remove(field.name)}>{t("attributes.remove")}</Button>}
                </div>
                <Values attribute={field.name} spec={spec} frozen={frozen} />
              </fieldset>
            ))}
            {!frozen && fields.length < most.attributes && <Button onClick={() => add(newAttribute((spec.attributes ?? []).map((one) => one?.code ?? "")))}>{t("attributes.add")}</Button>}
          </>
        )}
      </Form.List>
    </section>
  );
}

function Values({ attribute, spec, frozen }: { attribute: number; spec: SpecForm; frozen: boolean }) {
  const { t } = useTranslation(["template", "common"]);
  const { site } = useSession();
  const sold = offered(spec);
  const taken = (spec.attributes?.[attribute]?.values ?? []).map((one) => one?.code ?? "");
  return (
    <Form.List name={[attribute, "values"]}>
      {(fields, { add, remove }) => (
        <div className={css.values}>
          {fields.map((field) => (
            <div key={field.key} className={css.value} role="group" aria-label={t("attributes.value_number", { number: field.name + 1 })}>
              {(["zh", "en"] as const).map((lang) => (
                <Form.Item key={lang} name={[field.name, "name", lang]} label={<>{t("attributes.value")}&nbsp;<span className="faint">{t(`common:lang.${lang}`)}</span></>}>
                  <Input maxLength={30} lang={lang === "zh" ? "zh-CN" : "en"} />
                </Form.Item>
              ))}
              <Form.Item name={[field.name, "code"]} label={t("attributes.code")}><Input maxLength={32} disabled={frozen} className="mono" /></Form.Item>
              {sold.map((unit) => (
                <Form.Item key={unit} name={[field.name, "surcharges", unit]} label={t(`attributes.surcharge_${unit}`)}>
                  <Input inputMode="decimal" placeholder="0.00" suffix={site.currency} maxLength={13} />
                </Form.Item>
              ))}
              {!frozen && <Button aria-label={t("attributes.remove_value", { number: field.name + 1 })} icon={<DeleteOutlined />} disabled={fields.length === 1} onClick={() => remove(field.name)} />}
            </div>
          ))}
          {!frozen && fields.length < most.values && <Button size="small" onClick={() => add(newValue(taken))}>{t("attributes.add_value")}</Button>}
        </div>
      )}
    </Form.List>
  );
}
