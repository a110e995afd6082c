import { describe, expect, test } from "vitest";
import { fieldPath, readProblem } from "./problem";

const problemJson = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

describe("readProblem", () => {
  test("keeps code, detail, fields, state and request id", async () => {
    const problem = await readProblem(problemJson(422, {
      type: "about:blank", title: "Unprocessable", code: "invalid", detail: "请检查", requestId: "r1", state: "DRAFT",
      fields: [{ field: "name.zh", code: "length", message: "太短" }, { nonsense: true }],
    }));
    expect(problem).toMatchObject({ status: 422, code: "invalid", detail: "请检查", requestId: "r1", state: "DRAFT" });
    expect(problem.fields).toEqual([{ field: "name.zh", code: "length", message: "太短" }]);
    expect(problem.retryable).toBe(false);
  });

  test("a proxy's HTML page becomes a retryable problem with the request id of the header", async () => {
    const problem = await readProblem(new Response("<html>", { status: 502, headers: { "Content-Type": "text/html", "X-Request-Id": "r2" } }));
    expect(problem).toMatchObject({ status: 502, code: "http_502", detail: "", requestId: "r2", fields: [] });
    expect(problem.retryable).toBe(true);
  });

  test("a body that claims to be JSON and is not", async () => {
    const response = new Response("{", { status: 500, headers: { "Content-Type": "application/json" } });
    expect(await readProblem(response)).toMatchObject({ status: 500, code: "http_500" });
  });
});

test.each([
  ["name", ["name"]],
  ["name.zh", ["name", "zh"]],
  ["specs[0].prices[12].amount", ["specs", 0, "prices", 12, "amount"]],
  ["specs.0.price", ["specs", 0, "price"]],
  ["body.email", ["email"]],
])("fieldPath(%s)", (field, path) => expect(fieldPath(field)).toEqual(path));
