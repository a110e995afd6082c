export type Generation = "v1" | "v2";
export const generations: Generation[] = ["v2", "v1"];

/** How a scenario stands for a target: `none` was never saved, `stale` was proven with another key or origin. */
export type CaseState = "none" | "passed" | "failed" | "stale";

/** How a parameter is entered: those generated or fixed are not. */
export type ParameterKind = "text" | "number" | "choice" | "time" | "json" | "extend_params" | "encrypted" | "generated" | "fixed";

/** One parameter of a scenario with its preset. */
export interface Parameter {
  name: string;
  kind: ParameterKind;
  value: string;
  mandatory: boolean;
  /** Characters; 0 when the protocol names no limit. */
  max: number;
  /** The documented values of a choice. */
  values: string[];
  /** Only these are sent back. */
  editable: boolean;
}

/** What is called: an address with its path, in one generation. */
export interface Target {
  addressId: string;
  path: string;
  generation: Generation;
}

/** Something that was found in an answer, in the reader's language. */
export interface Fault {
  code: string;
  text: string;
  /** What to do about it; may be empty. */
  advice: string;
}

/** One check of an answer, in the order in which they are made. */
export interface Check {
  row: number;
  code: string;
  title: string;
  state: "passed" | "failed" | "not_reached" | "not_applicable";
}

export interface Header { name: string; value: string }

/** A request as it goes over the wire. V2 requests expire after 60 seconds. */
export interface WireRequest {
  method: string;
  url: string;
  headers: Header[];
  body: string;
  /** The same as a curl command. */
  command: string;
}

export interface WireResponse {
  status: number;
  headers: Header[];
  body: string;
  size: number;
}

/** A line of the history of runs. */
export interface RunRow extends Target {
  id: string;
  origin: string;
  scenario: string;
  title: string;
  activity: string;
  source: string;
  wrongSignature: boolean;
  pendingKey: boolean;
  passed: boolean;
  saved: boolean;
  problem?: Fault;
  warnings: Fault[];
  status: number;
  resultCode: string;
  instanceId: string;
  durationMs: number;
  by: string;
  at: string;
}

export interface Run extends RunRow {
  parameters: Record<string, string>;
  checks: Check[];
  request: WireRequest;
  /** Absent when no answer came. */
  response?: WireResponse;
}

/** A saved case (用例) with its last result. */
export interface CaseRow extends Target {
  id: string;
  sellerId: string;
  sellerName: string;
  origin: string;
  scenario: string;
  title: string;
  activity: string;
  valid: boolean;
  invalidText: string;
  savedAt: string;
  savedBy: string;
  lastRunId: string;
  lastAt: string;
  lastSource: string;
  lastPassed: boolean;
  lastProblem?: Fault;
}

/** A scenario (调试场景) of the debugging page. */
export interface Scenario {
  key: string;
  activity: string;
  title: string;
  /** Charging modes whose products need it. */
  modes: string[];
  /** What a product offers that needs it; empty when the charging mode alone decides. */
  feature: string;
  fields: Parameter[];
  encryptType: string;
  case?: CaseRow;
}

/** How one case of a batch ended. */
export interface BatchResult {
  caseId: string;
  title: string;
  /** Empty when it was not run because the server could not be reached before. */
  runId: string;
  passed: boolean;
  problem?: Fault;
}

/** A run of saved cases of one target. */
export interface Batch extends Target {
  passed: boolean;
  results: BatchResult[];
}

/** A V2 binding with the second key of a rotation and how far that is proven. */
export interface Rotation {
  addressId: string;
  category: string;
  keyId: string;
  keyName: string;
  /** The second key; empty where there is none. */
  pendingId: string;
  pendingKey: string;
  /** Saved cases that prove it, those proven just now, and those that failed. */
  cases: number;
  proven: number;
  failed: number;
  ready: boolean;
}

/** A case that stands in the way of a publication. */
export interface Lack {
  scenario: string;
  title: string;
  reason: string;
  text: string;
  link: string;
}

/** A line of the access flow. */
export interface ChecklistStep {
  code: string;
  title: string;
  done: boolean;
  required: boolean;
  /** What is still to do; empty when done. */
  missing: string;
  link: string;
  /** Of the step `cases`: those that are missing. */
  cases: Lack[];
}

/** The access flow of a seller, of one product as far as it depends on one. */
export interface Checklist {
  productId: string;
  steps: ChecklistStep[];
  done: number;
  /** The first required step that is not done; empty when all are. */
  next: string;
}

export const integrationPath = "/api/v1/seller/integration";
export const scenariosPath = `${integrationPath}/scenarios`;
export const casesPath = `${integrationPath}/cases`;
export const runsPath = `${integrationPath}/runs`;
export const pendingKeysPath = `${integrationPath}/pending-keys`;
export const pendingKeyPath = (addressId: string, category: string): string => `${integrationPath}/addresses/${addressId}/pending-keys/${category}`;
export const sources = ["debug", "rerun", "submit", "approve", "probe", "pending"] as const;

/** How a saved case stands; `none` without one. */
export function caseState(saved: Pick<CaseRow, "valid" | "lastPassed"> | undefined): CaseState {
  if (!saved) return "none";
  if (!saved.lastPassed) return "failed";
  return saved.valid ? "passed" : "stale";
}

/** The debugging page of a target, at a scenario. */
export const debugLink = (target: Target, scenario?: string): string => {
  const params = new URLSearchParams({ addressId: target.addressId, path: target.path, generation: target.generation, ...(scenario ? { scenario } : {}) });
  return `/seller/integration/debug?${params.toString()}`;
};
