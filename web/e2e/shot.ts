import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { settled, watchCalls } from "./settled";

/** Widths that pages are looked at: a desk and a phone. */
export const widths = [1440, 390] as const;

/**
 * Keeps a picture of the whole page under JISHI_SHOTS (default test-results/shots) as `<name>.png`, after fonts are
 * there and motions have ended. The window grows to the page's height: Playwright's own full-page picture changes
 * the width for a moment, which turns tables into cards and closes what is open in them.
 */
export async function shot(page: Page, name: string, width?: number): Promise<void> {
  const path = join(process.env.JISHI_SHOTS ?? "test-results/shots", `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  if (width) await page.setViewportSize({ width, height: width < 768 ? 844 : 900 });
  const before = page.viewportSize();
  await settled(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (before && height > before.height) await page.setViewportSize({ width: before.width, height: Math.min(height, 8000) });
  await settled(page);
  await page.screenshot({ path, animations: "disabled" });
  if (before) await page.setViewportSize(before);
}

/**
 * Chooses the language before the first page is opened. JISHI_E2E_SLOW=6 makes the browser six times as slow, which finds
 * what is judged before it is there.
 */
export async function inLanguage(page: Page, lang: "zh" | "en"): Promise<void> {
  watchCalls(page);
  const slow = Number(process.env.JISHI_E2E_SLOW ?? 1);
  if (slow > 1) await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slow });
  await page.addInitScript((value) => localStorage.setItem("jishi_lang", value), lang);
}
