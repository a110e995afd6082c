import { Checkbox, Form, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { combinations, offered, type SpecForm } from "./offers";
import { inLang } from "./product";
import css from "./template.module.css";

/** What running services of a specification can be changed to. */
export function ChangesFields({ index, spec }: { index: number; spec: SpecForm }) {
  const { t, i18n } = useTranslation("changes");
  const all = combinations(spec.attributes ?? []);
  const name = (choice: string) => all.find((one) => one.choice === choice)?.values.map((value) => inLang(value.name, i18n.language) || value.code).join(" · ") ?? choice;
  const several = all.length > 1;
  const sold = offered(spec);
  if (!several && !spec.counted) return null;
  if (sold.includes("once")) return <section className={css.part}><h4>{t("rules.title")}</h4><p className="soft">{t("rules.period_only")}</p></section>;
  const changes = spec.changes;
  return (
    <section className={css.part}>
      <h4>{t("rules.title")}</h4>
      <p className="soft">{t("rules.intro")}</p>
      {several && (
        <Form.Item name={[index, "changes", "mode"]} label={t("rules.mode")}>
          <Radio.Group options={(["off", "any", "rules"] as const).map((value) => ({ value, label: t(`rules.${value}`) }))} />
        </Form.Item>
      )}
      {several && changes?.mode === "rules" && all.map(({ choice }) => (
        <Form.Item key={choice} name={[index, "changes", "rules", choice]} label={`${t("rules.from")} ${name(choice)}`}>
          <Select mode="multiple" allowClear placeholder={t("rules.to")} options={all.filter((one) => one.choice !== choice).map((one) => ({ value: one.choice, label: name(one.choice) }))} />
        </Form.Item>
      ))}
      {spec.counted && <Form.Item name={[index, "changes", "expand"]} valuePropName="checked"><Checkbox>{t("rules.expand")}</Checkbox></Form.Item>}
      {spec.counted && changes?.expand && sold.some((unit) => spec.offers[unit].rate?.mode === "VOLUME") && (
        <Form.Item name={[index, "changes", "expandRule"]} label={t("rules.expand_rule")}>
          <Radio.Group options={[{ value: "", label: t("rules.expand_rules.increment") }, { value: "whole_total", label: t("rules.expand_rules.whole_total") }]} />
        </Form.Item>
      )}
      <Form.Item name={[index, "changes", "renewal"]} valuePropName="checked" extra={t("rules.renewal_hint")}><Checkbox>{t("rules.renewal")}</Checkbox></Form.Item>
    </section>
  );
}
