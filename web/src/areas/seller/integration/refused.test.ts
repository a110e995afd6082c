import { expect, test } from "vitest";
import { ApiProblem } from "../../../api/problem";
import { refusedByCases, refusedScenarios } from "./refused";

test("names the scenarios of a refusal, dots in their keys included", () => {
  const problem = new ApiProblem(409, "integration.cases_missing", "", [
    { field: "cases.refreshInstance.renewal", code: "integration.lack_none", message: "Renewal was never saved" }, { field: "revision", code: "x", message: "y" },
  ]);
  expect(refusedByCases(problem)).toBe(true);
  expect(refusedScenarios(problem)).toEqual([{ scenario: "refreshInstance.renewal", message: "Renewal was never saved" }]);
  expect(refusedByCases(new ApiProblem(409, "catalog.draft_changed", ""))).toBe(false);
});
