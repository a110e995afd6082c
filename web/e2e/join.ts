import { expect, type Page } from "@playwright/test";
import { pdf, png } from "./papers";
import { settled } from "./settled";
import type { Texts } from "./texts";
import { choose, confirm, fillBoth, openLetter, type Walker } from "./walk";

/** What the shop says of itself. */
export const introduction = {
  zh: "我们为连锁门店提供排班、考勤与人力成本分析软件，产品开通即用，支持多门店协同与数据导出，并由自有团队在工作日提供售后支持与上线辅导，帮助门店经理把时间留给顾客。",
  en: "We make software for chains of shops: rosters, attendance and the cost of work, ready at once, with export of all data and help from our own people on working days.",
};

/** Signs in at the page that is open. */
export async function signIn(page: Page, t: Texts, email: string, password: string): Promise<void> {
  await page.getByLabel(t("people:email"), { exact: true }).fill(email);
  await page.getByLabel(t("people:password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t("people:sign_in.submit"), exact: true }).click();
}

/** Ticks every box of the page's content. */
export async function tickAll(page: Page): Promise<void> {
  const boxes = page.locator("main").getByRole("checkbox");
  await expect(boxes.first()).toBeVisible();
  await settled(page); // all of them
  for (const box of await boxes.all()) {
    await box.click();
    await expect(box).toBeChecked();
  }
}

/** The four steps of the application, each saved by the way on to the next. */
export async function fillApplication({ page, t, look }: Walker, names: { zh: string; en: string }): Promise<void> {
  const f = (key: string) => t(`sellers:field.${key}`);
  const put = (key: string, value: string) => page.getByLabel(f(key), { exact: true }).fill(value);
  const on = async (heading: string) => {
    await page.getByRole("button", { name: t("sellers:apply.next"), exact: true }).click();
    await expect(page.getByLabel(heading, { exact: true }).first()).toBeVisible();
  };
  await put("website", "https://www.firefly.example");
  await put("founded", "2018-03-05");
  await page.getByLabel(f("founded"), { exact: true }).press("Tab");
  await choose(page, f("years"), t("sellers:choice.years.5_10"));
  await choose(page, f("staff"), t("sellers:choice.staff.10_49"));
  await put("capital_amount", "2000000");
  await choose(page, f("currency"), "CNY");
  await page.getByLabel(f("licence"), { exact: true }).setInputFiles(pdf("licence.pdf"));
  await expect(page.getByText("licence.pdf")).toBeVisible();
  await look("apply-company");

  await on(f("contact_name"));
  await put("contact_name", "Business contact");
  await put("phone", "+86 571 5555 0140");
  await put("email", "business@firefly.example");
  await choose(page, f("country"), new Intl.DisplayNames([t("lang.zh") === "中文" ? "zh-Hans" : "en"], { type: "region" }).of("SG")!);
  await put("province", "Singapore");
  await put("city", "Singapore");
  await put("postcode", "018900");
  await put("detail", "Example road 12, second floor");
  await put("service_phone", "+376 555 0141");
  await put("service_email", "service@firefly.example");
  await put("pre_sales_phone", "+376 555 0142");
  await put("pre_sales_email", "sales@firefly.example");
  await look("apply-contact");

  await on(f("logo"));
  await fillBoth(page, t, f("shop_name"), names);
  await page.getByLabel(f("logo"), { exact: true }).setInputFiles(png("logo.png", 168, 80, [24, 92, 84]));
  await expect(page.getByRole("img", { name: f("logo") })).toBeVisible();
  await fillBoth(page, t, f("introduction"), introduction);
  await look("apply-shop");

  await page.getByRole("button", { name: t("sellers:apply.next"), exact: true }).click();
  await expect(page.getByRole("checkbox").first()).toBeVisible();
}

/** A company that has just signed up, with its owner signed in at the page of the account. */
export async function signUp(owner: Walker, company: string, email: string, password: string): Promise<void> {
  const { page, t } = owner;
  await page.goto("/sign-up");
  await page.getByLabel(t("people:account.company_name"), { exact: true }).fill(company);
  await page.getByLabel(t("people:your_name"), { exact: true }).fill("Owner");
  await page.getByLabel(t("people:email"), { exact: true }).fill(email);
  await page.getByLabel(t("people:password"), { exact: true }).fill(password);
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: t("people:sign_up.submit"), exact: true }).click();
  await expect(page.getByRole("heading", { name: t("people:sign_up.sent") })).toBeVisible();
  await openLetter(owner, email, "verify");
  await page.getByLabel(t("people:password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t("people:verify.submit"), exact: true }).click();
  await expect(page).toHaveURL(/\/buyer\/account$/);
}

/** Hands in the real name of the account whose page is open, and has it confirmed. */
export async function confirmRealName({ page, t }: Walker, operator: Walker, name: string): Promise<void> {
  await page.getByLabel(t("people:real_name.name_company"), { exact: true }).fill(name);
  await page.getByLabel(t("people:real_name.number_company"), { exact: true }).fill("91330100TEST00009X");
  await page.getByLabel(t("people:real_name.files"), { exact: true }).setInputFiles(pdf("certificate.pdf"));
  await expect(page.getByText("certificate.pdf")).toBeVisible();
  await page.getByRole("button", { name: t("people:real_name.submit"), exact: true }).click();
  await expect(page.getByText(t("state.real_name.pending"), { exact: true })).toBeVisible();
  await operator.page.goto(`/operator/real-names?state=pending&q=${encodeURIComponent(name)}`);
  await operator.page.getByRole("link", { name }).click();
  await confirm(operator.page, t("people:real_name.approve"));
  await expect(operator.page.getByText(t("state.real_name.verified"), { exact: true })).toBeVisible();
}

/** Has the seller application that waits under a shop's name approved. */
export async function approveSeller({ page, t }: Walker, shop: string): Promise<void> {
  await page.goto(`/operator/seller-applications?state=reviewing&q=${encodeURIComponent(shop)}`);
  await page.getByRole("link", { name: shop }).click();
  await tickAll(page);
  await page.getByRole("button", { name: t("sellers:review.approve"), exact: true }).click();
  await page.getByRole("dialog").getByLabel(t("sellers:review.note"), { exact: true }).fill("Read and compared");
  await page.getByRole("dialog").getByRole("button", { name: t("sellers:review.approve"), exact: true }).click();
  await expect(page.getByText(t("state.application.approved"), { exact: true }).first()).toBeVisible();
}
