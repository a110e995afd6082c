import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../../api/client";
import { asProblem } from "../../../api/problem";
import { useSession } from "../../../api/session";
import { formatMoney } from "../../../ui/money";
import { specContent, unitOf, type SpecForm } from "./offers";
import { inLang, type SpecContent } from "./product";
import css from "./products.module.css";

interface Row { choice: string; values: string[]; mode: string; periodType: string; trial: boolean; quantity?: number; periodPrice: string; amounts: { periods: number; amount: string }[] }
interface Table { rows: Row[]; total: number; warnings: { mode: string; periodType: string; quantity: number; price: string; next: number; nextPrice: string }[]; void: { from: string; to: string; reason: "off" | "cheaper" }[] }

const quiet = 500;

/** The tables of a draft while it is edited: asked when the typing pauses. */
export function DraftPriceTables({ specs }: { specs: SpecForm[] }) {
  const wanted = JSON.stringify(specs.filter((spec) => spec?.offers).map(specContent));
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), quiet);
    return () => clearTimeout(timer);
  }, [wanted]);
  return <PriceTables specs={JSON.parse(settled) as SpecContent[]} />;
}

/** What buyers pay for each specification: every combination, at the quantities where the price changes, for the shortest and longest term. */
export function PriceTables({ specs }: { specs: SpecContent[] }) {
  const { t, i18n } = useTranslation("catalogue");
  return (
    <div className={css.stack}>
      {specs.map((spec, index) => <SpecTable key={spec.id || index} spec={spec} name={inLang(spec.name, i18n.language) || t("specs.number", { number: index + 1 })} />)}
    </div>
  );
}

function SpecTable({ spec, name }: { spec: SpecContent; name: string }) {
  const { t, i18n } = useTranslation(["template", "catalogue", "pricing", "changes"]);
  const { site } = useSession();
  const { data: table, error } = useQuery({
    queryKey: ["price-table", i18n.language, spec],
    queryFn: () => send<Table>("POST", "/api/v1/price-table", spec),
    enabled: spec.plans.length > 0,
    placeholderData: keepPreviousData, staleTime: Infinity, retry: false,
  });
  const money = (amount: string) => formatMoney(amount, site.currency);
  const attributes = spec.attributes ?? [];
  const valueName = (attribute: number, code: string) => inLang(attributes[attribute]?.values.find((one) => one.code === code)?.name, i18n.language) || code;
  const choiceName = (choice: string) => choice.split(",").map((pick) => {
    const [code = "", value = ""] = pick.split("=");
    return valueName(attributes.findIndex((one) => one.code === code), value);
  }).join(" · ");
  const counted = spec.quantity !== undefined;
  const term = (row: Row, count: number) => (unitOf(row) === "once" ? t("catalogue:unit.once") : t(`pricing:term.${row.periodType}`, { count }));
  if (spec.plans.length === 0) return <p className="soft">{t("table.no_price", { name })}</p>;
  if (error) {
    const problem = asProblem(error);
    return <div><h4 className={css.result}>{name}</h4><p className="soft">{problem.fields[0]?.message ?? problem.message}</p></div>;
  }
  if (!table) return null;
  return (
    <div>
      {table.warnings.map((one) => (
        <Alert key={one.mode + one.periodType + one.quantity} type="warning" showIcon style={{ marginBottom: 8 }}
          title={t("table.falls", { quantity: one.quantity, price: money(one.price), next: one.next, nextPrice: money(one.nextPrice) })} />
      ))}
      {table.void.map((one) => (
        <Alert key={`${one.from}>${one.to}`} type="warning" showIcon style={{ marginBottom: 8 }} title={t(`changes:rules.void_${one.reason}`, { from: choiceName(one.from), to: choiceName(one.to) })} />
      ))}
      <div className={`${css.scroll} ${css.bounded}`} tabIndex={0} role="group" aria-label={name}>
        <table className={css.table}>
          <caption className={css.caption}>{name}</caption>
          <thead><tr>
            {attributes.map((one) => <th key={one.code} scope="col">{inLang(one.name, i18n.language) || one.code}</th>)}
            {counted && <th scope="col" className={css.number}>{inLang(spec.quantity?.name, i18n.language)}</th>}
            <th scope="col">{t("table.period")}</th>
            <th scope="col" className={css.number}>{t("table.period_price")}</th>
            <th scope="col" className={css.number}>{t("table.shortest")}</th>
            <th scope="col" className={css.number}>{t("table.longest")}</th>
          </tr></thead>
          <tbody>
            {table.rows.map((row) => {
              const first = row.amounts[0], last = row.amounts[row.amounts.length - 1];
              const cell = (one: typeof first) => one && <>{money(one.amount)}<div className="faint">{term(row, one.periods)}</div></>;
              return (
                <tr key={row.choice + row.mode + row.periodType + row.trial + row.quantity}>
                  {row.values.map((code, number) => <td key={number}>{valueName(number, code)}</td>)}
                  {counted && <td className={css.number}>{row.quantity?.toLocaleString("en-US") ?? spec.quantity?.min}</td>}
                  <td>{row.trial ? t("pricing:trial") : t(`catalogue:unit.${unitOf(row)}`)}</td>
                  <td className={css.number}>{money(row.periodPrice)}</td>
                  <td className={css.number}>{cell(first)}</td>
                  <td className={css.number}>{last !== first && cell(last)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {table.total > table.rows.length && <p className="soft">{t("table.more", { shown: table.rows.length, total: table.total })}</p>}
    </div>
  );
}
