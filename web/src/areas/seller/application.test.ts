import { describe, expect, test } from "vitest";
import { formRows, reviewDue, type SellerForm } from "./application";

const form: SellerForm = {
  name: { zh: "云杉软件", en: "" }, website: "https://www.spruce.example", logoKey: "", founded: "2019-03-01", years: "5_10", staff: "50_199",
  capital: { amount: "1000000", currency: "CNY" }, contact: { name: "A", phone: "010-5555", email: "a@spruce.example" },
  address: { country: "CN", province: "浙江省", city: "杭州市", detail: "文三路 100 号", postcode: "310000" },
  servicePhone: "400-555", serviceEmail: "", licenceKey: "", introduction: { zh: "", en: "" }, preSales: { phone: "010-1", extension: "8", email: "" },
};

describe("formRows", () => {
  const rows = Object.fromEntries(formRows(form).map((row) => [row.key, row.value]));
  test("joins what belongs together and leaves out what is empty", () => {
    expect(rows.capital).toBe("1000000 CNY");
    expect(rows.service).toBe("400-555");
    expect(rows.pre_sales).toBe("010-1 - 8");
    expect(rows.name_en).toBe("");
  });
});

test("a review is due three days after the submission", () => {
  expect(reviewDue("2026-11-20T02:00:00Z")).toBe("2026-11-23T02:00:00.000Z");
  expect(reviewDue(undefined)).toBeUndefined();
});
