import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { formatMoney } from "../../ui/money";
import { PageError } from "../../ui/PageError";
import css from "./RuleForm.module.css";
import { forms, modeText, waresQuery, type Side, type Ware } from "./rule";

/** A line as the form holds it: what it is given on is one choice. */
export interface LineValues {
  productId: string;
  form: "ratio" | "fixed" | "reduction";
  value: string;
  periods?: number | null;
  quantity?: number | null;
}

const everything = "*";

/** Product, specification and plan of a choice: parts of "product/spec/plan". */
export const lineBody = ({ productId: on, form, value, periods, quantity }: LineValues) => {
  const [productId = "", specId = "", planId = ""] = on === everything ? [] : on.split("/");
  return { productId, specId, planId, form, value: value.trim(), periods: periods ?? 0, quantity: quantity ?? 0 };
};

interface Props {
  side: Side;
  /** A configured quote has one line with length and quantity. */
  configured: boolean;
  /** A promotion may be given on everything. */
  all: boolean;
}

/** What a discount is given on, line by line. */
export function LineFields({ side, configured, all }: Props) {
  const { t } = useTranslation("discount");
  const { data, error, refetch } = useQuery(waresQuery(side));
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  const wares = data?.plans ?? [];
  return (
    <Form.List name="lines">
      {(fields, { add, remove }) => (
        <fieldset className={css.lines}>
          <legend>{t("lines")}</legend>
          {fields.map(({ key, name }) => (
            <Line key={key} index={name} wares={wares} loading={!data} currency={data?.currency ?? ""} configured={configured} all={all} side={side} {...(fields.length > 1 ? { onRemove: () => remove(name) } : {})} />
          ))}
          {!configured && fields.length < 50 && <Button type="dashed" onClick={() => add({ form: "ratio", value: "0.9" })}>{t("add_line")}</Button>}
        </fieldset>
      )}
    </Form.List>
  );
}

interface LineProps extends Props {
  index: number;
  wares: Ware[];
  loading: boolean;
  currency: string;
  onRemove?: () => void;
}

function Line({ index, wares, loading, currency, configured, all, side, onRemove }: LineProps) {
  const { t } = useTranslation("discount");
  const { site } = useSession();
  const on = Form.useWatch<string | undefined>(["lines", index, "productId"]);
  const form = Form.useWatch<LineValues["form"] | undefined>(["lines", index, "form"]) ?? "ratio";
  const ware = wares.find((one) => on && (on === idOf(one) || on === one.productId || on === `${one.productId}/${one.specId}`));
  const plan = wares.find((one) => on === idOf(one));
  const needed = [{ required: true, message: t("form.required") }];
  return (
    <div className={css.line}>
      <div className={css.row}>
        <Form.Item className={css.on} name={[index, "productId"]} label={t("on")} rules={needed} extra={ware && t("bounds_line", { authorised: ware.authorised, floor: ware.floor === "0" ? t("no_floor") : ware.floor })}>
          <Select showSearch={{ optionFilterProp: "label" }} loading={loading} options={choices(wares, configured || form !== "ratio", all && form === "ratio", side, t, currency || site.currency)} popupMatchSelectWidth={false} />
        </Form.Item>
        <Form.Item name={[index, "form"]} label={t("form_title")}><Select options={forms.map((one) => ({ value: one, label: t(`form.${one}`) }))} /></Form.Item>
        <Form.Item name={[index, "value"]} label={t(`value.${form === "fixed" && configured ? "fixed_whole" : form}`)} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input inputMode="decimal" autoComplete="off" suffix={form === "ratio" ? undefined : currency} />
        </Form.Item>
        {configured && plan?.chargingMode !== "ONE_TIME" && <Form.Item name={[index, "periods"]} label={t("periods")} rules={needed}><InputNumber min={plan?.minPeriods ?? 1} max={plan?.maxPeriods ?? 99} precision={0} /></Form.Item>}
        {configured && Boolean(plan?.minQuantity) && <Form.Item name={[index, "quantity"]} label={plan?.unit ? `${t("quantity")} (${plan.unit})` : t("quantity")} rules={needed}><InputNumber min={plan!.minQuantity} max={plan!.maxQuantity} step={plan!.step} precision={0} /></Form.Item>}
      </div>
      {onRemove && <Button size="small" onClick={onRemove} aria-label={t("remove_line", { n: index + 1 })}>{t("action.delete")}</Button>}
    </div>
  );
}

const idOf = (one: Ware) => `${one.productId}/${one.specId}/${one.planId}`;

function choices(wares: Ware[], plansOnly: boolean, all: boolean, side: Side, t: ReturnType<typeof useTranslation>["t"], currency: string) {
  const out: { value: string; label: string }[] = all ? [{ value: everything, label: t("discount:on_all") }] : [];
  let product = "", spec = "";
  for (const one of wares) {
    const name = side === "operator" ? `${one.productName} (${one.sellerName})` : one.productName;
    if (!plansOnly && one.productId !== product) out.push({ value: one.productId, label: `${name} · ${t("discount:all_specs")}` });
    if (!plansOnly && one.specId !== spec) out.push({ value: `${one.productId}/${one.specId}`, label: `${name} · ${one.specName} · ${t("discount:all_plans")}` });
    [product, spec] = [one.productId, one.specId];
    out.push({ value: idOf(one), label: [name, one.specName, one.combination, modeText(one, t), formatMoney(one.price, currency)].filter(Boolean).join(" · ") });
  }
  return out;
}
