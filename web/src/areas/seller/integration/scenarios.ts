import { caseState, type CaseState, type Parameter, type Scenario } from "./integration";

export interface ScenarioGroup {
  activity: string;
  scenarios: Scenario[];
}

/** Scenarios by interface, in the order of the server, which is that of an instance's life. */
export function groupScenarios(scenarios: Scenario[]): ScenarioGroup[] {
  const groups = new Map<string, Scenario[]>();
  for (const one of scenarios) groups.set(one.activity, [...(groups.get(one.activity) ?? []), one]);
  return [...groups].map(([activity, members]) => ({ activity, scenarios: members }));
}

/** How many of the scenarios stand in each state. */
export function countStates(scenarios: Pick<Scenario, "case">[]): Record<CaseState, number> {
  const count = { none: 0, passed: 0, failed: 0, stale: 0 };
  for (const one of scenarios) count[caseState(one.case)]++;
  return count;
}

/** The values that a form begins with. */
export const presets = (parameters: Parameter[]): Record<string, string> => Object.fromEntries(parameters.map((one) => [one.name, one.value]));

/** Whether somebody changed a value. */
export const edited = (parameters: Parameter[], values: Record<string, string | undefined>): boolean => parameters.some((one) => (values[one.name] ?? "") !== one.value);

/** What a run sends: what a person may enter, without blanks. */
export function entered(parameters: Parameter[], values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(parameters.filter((one) => one.editable).map((one) => [one.name, values[one.name]?.trim() ?? ""] as const).filter(([, value]) => value !== ""));
}
