import { expect, test } from "vitest";
import { runAll, type RunAllProgress } from "./runAll";

const work = (outcomes: Record<string, boolean>) => {
  const called: string[] = [];
  const reports: RunAllProgress[] = [];
  return {
    called, reports,
    input: {
      items: Object.keys(outcomes), nameOf: (item: string) => item, sizeOf: () => 1, stop: () => false, report: (progress: RunAllProgress) => { reports.push(progress); },
      run: (item: string) => { called.push(item); return Promise.resolve([{ name: item, passed: outcomes[item] ?? false }]); },
    },
  };
};

test("runs everything in order although one fails", async () => {
  const { called, reports, input } = work({ create: true, renew: false, release: true });
  const end = await runAll(input);
  expect(called).toEqual(["create", "renew", "release"]);
  expect(end).toEqual({ total: 3, done: 3, passed: 2, current: "", failed: ["renew"], stopped: false });
  expect(reports.map((one) => one.current)).toEqual(["create", "create", "renew", "renew", "release", "release", ""]);
});

test("counts the calls of an item that stands for several", async () => {
  const { input } = work({ address: true });
  const end = await runAll({ ...input, sizeOf: () => 3, run: () => Promise.resolve([{ name: "a", passed: true }, { name: "b", passed: false }, { name: "c", passed: true }]) });
  expect(end).toMatchObject({ total: 3, done: 3, passed: 2, failed: ["b"] });
});

test("stops before the next call when asked", async () => {
  const { called, input } = work({ create: true, renew: true });
  const end = await runAll({ ...input, stop: () => called.length === 1 });
  expect(called).toEqual(["create"]);
  expect(end).toMatchObject({ done: 1, stopped: true, current: "" });
});

test("ends at the first run that is refused", async () => {
  const { reports, input } = work({ create: true, renew: true });
  await expect(runAll({ ...input, run: () => Promise.reject(new Error("too many requests")) })).rejects.toThrow("too many requests");
  expect(reports.at(-1)).toMatchObject({ done: 0, stopped: true, current: "" });
});
