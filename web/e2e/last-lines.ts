import { appendFileSync } from "node:fs";
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Writes what failed or was flaky, and why, to the file that JISHI_E2E_SUMMARY names: the last lines of a long run are what people read. */
export default class LastLines implements Reporter {
  private readonly tests = new Map<TestCase, TestResult[]>();

  onTestEnd(test: TestCase, result: TestResult): void {
    this.tests.set(test, [...(this.tests.get(test) ?? []), result]);
  }

  onEnd(_: FullResult): void {
    const file = process.env.JISHI_E2E_SUMMARY;
    if (!file) return;
    for (const [test, results] of this.tests) {
      const outcome = test.outcome();
      if (outcome === "expected" || outcome === "skipped") continue;
      const bad = results.find((result) => result.error);
      const text = (bad?.error?.message ?? bad?.status ?? "").replace(/\u001b\[[0-9;]*m/g, "").split("\n").slice(0, 12).join("\n    ");
      const at = bad?.error?.location;
      appendFileSync(file, `${outcome === "flaky" ? "FLAKY" : "FAILED"} ${test.titlePath().filter(Boolean).join(" › ")}${at ? ` (${at.file.split("/").pop()}:${at.line})` : ""}\n    ${text}\n`);
    }
  }
}
