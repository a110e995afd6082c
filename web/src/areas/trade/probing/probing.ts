import type { Side } from "../side";

export type ProbeSide = Exclude<Side, "buyer">;
export type ProbeState = "planned" | "queued" | "passed" | "failed" | "skipped" | "missed";

/** A day's two runs; "" is one that was not planned. */
export interface ProbeDay {
  day: string;
  am: ProbeState | "";
  pm: ProbeState | "";
}

/** A row of the overview. */
export interface ProbedProduct {
  productId: string;
  name: string;
  state: string;
  sellerId: string;
  sellerName: string;
  failingDays: number;
  lastState: "" | "passed" | "failed";
  lastAt?: string;
  tasks: number;
  frozen: boolean;
  days: ProbeDay[];
}

export interface ProbeCase {
  scenario: string;
  title: string;
  runId: string;
  passed: boolean;
  problem: string;
  durationMs: number;
}

export interface ProbeRun {
  id: string;
  productId: string;
  day: string;
  half: "am" | "pm" | "now";
  state: ProbeState;
  dueAt?: string;
  startedAt?: string;
  finishedAt?: string;
  reason: string;
  cases: number;
  failedCases: number;
  problem: string;
  results: ProbeCase[];
  askedBy: string;
}

export type TaskAction = "confirm" | "lift" | "freeze" | "delist" | "dismiss";

export interface ProbeTask {
  id: string;
  kind: "frozen" | "failing" | "delist";
  productId: string;
  productName: string;
  productState: string;
  sellerId: string;
  sellerName: string;
  state: string;
  count: number;
  createdAt: string;
  decidedAt?: string;
  decidedName: string;
  comment: string;
  actions: TaskAction[];
}

export const probesPath: Record<ProbeSide, string> = { seller: "/api/v1/seller/probes", operator: "/api/v1/operator/probes" };
export const tasksPath = "/api/v1/operator/probe-tasks";
