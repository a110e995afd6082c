import type { Page, Request } from "@playwright/test";

/** The calls of a page that have no answer yet. */
const underWay = new WeakMap<Page, Set<Request>>();

/** Counts the page's calls to the server from now on; `settled` waits for them. */
export function watchCalls(page: Page): void {
  if (underWay.has(page)) return;
  const calls = new Set<Request>();
  underWay.set(page, calls);
  const api = (request: Request) => ["fetch", "xhr"].includes(request.resourceType()) && new URL(request.url()).pathname.startsWith("/api/");
  page.on("request", (request) => { if (api(request)) calls.add(request); });
  const over = (request: Request) => void calls.delete(request);
  page.on("requestfinished", over);
  page.on("requestfailed", over);
  page.on("close", () => calls.clear());
}

/**
 * Waits until the page is at rest: every call to the server is answered and drawn, and no transition is under way. Half of
 * a page, or a colour in between, is nobody's choice.
 */
export async function settled(page: Page): Promise<void> {
  const calls = underWay.get(page);
  for (;;) {
    while (calls?.size) {
      const [oldest] = calls;
      await oldest!.response().then((answer) => answer?.finished()).catch(() => undefined);
      calls.delete(oldest!);
    }
    await page.evaluate(async () => {
      await new Promise<void>((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
      const running = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
      await Promise.allSettled(running.map((animation) => animation.finished));
    });
    if (!calls?.size) return;
  }
}
