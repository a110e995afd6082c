import { Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../api/session";
import { addMoney, formatMoney } from "../../../ui/money";
import { combinations, mostCombinations, offered, type SpecForm, type Unit, type ValueForm } from "./offers";
import { inLang } from "./product";
import table from "./products.module.css";
import css from "./template.module.css";

const isPrice = (text: string | undefined): text is string => /^[+-]?\d{1,9}(\.\d{1,2})?$/.test((text ?? "").trim());

/** Base price and surcharges, as long as all of them are amounts. */
function computed(spec: SpecForm, unit: Unit, values: ValueForm[]): string {
  const parts = [spec.offers[unit].price, ...values.map((value) => value.surcharges?.[unit] || "0")];
  return parts.every(isPrice) ? addMoney(...parts.map((part) => part.trim().replace("+", ""))) : "";
}

/** Every combination with its price per period: switched off, or with a price of its own, where the sum does not fit. */
export function CombinationsFields({ index, spec }: { index: number; spec: SpecForm }) {
  const { t, i18n } = useTranslation("template");
  const { site } = useSession();
  const all = combinations(spec.attributes ?? []);
  const sold = offered(spec);
  if ((spec.attributes ?? []).length === 0 || sold.length === 0) return null;
  if (all.length === 0) return <p role="alert" className={table.fault}>{t("combinations.too_many", { max: mostCombinations })}</p>;
  return (
    <section className={css.part}>
      <h4>{t("combinations.title")}</h4>
      <p className="soft">{t("combinations.intro")}</p>
      <div className={css.combinations}>
        <table className={table.table}>
          <thead><tr>
            <th scope="col">{t("combinations.sold")}</th>
            {spec.attributes.map((one, number) => <th key={number} scope="col">{inLang(one?.name, i18n.language) || t("attributes.number", { number: number + 1 })}</th>)}
            {sold.map((unit) => <th key={unit} scope="col" className={table.number}>{t(`combinations.price_${unit}`)}</th>)}
          </tr></thead>
          <tbody>
            {all.map(({ choice, values }) => {
              const name = values.map((value) => inLang(value.name, i18n.language) || value.code).join(" · ");
              const off = spec.exceptions?.[choice]?.off ?? false;
              return (
                <tr key={choice} data-off={off}>
                  <td>
                    <Form.Item name={[index, "exceptions", choice, "off"]} noStyle getValueProps={(value: boolean | undefined) => ({ checked: !value })} getValueFromEvent={(event: { target: { checked: boolean } }) => !event.target.checked}>
                      <Checkbox aria-label={t("combinations.sold_of", { name })} />
                    </Form.Item>
                  </td>
                  {values.map((value, number) => <td key={number}>{inLang(value.name, i18n.language) || <span className="mono">{value.code}</span>}</td>)}
                  {sold.map((unit) => {
                    const sum = computed(spec, unit, values);
                    return (
                      <td key={unit} className={table.number}>
                        <Form.Item name={[index, "exceptions", choice, "prices", unit]} style={{ margin: 0 }}>
                          <Input aria-label={t(`combinations.price_of_${unit}`, { name })} inputMode="decimal" disabled={off} placeholder={sum && formatMoney(sum, site.currency)} maxLength={12} className={css.cell!} />
                        </Form.Item>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
