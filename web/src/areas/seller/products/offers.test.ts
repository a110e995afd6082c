import { expect, test } from "vitest";
import { formPath, fromForm, newSpec, toForm } from "./offers";
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
