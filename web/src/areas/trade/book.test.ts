import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import { entryText } from "./book";

const t = ((key: string) => key) as unknown as TFunction;

describe("entryText", () => {
  it("tells a seller which part of a voucher it bears, and when it comes back", () => {
    expect(entryText({ kind: "capture", amount: "145.35" }, "seller", t)).toBe("ledger:kind.capture");
    expect(entryText({ kind: "capture", amount: "-50.00" }, "seller", t)).toBe("ledger:kind.voucher_share");
    expect(entryText({ kind: "refund_delivered", amount: "-145.35" }, "seller", t)).toBe("ledger:kind.refund_delivered");
    expect(entryText({ kind: "refund_delivered", amount: "50.00" }, "seller", t)).toBe("ledger:kind.voucher_share_back");
  });

  it("leaves the book's own words to buyers and operators", () => {
    expect(entryText({ kind: "refund_delivered", amount: "50.00" }, "buyer", t)).toBe("ledger:kind.refund_delivered");
    expect(entryText({ kind: "capture", amount: "-50.00" }, "operator", t)).toBe("ledger:kind.capture");
  });
});
