import { expect, type Browser, type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { enter, read } from "./demo";
import { settled } from "./settled";
import { inLanguage, shot } from "./shot";
import { textsOf, type Lang, type Texts } from "./texts";

/** The ways that are walked: each language at one width. */
export const ways = [{ lang: "zh", width: 1440 }, { lang: "en", width: 390 }] as const;

/** A person with a browser of their own. */
export interface Walker {
  page: Page;
  t: Texts;
  /** Fails on what axe finds grave; keeps a picture where JISHI_SHOTS names a folder, for these walks are long. */
  look: (name: string) => Promise<void>;
}

/** antd puts the button of those tabs that do not fit into the tab list itself, and leaves the open list of choices without a name (its field has one). */
const libraryFaults = [".ant-tabs-nav:has(> .ant-tabs-nav-operations:not(.ant-tabs-nav-operations-hidden))", ".ant-select-dropdown [role=listbox]"];

/** Opens a browser for somebody; with an e-mail address signed in as that person of the demo. */
export async function walker(browser: Browser, lang: Lang, width: number, chapter: string, email?: string): Promise<Walker> {
  const context = await browser.newContext({ viewport: { width, height: width < 768 ? 844 : 900 }, locale: lang === "zh" ? "zh-CN" : "en-US" });
  const page = await context.newPage();
  await inLanguage(page, lang);
  if (email) await enter(page, email);
  return {
    page, t: textsOf(lang),
    look: async (name) => {
      await expectAccessible(page, libraryFaults);
      if (process.env.JISHI_SHOTS) await shot(page, `${chapter}-${name}-${lang}-${width}`);
    },
  };
}

/** Words that no other run has, so that a walk may be repeated on one shop. */
export const tag = (): string => [...String(Date.now() % 10 ** 10)].map((digit) => "bdfgklmprt"[Number(digit)]).join("");

/** Opens the link of the newest letter to an address, in the demo's outbox. */
export async function openLetter({ page, t, look }: Walker, to: string, target: string, picture?: string): Promise<void> {
  const link = new RegExp(`/${target}(\\?[^#]*)?#`);
  await expect.poll(async () => (await read<{ items: { body: string }[] }>(page.request, `/demo/mails?to=${encodeURIComponent(to)}`)).items.some((mail) => link.test(mail.body)), `a letter to ${to}`).toBe(true);
  await page.goto(`/demo?to=${encodeURIComponent(to)}`);
  const letter = page.locator("details").filter({ has: page.locator(`a[href*="/${target}"]`) }).first();
  await letter.locator("summary").click();
  const anchor = letter.getByRole("link").first();
  await expect(anchor).toHaveAttribute("href", link);
  await expect(page.getByRole("heading", { name: t("people:demo.outbox") })).toBeVisible();
  if (picture) await look(picture);
  await anchor.click();
}

/** Chooses from a list that opens below its field, searching where the field lets one search; an option that cannot be chosen yet is waited for. */
export async function choose(scope: Page | Locator, label: string, option: string | RegExp): Promise<void> {
  const field = scope.getByLabel(label, { exact: true }).and(scope.getByRole("combobox"));
  // What is chosen so far lies above the input: the whole field is clicked.
  const select = field.locator("xpath=ancestor::*[contains(concat(' ', @class, ' '), ' ant-select ')][1]");
  const list = field.page().locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)");
  // A list that another field still closes takes the click on a slow machine: chosen is what the field shows.
  await expect(async () => {
    await settled(field.page()); // a dialog that still grows would be measured small
    if ((await field.getAttribute("aria-expanded")) !== "true") await select.click({ timeout: 5_000 });
    if (typeof option === "string" && (await field.isEditable())) await field.fill(option);
    await list.locator(".ant-select-item-option:not(.ant-select-item-option-disabled), .ant-select-tree-node-content-wrapper").filter({ hasText: option }).first().click({ timeout: 5_000 });
    await expect(select).toContainText(option, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

/** Fills a field that exists once per language. */
export async function fillBoth(scope: Page | Locator, t: Texts, label: string, text: { zh: string; en: string }): Promise<void> {
  for (const lang of ["zh", "en"] as const) await scope.getByLabel(`${label} ${t(`lang.${lang}`)}`, { exact: true }).fill(text[lang]);
}

/** Opens a page again and again until it shows what stands in the database: pages of the shop come from memory, which follows within seconds. */
export async function openUntil(page: Page, path: string, shows: (within: { timeout: number }) => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await settled(page);
    await shows({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

/** Presses a button that asks first and answers its dialog, with a reason where it wants one. */
export async function confirm(page: Page, label: string, reason?: { label: string; text: string }): Promise<void> {
  await page.locator("main").getByRole("button", { name: label, exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  if (reason) await dialog.getByLabel(reason.label, { exact: true }).fill(reason.text);
  await dialog.locator(".ant-modal-footer").getByRole("button").last().click();
  await expect(dialog).toBeHidden();
}
