import { expect, test, type Page } from "@playwright/test";
import { people, read } from "./demo";
import type { Texts } from "./texts";
import { Device } from "./totp";
import { confirm, tag, walker, ways } from "./walk";

const password = "first-Password-31";

/** Signs up and verifies by letter; the pages of that have a test of their own. */
async function join(page: Page, email: string, company: string): Promise<void> {
  const post = async (path: string, data: unknown) => {
    const answer = await page.request.post(`/api/v1${path}`, { data });
    expect(answer.ok(), `POST ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  };
  await post("/sign-up", { kind: "company", accountName: company, name: "Owner", email, password, agreed: true, locale: "en" });
  let token = "";
  await expect.poll(async () => {
    const { items } = await read<{ items: { body: string }[] }>(page.request, `/demo/mails?to=${encodeURIComponent(email)}`);
    token = items.map((mail) => /\/verify#(\S+)/.exec(mail.body)?.[1] ?? "").find(Boolean) ?? "";
    return token;
  }).not.toBe("");
  await post("/sign-up/verify", { token, password });
}

/** Sets the factor up on the page that shows it, and gives the device and the recovery codes. */
async function enrol(page: Page, t: Texts, look: (name: string) => Promise<void>, picture: string): Promise<{ device: Device; codes: string[] }> {
  await page.getByRole("button", { name: t("factor:start"), exact: true }).click();
  await expect(page.getByRole("img", { name: t("factor:qr") })).toBeVisible();
  const key = page.getByTestId("factor-key");
  await expect(key).toHaveText(/\S/);
  const device = new Device(await key.innerText());
  const field = page.getByLabel(t("factor:code"), { exact: true });
  await field.fill(device.wrong());
  await page.getByRole("button", { name: t("factor:confirm"), exact: true }).click();
  await expect(page.locator(".ant-form-item-explain-error")).toBeVisible();
  await look(`${picture}-enrol`);
  await field.fill(await device.code());
  await page.getByRole("button", { name: t("factor:confirm"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t("factor:codes") });
  await expect(dialog.getByRole("listitem")).toHaveCount(10);
  const codes = await dialog.getByRole("listitem").allInnerTexts();
  await look(`${picture}-codes`);
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: t("factor:download"), exact: true }).click();
  expect((await saved).suggestedFilename()).toBe(t("factor:file"));
  await dialog.getByRole("button", { name: t("factor:kept"), exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(t("factor:codes_left", { count: 10 }))).toBeVisible();
  return { device, codes };
}

async function typePassword(page: Page, t: Texts, email: string): Promise<void> {
  await page.getByLabel(t("people:email"), { exact: true }).fill(email);
  await page.getByLabel(t("people:password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t("people:sign_in.submit"), exact: true }).click();
}

async function typeCode(page: Page, t: Texts, code: string): Promise<void> {
  await page.getByLabel(t("factor:code_or_recovery"), { exact: true }).fill(code);
  await page.getByRole("button", { name: t("factor:step_submit"), exact: true }).click();
}

for (const { lang, width } of ways) {
  test(`two-factor sign-in, ${lang} at ${width}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const word = tag();
    const email = `factor-${word}@firefly.example`;
    const owner = await walker(browser, lang, width, "second-factor");
    const { page, t, look } = owner;
    await join(page, email, `Firefly ${word}`);
    let device: Device, codes: string[];

    await test.step("set it up", async () => {
      await page.goto("/buyer/security");
      await expect(page.getByRole("heading", { name: t("factor:title") })).toBeVisible();
      await look("off");
      ({ device, codes } = await enrol(page, t, look, "first"));
      await look("on");
    });

    await test.step("sign in in two steps", async () => {
      await page.context().clearCookies();
      await page.goto("/sign-in?next=/buyer/tokens");
      await typePassword(page, t, email);
      await expect(page.getByRole("heading", { name: t("factor:step_title") })).toBeVisible();
      await typeCode(page, t, device.wrong());
      await expect(page.locator(".ant-form-item-explain-error")).toBeVisible();
      await look("second-step");
      await typeCode(page, t, codes[0]!.toUpperCase());
      await expect(page).toHaveURL(/\/buyer\/tokens$/);
      // The same recovery code opens nothing again.
      await page.context().clearCookies();
      await page.goto("/sign-in?next=/buyer/tokens");
      await typePassword(page, t, email);
      await typeCode(page, t, codes[0]!);
      await expect(page.locator(".ant-form-item-explain-error")).toBeVisible();
      await typeCode(page, t, await device.code());
      await expect(page).toHaveURL(/\/buyer\/tokens$/);
    });

    await test.step("what is sensitive asks for a code and goes on", async () => {
      // As if the minutes had passed: the first call is refused, all others reach the server.
      let refused = false;
      await page.route("**/api/v1/tokens", async (route) => {
        if (refused || route.request().method() !== "POST") return route.continue();
        refused = true;
        await route.fulfill({ status: 403, contentType: "application/problem+json", json: { status: 403, code: "second_factor_required", detail: "" } });
      });
      await page.getByRole("button", { name: t("people:tokens.create"), exact: true }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(t("people:tokens.name"), { exact: true }).fill("script");
      await dialog.getByRole("checkbox").first().check();
      await dialog.locator("button[type=submit]").click();
      const asked = page.getByRole("dialog", { name: t("code.title") });
      await expect(asked).toBeVisible();
      await asked.getByLabel(t("code.label"), { exact: true }).fill(device.wrong());
      await asked.getByRole("button", { name: t("code.ok") }).click();
      await expect(asked.locator(".ant-form-item-explain-error")).toBeVisible();
      await look("asked-again");
      await asked.getByLabel(t("code.label"), { exact: true }).fill(await device.code());
      await asked.getByRole("button", { name: t("code.ok") }).click();
      await expect(page.getByText(/^jst_/).first()).toBeVisible();
    });

    await test.step("require it of the whole account", async () => {
      await page.goto("/buyer/account");
      await expect(page.getByRole("heading", { name: t("factor:policy") })).toBeVisible();
      await look("policy");
      await confirm(page, t("factor:policy_on"));
      await expect(page.getByText(t("factor:policy_is_on"), { exact: true })).toBeVisible();
    });

    await test.step("an operator resets it for a reason, and the person is told", async () => {
      const { account } = await read<{ account: { id: string } }>(page.request, "/session");
      const operator = await walker(browser, lang, width, "second-factor", people.operator);
      await operator.page.goto(`/operator/accounts/${account.id}`);
      await expect(operator.page.getByRole("button", { name: t("factor:reset"), exact: true })).toBeVisible();
      await operator.look("operator");
      await confirm(operator.page, t("factor:reset"), { label: t("factor:reset_reason"), text: "Lost the phone; called back" });
      await expect(operator.page.getByRole("button", { name: t("factor:reset"), exact: true })).toHaveCount(0);
      await operator.page.context().close();
      await expect.poll(async () => (await read<{ items: { body: string }[] }>(page.request, `/demo/mails?to=${encodeURIComponent(email)}`)).items.some((mail) => mail.body.includes("Lost the phone; called back"))).toBe(true);
    });

    await test.step("required and not set up, nothing else opens", async () => {
      await page.goto("/sign-in?next=/buyer/orders");
      await typePassword(page, t, email);
      await expect(page).toHaveURL(/\/buyer\/security$/);
      await expect(page.getByText(t("factor:required_text"))).toBeVisible();
      await look("due");
      await page.goto("/buyer/orders");
      await expect(page).toHaveURL(/\/buyer\/security$/);
      ({ device, codes } = await enrol(page, t, look, "again"));
      await expect(page.getByText(t("factor:cannot_disable"))).toBeVisible();
      await page.goto("/buyer/orders");
      await expect(page.getByRole("heading", { level: 1, name: t("buyer:menu.orders") })).toBeVisible();
    });

    await test.step("switch it off with password and code", async () => {
      await page.goto("/buyer/account");
      await confirm(page, t("factor:policy_off"));
      await expect(page.getByText(t("factor:policy_is_off"), { exact: true })).toBeVisible();
      await page.goto("/buyer/security");
      await page.getByRole("button", { name: t("factor:disable"), exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(t("factor:password"), { exact: true }).fill(password);
      await dialog.getByLabel(t("factor:code_or_recovery"), { exact: true }).fill(await device.code());
      await look("disable");
      await dialog.getByRole("button", { name: t("factor:disable"), exact: true }).click();
      await expect(page.getByRole("button", { name: t("factor:start"), exact: true })).toBeVisible();
      await page.context().clearCookies();
      await page.goto("/sign-in?next=/buyer/orders");
      await typePassword(page, t, email);
      await expect(page).toHaveURL(/\/buyer\/orders$/);
    });
    await page.context().close();
  });
}
