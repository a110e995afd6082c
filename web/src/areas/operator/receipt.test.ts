import { describe, expect, it } from "vitest";
import { headsOf } from "./receipt";

describe("the head of a statement", () => {
  it("stands below the bank's own lines", () => {
    expect(headsOf('\uFEFFStatement of May\r\n"Date";"Amount";"Payer";"Reference";\r\n1;2;3;4')).toEqual(["Date", "Amount", "Payer", "Reference"]);
  });
  it("is nothing in a file without columns", () => {
    expect(headsOf("hello\nworld")).toEqual([]);
  });
});
