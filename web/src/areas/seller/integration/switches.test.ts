import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { deviations } from "./switches";

const t = ((key: string, values?: Record<string, unknown>) => `${key}${values ? ` ${Object.values(values).join()}` : ""}`) as unknown as TFunction;

test("says only what differs from the documents", () => {
  expect(deviations({ hexCase: "upper", productInfo: "text", suppress: [], timeoutSeconds: 20 }, t)).toEqual([]);
  expect(deviations({ hexCase: "lower", productInfo: "object", suppress: ["skuCode", "trialFlag"], timeoutSeconds: 5 }, t))
    .toEqual(["switches.tag_timeout 5", "switches.tag_suppress skuCode, trialFlag", "switches.tag_hex", "switches.tag_product_info"]);
});
