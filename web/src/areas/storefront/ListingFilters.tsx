import { Button } from "antd";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useCategories, type Category } from "../../layout/CategoryMenu";
import type { Listing } from "./catalogue";
import type { Filter } from "./filter";
import css from "./ListingFilters.module.css";

interface Props {
  filter: Filter;
  fixed: Partial<Filter>;
  listing: Listing | undefined;
  offer: { categories?: boolean; sellers?: boolean };
  onChange: (change: Partial<Record<keyof Filter, string>>) => void;
}

interface Option {
  value: string;
  label: string;
  count?: number;
  /** How deep below the first level. */
  depth?: number;
}

/** What a list may be narrowed by. Counts are those of the present result. */
export function ListingFilters({ filter, fixed, listing, offer, onChange }: Props) {
  const { t } = useTranslation("storefront");
  const facets = listing?.popular ? undefined : listing?.facets;
  const modes = ["month", "year", "once"].map((mode) => ({ value: mode, label: t(`mode.${mode}`), ...countOf(facets?.modes, mode) }));
  const tree = useCategories();
  const categories: Option[] = (facets?.categories ?? []).map((one) => ({ value: one.value, label: one.name ?? "", count: one.count, depth: Math.max(0, depthOf(tree.data?.items ?? [], one.value)) }));
  // What is chosen stays visible although nothing is found in it.
  if (filter.category && !categories.some((one) => one.value === filter.category)) categories.push({ value: filter.category, label: nameIn(tree.data?.items ?? [], filter.category) });
  const sellers = [...new Map((listing?.popular ? [] : listing?.items ?? []).map((item) => [item.sellerId, { value: item.sellerId, label: item.sellerName }])).values()];
  if (filter.seller && !sellers.some((one) => one.value === filter.seller)) sellers.push({ value: filter.seller, label: t("filter.chosen_seller") });
  const chosen = (["mode", "priceMin", "priceMax", "category", "seller"] as const).some((name) => filter[name] && !(name in fixed));
  return (
    <div className={css.filters}>
      {offer.categories && (categories.length > 0 || filter.category) && (
        <Group legend={t("filter.category")} any={t("filter.any_category")} options={categories} value={filter.category} onChange={(value) => onChange({ category: value })} />
      )}
      <Group legend={t("filter.mode")} any={t("filter.any_mode")} options={modes} value={filter.mode} onChange={(value) => onChange({ mode: value })} />
      <PriceRange filter={filter} onChange={onChange} />
      {offer.sellers && (filter.seller || sellers.length > 1) && (
        <Group legend={t("filter.seller")} any={t("filter.any_seller")} options={sellers} value={filter.seller} onChange={(value) => onChange({ seller: value })} />
      )}
      {chosen && <Button onClick={() => onChange({ mode: "", priceMin: "", priceMax: "", category: "", seller: "" })}>{t("filter.clear")}</Button>}
    </div>
  );
}

function depthOf(categories: Category[], id: string): number {
  for (const one of categories) {
    if (one.id === id) return 0;
    const below = depthOf(one.children ?? [], id);
    if (below >= 0) return below + 1;
  }
  return -1;
}

function nameIn(categories: Category[], id: string): string {
  for (const one of categories) {
    const name = one.id === id ? one.name : nameIn(one.children ?? [], id);
    if (name) return name;
  }
  return "";
}

function countOf(counts: { value: string; count: number }[] | undefined, value: string): { count?: number } {
  if (!counts) return {};
  return { count: counts.find((one) => one.value === value)?.count ?? 0 };
}

function Group({ legend, any, options, value, onChange }: { legend: string; any: string; options: Option[]; value: string; onChange: (value: string) => void }) {
  const name = useId();
  return (
    <fieldset className={css.group}>
      <legend>{legend}</legend>
      {[{ value: "", label: any }, ...options].map((option: Option) => (
        <label key={option.value} style={option.depth ? { paddingInlineStart: option.depth * 24 } : undefined}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span className={css.label}>{option.label}</span>
          {option.count !== undefined && <span className={css.count}>{option.count}</span>}
        </label>
      ))}
    </fieldset>
  );
}

const amount = /^\d{1,10}(\.\d{1,2})?$/;

function PriceRange({ filter, onChange }: Pick<Props, "filter" | "onChange">) {
  const { t } = useTranslation("storefront");
  const [low, setLow] = useState(filter.priceMin);
  const [high, setHigh] = useState(filter.priceMax);
  const [fault, setFault] = useState("");
  const id = useId();
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const [min, max] = [low.trim(), high.trim()];
    if ((min && !amount.test(min)) || (max && !amount.test(max))) setFault(t("filter.price_form"));
    else if (min && max && Number(min) > Number(max)) setFault(t("filter.price_order"));
    else {
      setFault("");
      onChange({ priceMin: min, priceMax: max });
    }
  };
  return (
    <form className={css.group} onSubmit={apply} noValidate role="group" aria-labelledby={id}>
      <span id={id} className={css.legend}>{t("filter.price")}</span>
      <span className={css.range}>
        <input inputMode="decimal" aria-label={t("filter.price_min")} placeholder={t("filter.min")} value={low} onChange={(event) => setLow(event.target.value)} aria-invalid={fault !== ""} />
        <span aria-hidden="true">–</span>
        <input inputMode="decimal" aria-label={t("filter.price_max")} placeholder={t("filter.max")} value={high} onChange={(event) => setHigh(event.target.value)} aria-invalid={fault !== ""} />
        <Button htmlType="submit">{t("filter.apply")}</Button>
      </span>
      {fault && <span role="alert" className={css.fault}>{fault}</span>}
    </form>
  );
}
