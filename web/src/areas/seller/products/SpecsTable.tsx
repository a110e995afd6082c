import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { CopyText } from "../../../ui/CopyText";
import { Money } from "../../../ui/Money";
import { StateTag } from "../../../ui/StateTag";
import { unitOf } from "./offers";
import { inLang, productsPath, type Spec } from "./product";
import css from "./products.module.css";

/** "Pro · 200 GB" */
const chosenName = (spec: Spec, choice: string, lang: string): string => choice.split(",").map((part) => {
  const [attribute, value] = part.split("=");
  return inLang(spec.template.attributes?.find((one) => one.code === attribute)?.values.find((one) => one.code === value)?.name, lang) || value;
}).join(" · ");

/** Released specifications with the codes that the seller's server gets, and what can be asked for about each. */
export function SpecsTable({ productId, specs, actions = false }: { productId: string; specs: Spec[]; actions?: boolean }) {
  const { t, i18n } = useTranslation(["catalogue", "template", "pricing"]);
  const { site, can } = useSession();
  const client = useQueryClient();
  if (specs.length === 0) return <p className="soft">{t("product.no_specs")}</p>;
  const request = (kind: string, specId: string) => ({ reason, key }: { reason: string; key: string }) =>
    send("POST", `${productsPath}/${productId}/requests`, { kind, specId, reason }, key);
  const done = () => client.invalidateQueries();
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead><tr>
          <th scope="col">{t("field.spec_name")}</th><th scope="col">{t("field.sku")}</th><th scope="col">{t("field.plans")}</th><th scope="col">{t("field.state")}</th>
          {actions && <th scope="col">{t("table.actions")}</th>}
        </tr></thead>
        <tbody>
          {specs.map((spec) => {
            const name = inLang(spec.name, i18n.language);
            return (
              <tr key={spec.id}>
                <th scope="row">{name}</th>
                <td><CopyText text={spec.skuCode} /></td>
                <td>{spec.plans.map((plan) => <div key={plan.id} className={plan.sold ? undefined : "faint"}>{plan.choice && <span className="soft">{chosenName(spec, plan.choice, i18n.language)} · </span>}{plan.trial ? t("pricing:trial") : t(`unit.${unitOf(plan)}`)} <Money amount={plan.price} currency={site.currency} /> <CopyText text={plan.number} />{plan.skuCode && <> <CopyText text={plan.skuCode} /></>}{!plan.sold && ` ${t("template:combinations.off")}`}</div>)}</td>
                <td><StateTag kind="spec" state={spec.state} /></td>
                {actions && (
                  <td>{can("product:retire") && spec.state !== "delisted" && (
                    <span className={css.buttons}>
                      {spec.state === "shown" && <ConfirmAction label={t("request.hide_spec")} title={t("request.hide_spec_title", { name })} cost={t("request.hide_spec_cost")} button={{ size: "small" }} reason={{ label: t("request.reason"), required: false }} run={request("hide_spec", spec.id)} onDone={done} doneText={t("request.sent")} />}
                      {spec.state === "hidden" && <ConfirmAction label={t("request.show_spec")} title={t("request.show_spec_title", { name })} button={{ size: "small" }} reason={{ label: t("request.reason"), required: false }} run={request("show_spec", spec.id)} onDone={done} doneText={t("request.sent")} />}
                      <ConfirmAction label={t("request.take_down_spec")} title={t("request.take_down_spec_title", { name })} cost={t("request.take_down_spec_cost")} irreversible={t("request.final")} danger button={{ size: "small" }} reason={{ label: t("request.reason"), required: true }} run={request("take_down_spec", spec.id)} onDone={done} doneText={t("request.sent")} />
                    </span>
                  )}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
