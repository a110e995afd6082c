import { expect, test } from "vitest";
import { SubmitKey } from "./idempotency";

test("the same content keeps its key until it succeeded, other content gets another", () => {
  const submit = new SubmitKey();
  const first = submit.for({ amount: "10.00" });
  expect(submit.for({ amount: "10.00" })).toBe(first);
  const second = submit.for({ amount: "12.00" });
  expect(second).not.toBe(first);
  submit.done();
  expect(submit.for({ amount: "12.00" })).not.toBe(second);
});
