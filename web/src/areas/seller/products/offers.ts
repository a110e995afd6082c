import type { Content, PlanContent, SpecContent, Text } from "./product";

/** One way to pay for a specification, as the wizard edits it; an empty price is not offered. */
export interface Offer { price: string; minPeriods: number; maxPeriods: number }
export const units = ["month", "year", "once"] as const;
export type Unit = (typeof units)[number];
export type Offers = Record<Unit, Offer>;

/** A specification in the form. `released` are the units that can no longer be left out. */
export interface SpecForm { id: string; name: Text; offers: Offers }

/** The content in the form: prices by unit instead of a list of plans. */
export interface FormContent extends Omit<Content, "specs"> { specs: SpecForm[] }

/** The longest terms: 11 months, 5 years. */
export const longest: Record<Unit, number> = { month: 11, year: 5, once: 1 };
const usual: Record<Unit, number> = { month: 9, year: 3, once: 1 };

export const unitOf = (plan: { mode: string; periodType: string }): Unit => (plan.mode === "ONE_TIME" ? "once" : plan.periodType === "year" ? "year" : "month");

export const newSpec = (): SpecForm => ({
  id: "", name: { zh: "", en: "" },
  offers: { month: { price: "", minPeriods: 1, maxPeriods: usual.month }, year: { price: "", minPeriods: 1, maxPeriods: usual.year }, once: { price: "", minPeriods: 1, maxPeriods: 1 } },
});

export function toForm(content: Content): FormContent {
  return {
    ...content,
    specs: content.specs.map((spec) => {
      const form = { ...newSpec(), id: spec.id, name: spec.name };
      for (const plan of spec.plans) form.offers[unitOf(plan)] = { price: plan.price, minPeriods: plan.minPeriods, maxPeriods: plan.maxPeriods };
      return form;
    }),
  };
}

const planOf = (unit: Unit, offer: Offer): PlanContent =>
  unit === "once" ? { mode: "ONE_TIME", periodType: "", price: offer.price.trim(), minPeriods: 1, maxPeriods: 1 }
    : { mode: "PERIOD", periodType: unit, price: offer.price.trim(), minPeriods: Number(offer.minPeriods) || 1, maxPeriods: Number(offer.maxPeriods) || usual[unit] };

const offered = (spec: SpecForm): Unit[] => units.filter((unit) => spec.offers[unit].price.trim() !== "");

export function fromForm(form: FormContent): Content {
  return { ...form, specs: form.specs.map((spec): SpecContent => ({ id: spec.id, name: spec.name, plans: offered(spec).map((unit) => planOf(unit, spec.offers[unit])) })) };
}

/** Where the form shows what the server says of `specs[i].plans[j].price`: the j-th plan is the j-th offered unit. */
export function formPath(path: (string | number)[], form: FormContent): (string | number)[] {
  const [root, spec, plans, plan, field] = path;
  if (root !== "specs" || plans !== "plans" || typeof spec !== "number") return path;
  const one = form.specs[spec];
  if (!one) return path;
  if (typeof plan !== "number") return ["specs", spec, "offers", "month", "price"];
  const unit = offered(one)[plan] ?? "month";
  return ["specs", spec, "offers", unit, field === "minPeriods" || field === "maxPeriods" ? field : "price"];
}
