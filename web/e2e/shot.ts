import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { settled } from "./settled";

/** Widths that pages are looked at: a desk and a phone. */
export const widths = [1440, 390] as const;

/**
 * Keeps a picture of the whole page under JISHI_SHOTS (default test-results/shots) as `<name>.png`,
 * after fonts are there and with animations ended.
 */
export async function shot(page: Page, name: string, width?: number): Promise<void> {
  const path = join(process.env.JISHI_SHOTS ?? "test-results/shots", `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  if (width) await page.setViewportSize({ width, height: width < 768 ? 844 : 900 });
  await settled(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
}

/** Chooses the language before the first page is opened. */
export async function inLanguage(page: Page, lang: "zh" | "en"): Promise<void> {
  await page.addInitScript((value) => localStorage.setItem("jishi_lang", value), lang);
}
