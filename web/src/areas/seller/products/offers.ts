import type { Attribute, Changes, CombinationContent, Content, Limit, PlanContent, Quantity, SpecContent, Text } from "./product";

export const units = ["month", "year", "day", "once"] as const;
export type Unit = (typeof units)[number];

/** The price of a quantity: by one price, by intervals each at its own, or all at the price of the interval it falls in. */
export const rateModes = ["LINEAR", "GRADUATED", "VOLUME"] as const;
export interface TierForm { upTo?: number | null; price: string }
export interface RateForm { mode: string; tiers: TierForm[] }

/** One way to pay for a specification, as the wizard edits it; an empty price is not offered. */
export interface Offer { price: string; minPeriods: number; maxPeriods: number; rate: RateForm }
export type Offers = Record<Unit, Offer>;
export type UnitPrices = Partial<Record<Unit, string>>;

/** A value of an attribute with what it costs more per period. */
export interface ValueForm { code: string; name: Text; surcharges: UnitPrices }
export interface AttributeForm { code: string; name: Text; values: ValueForm[] }
/** A combination that is not sold, or has prices of its own. */
export interface Exception { off: boolean; prices: UnitPrices }

/** A specification in the form. Both templates are kept, so that trying the other one loses nothing. */
export interface SpecForm {
  id: string;
  name: Text;
  template: "simple" | "custom";
  offers: Offers;
  attributes: AttributeForm[];
  counted: boolean;
  quantity: Quantity;
  exceptions: Record<string, Exception>;
  trialDays: number | null;
  limit: Limit;
  changes: ChangesForm;
}

/** What running services can be changed to: rules by their source. */
export interface ChangesForm { mode: "off" | "any" | "rules"; rules: Record<string, string[]>; expand: boolean; expandRule: string; renewal: boolean }

const noChanges = (): ChangesForm => ({ mode: "off", rules: {}, expand: false, expandRule: "", renewal: false });

const changesForm = (changes: Changes): ChangesForm => ({
  mode: changes.any ? "any" : changes.rules?.length ? "rules" : "off", rules: Object.fromEntries((changes.rules ?? []).map((one) => [one.from, one.to])),
  expand: changes.expand ?? false, expandRule: changes.expandRule ?? "", renewal: changes.renewal ?? false,
});

/** Nothing where nothing is offered; sources that are no combination any more are left out. */
function changesOf(spec: SpecForm): Changes | undefined {
  const { mode, rules, expand, expandRule, renewal } = spec.changes ?? noChanges();
  const known = combinations(spec.attributes).map((one) => one.choice);
  const kept = mode !== "rules" ? [] : known.flatMap((from) => {
    const to = (rules?.[from] ?? []).filter((one) => known.includes(one) && one !== from);
    return to.length > 0 ? [{ from, to }] : [];
  });
  const more = expand && spec.counted;
  if (mode !== "any" && kept.length === 0 && !more) return undefined;
  return {
    ...(mode === "any" ? { any: true } : {}), ...(kept.length > 0 ? { rules: kept } : {}),
    ...(more ? { expand: true, ...(expandRule ? { expandRule } : {}) } : {}), ...(renewal ? { renewal: true } : {}),
  };
}

/** The content in the form: prices by unit instead of a list of plans. */
export interface FormContent extends Omit<Content, "specs" | "purchaseLimit"> { specs: SpecForm[]; purchaseLimit: Limit }

/** The longest terms: 11 months, 5 years, 99 days. */
export const longest: Record<Unit, number> = { month: 11, year: 5, day: 99, once: 1 };
const usual: Record<Unit, number> = { month: 9, year: 3, day: 31, once: 1 };

export const unitOf = (plan: { mode: string; periodType: string }): Unit =>
  (plan.mode === "ONE_TIME" ? "once" : plan.periodType === "year" || plan.periodType === "day" ? plan.periodType : "month");

const text = (): Text => ({ zh: "", en: "" });
const newOffer = (unit: Unit): Offer => ({ price: "", minPeriods: 1, maxPeriods: usual[unit], rate: { mode: "LINEAR", tiers: [{ price: "" }] } });
const noLimit = (): Limit => ({ kind: "" });

/** The first code "value1", "value2" … that is not taken. */
export function freeCode(stem: string, taken: string[]): string {
  for (let number = 1; ; number++) if (!taken.includes(stem + number)) return stem + number;
}

export const newValue = (taken: string[]): ValueForm => ({ code: freeCode("value", taken), name: text(), surcharges: {} });
export const newAttribute = (taken: string[]): AttributeForm => ({ code: freeCode("attribute", taken), name: text(), values: [newValue([])] });

export const newSpec = (): SpecForm => ({
  id: "", name: text(), template: "simple",
  offers: { month: newOffer("month"), year: newOffer("year"), day: newOffer("day"), once: newOffer("once") },
  attributes: [], counted: false, quantity: { code: "quantity", name: text(), unit: text(), field: "amount", min: 1, max: 1000, step: 1 },
  exceptions: {}, trialDays: null, limit: noLimit(), changes: noChanges(),
});

function specForm(spec: SpecContent): SpecForm {
  const form: SpecForm = { ...newSpec(), id: spec.id, name: spec.name, template: spec.template === "custom" ? "custom" : "simple", trialDays: spec.trialDays || null, limit: spec.limit ?? noLimit(), changes: spec.changes ? changesForm(spec.changes) : noChanges() };
  form.attributes = (spec.attributes ?? []).map((one) => ({ ...one, values: one.values.map((value) => ({ ...value, surcharges: {} })) }));
  if (spec.quantity) Object.assign(form, { counted: true, quantity: spec.quantity });
  for (const plan of spec.plans) {
    const unit = unitOf(plan);
    form.offers[unit] = { price: plan.price, minPeriods: plan.minPeriods, maxPeriods: plan.maxPeriods, rate: plan.rate ?? newOffer(unit).rate };
    for (const extra of plan.surcharges ?? []) {
      const value = form.attributes.find((one) => one.code === extra.attribute)?.values.find((one) => one.code === extra.value);
      if (value) value.surcharges[unit] = extra.price;
    }
  }
  for (const one of spec.combinations ?? []) {
    form.exceptions[one.choice] = { off: one.off ?? false, prices: Object.fromEntries((one.prices ?? []).map((price) => [unitOf(price), price.price])) };
  }
  return form;
}

export const toForm = (content: Content): FormContent => ({ ...content, specs: content.specs.map(specForm), purchaseLimit: content.purchaseLimit ?? noLimit() });

const filled = (price: string | undefined): price is string => (price ?? "").trim() !== "";
const modeOf = (unit: Unit) => ({ mode: unit === "once" ? "ONE_TIME" as const : "PERIOD" as const, periodType: unit === "once" ? "" : unit });

/** The units with a price, in the order of the plans that are stored. */
export const offered = (spec: SpecForm): Unit[] => units.filter((unit) => filled(spec.offers?.[unit]?.price));

/** The surcharges of a unit, with where the form edits them. */
const surcharges = (spec: SpecForm, unit: Unit) => spec.attributes.flatMap((one, attribute) => one.values.flatMap((value, index) => {
  const price = value.surcharges?.[unit];
  return filled(price) ? [{ at: { attribute, index }, content: { attribute: one.code, value: value.code, price: price.trim() } }] : [];
}));

function planOf(spec: SpecForm, unit: Unit): PlanContent {
  const offer = spec.offers[unit];
  const plan: PlanContent = {
    ...modeOf(unit), price: offer.price.trim(),
    minPeriods: unit === "once" ? 1 : Number(offer.minPeriods) || 1, maxPeriods: unit === "once" ? 1 : Number(offer.maxPeriods) || usual[unit],
  };
  if (spec.template !== "custom") return plan;
  const extra = surcharges(spec, unit);
  if (extra.length > 0) plan.surcharges = extra.map((one) => one.content);
  if (spec.counted) plan.rate = rateOf(offer.rate);
  return plan;
}

/** The last interval has no upper bound, whatever stood there; one price has one interval. */
function rateOf({ mode, tiers }: RateForm): { mode: string; tiers: { upTo?: number; price: string }[] } {
  const kept = mode === "LINEAR" ? tiers.slice(0, 1) : tiers;
  return { mode, tiers: kept.map((tier, index) => ({ ...(index < kept.length - 1 ? { upTo: Number(tier.upTo) || 0 } : {}), price: (tier.price ?? "").trim() })) };
}

/** The combinations of the enumerated values, by the key that the server uses; at most as many as can be sold. */
export function combinations(attributes: AttributeForm[]): { choice: string; values: ValueForm[] }[] {
  let all: { picks: [string, string][]; values: ValueForm[] }[] = [{ picks: [], values: [] }];
  for (const one of attributes) {
    if (all.length * Math.max(one.values.length, 1) > mostCombinations) return [];
    all = all.flatMap((so) => one.values.map((value) => ({ picks: [...so.picks, [one.code, value.code]] as [string, string][], values: [...so.values, value] })));
  }
  return all.map(({ picks, values }) => ({ choice: [...picks].sort(([a], [b]) => (a < b ? -1 : 1)).map((pick) => pick.join("=")).join(","), values }));
}

export const mostCombinations = 200;

function exceptions(spec: SpecForm): CombinationContent[] {
  return combinations(spec.attributes).flatMap(({ choice }) => {
    const one = spec.exceptions?.[choice];
    const prices = offered(spec).flatMap((unit) => (filled(one?.prices?.[unit]) ? [{ ...modeOf(unit), price: one.prices[unit]!.trim() }] : []));
    if (!one || (!one.off && prices.length === 0)) return [];
    return [{ choice, ...(one.off ? { off: true } : {}), ...(prices.length > 0 ? { prices } : {}) }];
  });
}

const limitOf = (limit: Limit | undefined): Limit | undefined =>
  (!limit?.kind ? undefined : limit.kind === "quantity" ? { kind: limit.kind, count: Number(limit.count) || 0 } : { kind: limit.kind });

/** The specification as the API wants it. */
export function specContent(spec: SpecForm): SpecContent {
  const limit = limitOf(spec.limit);
  const content: SpecContent = {
    id: spec.id, name: spec.name, plans: offered(spec).map((unit) => planOf(spec, unit)),
    ...(spec.trialDays ? { trialDays: spec.trialDays } : {}), ...(limit ? { limit } : {}),
  };
  if (spec.template !== "custom") return content;
  const off = exceptions(spec), changes = changesOf(spec);
  return {
    ...content, template: "custom",
    ...(spec.attributes.length > 0 ? { attributes: spec.attributes.map((one): Attribute => ({ code: one.code, name: one.name, values: one.values.map(({ code, name }) => ({ code, name })) })) } : {}),
    ...(spec.counted ? { quantity: { ...spec.quantity, min: Number(spec.quantity.min) || 0, max: Number(spec.quantity.max) || 0, step: Number(spec.quantity.step) || 0 } } : {}),
    ...(off.length > 0 ? { combinations: off } : {}),
    ...(changes ? { changes } : {}),
  };
}

export function fromForm({ purchaseLimit, ...form }: FormContent): Content {
  const limit = limitOf(purchaseLimit);
  return { ...form, specs: form.specs.map(specContent), ...(limit ? { purchaseLimit: limit } : {}) };
}

type Path = (string | number)[];

/** Where the form shows what the server says of `specs[i].plans[j].price` and the like: the j-th plan is the j-th offered unit. */
export function formPath(path: Path, form: FormContent): Path {
  const [root, index, part, number, field, ...rest] = path;
  const spec = root === "specs" && typeof index === "number" ? form.specs[index] : undefined;
  if (!spec) return path;
  const at = (...inside: Path): Path => ["specs", index!, ...inside];
  if (part === "changes") return at("changes", number === "renewal" || number === "expandRule" || number === "expand" ? number : "mode");
  if (part === "attributes" && number === undefined) return at("template");
  if (part === "combinations") {
    const one = exceptions(spec)[Number(number)];
    const price = one?.prices?.[Number(rest[0])];
    return one && field === "prices" && price ? at("exceptions", one.choice, "prices", unitOf(price)) : at("template");
  }
  if (part !== "plans") return path;
  if (typeof number !== "number") return at("offers", "month", "price");
  const unit = offered(spec)[number] ?? "month";
  if (field === "surcharges") {
    const extra = surcharges(spec, unit)[Number(rest[0])];
    return extra ? at("attributes", extra.at.attribute, "values", extra.at.index, "surcharges", unit) : at("offers", unit, "price");
  }
  if (field === "rate") return rest[0] === "tiers" && typeof rest[1] === "number" ? at("offers", unit, "rate", ...rest) : at("offers", unit, "rate", "mode");
  return at("offers", unit, field === "minPeriods" || field === "maxPeriods" ? field : "price");
}
