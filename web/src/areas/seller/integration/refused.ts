import type { ApiProblem } from "../../../api/problem";

/** Whether a submission was refused because of debug cases. */
export const refusedByCases = (problem: ApiProblem): boolean => problem.code === "integration.cases_missing";

/** The scenarios that such a refusal names, in the order of the answer. */
export function refusedScenarios(problem: ApiProblem): { scenario: string; message: string }[] {
  return problem.fields.filter((field) => field.field.startsWith("cases.")).map((field) => ({ scenario: field.field.slice("cases.".length), message: field.message }));
}
