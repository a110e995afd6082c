import { expect, test } from "vitest";
import { ApiProblem } from "../../api/problem";
import { placeErrors } from "./fieldErrors";

const problem = (...fields: [string, string][]) =>
  new ApiProblem(422, "invalid", "", fields.map(([field, message]) => ({ field, code: "c", message })));

test("each message lands under its field, several under one", () => {
  const { placed, loose } = placeErrors(problem(["name.zh", "short"], ["name.zh", "odd"], ["specs[1].price", "negative"]),
    [["name", "zh"], ["name", "en"], ["specs", 1, "price"]]);
  expect(placed).toEqual([{ name: ["name", "zh"], errors: ["short", "odd"] }, { name: ["specs", 1, "price"], errors: ["negative"] }]);
  expect(loose).toEqual([]);
});

test("an error below a field goes to that field, an unknown one above the form", () => {
  const { placed, loose } = placeErrors(problem(["specs[0].price", "negative"], ["captcha", "wrong"]), [["specs"]]);
  expect(placed).toEqual([{ name: ["specs"], errors: ["negative"] }]);
  expect(loose.map((error) => error.message)).toEqual(["wrong"]);
});
