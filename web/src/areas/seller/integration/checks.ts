import type { Call } from "../../../ui/call";
import type { Header, Run } from "./integration";

interface Verdict {
  tone: "success" | "error";
  /** Text below `verdict`. */
  key: "passed" | "saved" | "failed" | "refused" | "not_refused";
}

/** What a run says in one sentence. A run with a wrong signature passes when the server refuses it. */
export function verdictOf(run: Pick<Run, "wrongSignature" | "passed" | "saved" | "problem">): Verdict {
  if (run.wrongSignature && run.passed) return { tone: "success", key: "refused" };
  if (run.wrongSignature && run.problem?.code === "probe.accepts_wrong_signature") return { tone: "error", key: "not_refused" };
  if (!run.passed) return { tone: "error", key: "failed" };
  return { tone: "success", key: run.saved ? "saved" : "passed" };
}

const record = (headers: Header[]): Record<string, string> => Object.fromEntries(headers.map((one) => [one.name, one.value]));

/** A run's request and answer as CallView shows them. */
export function callOf(run: Pick<Run, "request" | "response" | "at" | "durationMs" | "problem">): Call {
  const { request, response } = run;
  return {
    method: request.method, url: request.url, requestHeaders: record(request.headers), requestBody: request.body, status: response?.status ?? 0,
    responseHeaders: record(response?.headers ?? []), responseBody: response?.body ?? "", startedAt: run.at, durationMs: shownMs(run),
    ...(response || !run.problem ? {} : { error: run.problem.text }),
  };
}

/** The parts of a run that its signature is explained from. */
export const wireOf = (run: Pick<Run, "request" | "response">) => ({ url: run.request.url, status: run.response?.status ?? 0, responseHead: record(run.response?.headers ?? []) });

/** Milliseconds to show: a quick answer did not take no time. */
export const shownMs = (run: { durationMs: number }): number => Math.max(1, run.durationMs);
