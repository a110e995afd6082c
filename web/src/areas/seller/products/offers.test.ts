import { expect, test } from "vitest";
import { combinations, formPath, fromForm, newSpec, toForm } from "./offers";
import type { Content } from "./product";

const text = { zh: "", en: "" };
const content: Content = {
  name: text, summary: text, highlights: [], description: text, descriptionHtml: text, logoKey: "", pictures: [], categoryId: "", userGuideKey: "",
  afterSales: { serviceTime: text, content: text, mail: "", hotline: "" }, agreement: { kind: "template", text, html: text, fileKey: "" },
  publicSale: true, refundPolicy: "five_day", addressId: "", path: "", generation: "V2",
  specs: [{ id: "spc_1", name: text, plans: [
    { mode: "PERIOD", periodType: "year", price: "999", minPeriods: 1, maxPeriods: 5 },
    { mode: "ONE_TIME", periodType: "", price: "5000", minPeriods: 1, maxPeriods: 1 },
  ] }],
};

test("plans survive the way into the form and back", () => {
  expect(fromForm(toForm(content))).toEqual(content);
});

test("an empty price is not offered", () => {
  const form = toForm(content);
  form.specs[0]!.offers.year.price = " ";
  form.specs.push(newSpec());
  expect(fromForm(form).specs.map((spec) => spec.plans.length)).toEqual([1, 0]);
});

test("errors of plans land under their price or length", () => {
  const form = toForm(content);
  expect(formPath(["specs", 0, "plans", 1, "price"], form)).toEqual(["specs", 0, "offers", "once", "price"]);
  expect(formPath(["specs", 0, "plans", 0, "maxPeriods"], form)).toEqual(["specs", 0, "offers", "year", "maxPeriods"]);
  expect(formPath(["specs", 0, "plans"], form)).toEqual(["specs", 0, "offers", "month", "price"]);
  expect(formPath(["name", "zh"], form)).toEqual(["name", "zh"]);
});

const name = (en: string) => ({ zh: "", en });
const team: Content = {
  ...content, purchaseLimit: { kind: "quantity", count: 3 },
  specs: [{
    id: "spc_2", name: name("Team"), template: "custom",
    attributes: [{ code: "edition", name: name("Edition"), values: [{ code: "basic", name: name("Basic") }, { code: "pro", name: name("Pro") }] }, { code: "disk", name: name("Disk"), values: [{ code: "1", name: name("1 GB") }] }],
    quantity: { code: "users", name: name("Users"), unit: name("users"), field: "amount", min: 1, max: 100, step: 1 },
    plans: [
      { mode: "PERIOD", periodType: "month", price: "400", minPeriods: 1, maxPeriods: 9, surcharges: [{ attribute: "edition", value: "pro", price: "150" }], rate: { mode: "GRADUATED", tiers: [{ upTo: 50, price: "20" }, { price: "18" }] } },
      { mode: "PERIOD", periodType: "day", price: "20", minPeriods: 1, maxPeriods: 31, rate: { mode: "LINEAR", tiers: [{ price: "1" }] } },
    ],
    combinations: [{ choice: "disk=1,edition=basic", off: true }, { choice: "disk=1,edition=pro", prices: [{ mode: "PERIOD", periodType: "day", price: "25" }] }],
    trialDays: 14, limit: { kind: "once" },
  }],
};

test("attributes, quantity, trial and limits survive the way into the form and back", () => {
  expect(fromForm(toForm(team))).toEqual(team);
});

test("the simple template leaves out what belongs to the other one, which is kept in the form", () => {
  const form = toForm(team);
  form.specs[0]!.template = "simple";
  const [spec] = fromForm(form).specs;
  expect([spec?.template, spec?.attributes, spec?.quantity, spec?.combinations, spec?.plans[0]?.rate, spec?.plans[0]?.surcharges]).toEqual(Array(6).fill(undefined));
  form.specs[0]!.template = "custom";
  expect(fromForm(form)).toEqual(team);
});

test("the last interval has no upper bound, and one price has one interval", () => {
  const form = toForm(team);
  const rate = form.specs[0]!.offers.month.rate;
  rate.tiers[1]!.upTo = 99;
  expect(fromForm(form).specs[0]!.plans[0]!.rate!.tiers[1]).toEqual({ price: "18" });
  rate.mode = "LINEAR";
  expect(fromForm(form).specs[0]!.plans[0]!.rate).toEqual({ mode: "LINEAR", tiers: [{ price: "20" }] });
});

test("combinations are named as the server names them", () => {
  expect(combinations(toForm(team).specs[0]!.attributes).map((one) => one.choice)).toEqual(["disk=1,edition=basic", "disk=1,edition=pro"]);
  const many = Array.from({ length: 15 }, (_, index) => ({ code: String(index), name: text, surcharges: {} }));
  expect(combinations([{ code: "a", name: text, values: many }, { code: "b", name: text, values: many }])).toEqual([]);
});

test("errors of attributes, quantities and combinations land where they are edited", () => {
  const form = toForm(team);
  const at = (...path: (string | number)[]) => formPath(["specs", 0, ...path], form).slice(2);
  expect(at("plans", 0, "surcharges", 0, "price")).toEqual(["attributes", 0, "values", 1, "surcharges", "month"]);
  expect(at("plans", 1, "rate", "tiers", 0, "price")).toEqual(["offers", "day", "rate", "tiers", 0, "price"]);
  expect(at("plans", 1, "rate")).toEqual(["offers", "day", "rate", "mode"]);
  expect(at("combinations", 1, "prices", 0, "price")).toEqual(["exceptions", "disk=1,edition=pro", "prices", "day"]);
  expect(at("attributes", 1, "values", 0, "code")).toEqual(["attributes", 1, "values", 0, "code"]);
  expect(at("attributes")).toEqual(["template"]);
  expect(at("trialDays")).toEqual(["trialDays"]);
});
