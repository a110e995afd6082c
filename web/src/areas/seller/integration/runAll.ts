/** How far a run over several scenarios or cases has come. */
export interface RunAllProgress {
  total: number;
  done: number;
  passed: number;
  /** What is being called now; empty when all are done or somebody stopped. */
  current: string;
  /** Names of those that did not pass. */
  failed: string[];
  stopped: boolean;
}

/** How one call ended. */
export interface Outcome { name: string; passed: boolean }

interface Work<T> {
  items: T[];
  nameOf: (item: T) => string;
  /** How many calls an item stands for. */
  sizeOf: (item: T) => number;
  /** Calls the seller's server and says how each call ended. */
  run: (item: T) => Promise<Outcome[]>;
  report: (progress: RunAllProgress) => void;
  /** Asked before each item. */
  stop: () => boolean;
}

/**
 * Runs one after the other, as the marketplace itself would call: creating comes before renewing. A check that failed does
 * not end the work; a run that our own server refused does, because the next would be refused as well.
 */
export async function runAll<T>({ items, nameOf, sizeOf, run, report, stop }: Work<T>): Promise<RunAllProgress> {
  let progress: RunAllProgress = { total: items.reduce((sum, item) => sum + sizeOf(item), 0), done: 0, passed: 0, current: "", failed: [], stopped: false };
  const say = (change: Partial<RunAllProgress>) => { progress = { ...progress, ...change }; report(progress); };
  try {
    for (const item of items) {
      if (stop()) { say({ stopped: true }); break; }
      say({ current: nameOf(item) });
      const outcomes = await run(item);
      const failed = outcomes.filter((one) => !one.passed).map((one) => one.name);
      say({ done: progress.done + outcomes.length, passed: progress.passed + outcomes.length - failed.length, failed: [...progress.failed, ...failed] });
    }
  } catch (error) {
    say({ current: "", stopped: true });
    throw error;
  }
  say({ current: "" });
  return progress;
}
