import { expect, test } from "@playwright/test";
import { people, read } from "./demo";
import { approveSeller, confirmRealName, fillApplication, signUp, tickAll } from "./join";
import { png } from "./papers";
import { approve, bindKey, fillWizard, OwnServer, proveAddress, specs, step, submit } from "./release";
import { startSample, type Sample } from "./sample";
import { choose, openUntil, tag, walker, type Walker } from "./walk";

/** A call that the operator sends for a service, and the activity of the production interface that serves it. */
interface Sending {
  call: string;
  activity: string;
  fill?: (operator: Walker) => Promise<void>;
}

const nextYear = `${new Date().getFullYear() + 1}-12-31`;

/** In the order in which one service can live through them. */
const sendings: Sending[] = [
  { call: "renew", activity: "refreshInstance", fill: async ({ page, t }) => {
    const day = page.getByRole("dialog").getByLabel(t("lifecycle:send.expires"), { exact: true });
    await day.fill(nextYear);
    await day.press("Tab");
  } },
  { call: "freeze", activity: "updateInstanceStatus" },
  { call: "thaw", activity: "updateInstanceStatus" },
  { call: "upgrade", activity: "upgradeInstance", fill: async ({ page, t }) => choose(page.getByRole("dialog"), t("lifecycle:send.plan"), specs[1].zh) },
  { call: "release", activity: "releaseInstance", fill: async ({ page }) => page.getByRole("dialog").getByRole("checkbox").check() },
];

/** Has the operator send a call for the service whose page is open, and waits for the seller's good answer. */
async function sendCall(operator: Walker, sending: Sending): Promise<void> {
  const { page, t } = operator;
  const calls = page.getByRole("table", { name: t("lifecycle:detail.calls"), exact: true }).getByRole("row").filter({ hasText: t(`trade:purpose.${sending.call}`) }).filter({ hasText: t("state.delivery.succeeded") });
  await expect(calls).toHaveCount(0);
  await page.getByRole("button", { name: t("lifecycle:send.action"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t("lifecycle:send.title"), exact: true });
  await choose(dialog, t("lifecycle:send.call"), `${t(`trade:purpose.${sending.call}`)} ${sending.activity}`);
  await dialog.getByLabel(t(sending.call === "freeze" ? "lifecycle:send.reason_freeze" : "lifecycle:send.reason"), { exact: true }).fill("Walked through in a browser");
  await sending.fill?.(operator);
  await dialog.getByRole("button", { name: t("lifecycle:send.submit"), exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(calls).toHaveCount(1, { timeout: 30_000 });
}

test("a seller joins, debugs its own server, publishes, delivers, and sees each call that the operator sends", async ({ browser }) => {
  test.setTimeout(300_000);
  const word = tag();
  const lang = "zh", width = 1440;
  const company = `流萤互联 ${word}`, shop = { zh: `流萤互联 ${word}`, en: `Firefly Connect ${word}` }, product = { zh: `流萤直连 ${word}`, en: `Firefly Direct ${word}` };
  const seller = await walker(browser, lang, width, "connecting");
  const operator = await walker(browser, lang, width, "connecting", people.operator);
  const { page, t } = seller;
  const i = (key: string, values?: Record<string, string | number>) => t(`integration:${key}`, values);
  const button = (label: string) => page.getByRole("button", { name: label, exact: true });
  const server = new OwnServer();
  let sample: Sample | undefined;
  try {
    const origin = await server.start();

    await test.step("join and be approved as a seller", async () => {
      await signUp(seller, company, `connect-${word}@firefly.example`, "first-Password-31");
      await confirmRealName(seller, operator, `${company} Ltd`);
      await page.goto("/seller/apply");
      await fillApplication({ ...seller, look: async () => {} }, shop);
      await tickAll(page);
      await button(t("sellers:apply.submit")).click();
      await expect(page.getByText(t("sellers:apply.submitted"), { exact: true })).toBeVisible();
      await approveSeller(operator, shop[lang]);
    });

    await test.step("prove an address, bind a key, start the server with it", async () => {
      await proveAddress(seller, server, origin);
      sample = await startSample(await bindKey(seller, origin, word));
      server.program = sample.url;
    });

    await test.step("debug all scenarios and save them as cases", async () => {
      await page.goto("/seller/integration/debug");
      await choose(page, i("target.address"), origin);
      const path = page.getByLabel(i("target.path"), { exact: true });
      await path.fill("/produceAPI");
      await path.press("Enter");
      const { items } = await read<{ items: { id: string; origin: string }[] }>(page.request, "/seller/addresses");
      const { items: scenarios } = await read<{ items: unknown[] }>(page.request, `/seller/integration/scenarios?addressId=${items.find((one) => one.origin === origin)!.id}&path=/produceAPI&generation=v2`);
      const total = scenarios.length;
      await expect(page.getByText(i("scenarios.progress", { passed: 0, total }), { exact: true })).toBeVisible();
      await seller.look("debug");
      await button(i("all.run")).click();
      await expect(page.getByText(i("all.done", { passed: total, total }), { exact: true })).toBeVisible({ timeout: 90_000 });
      await expect(page.getByText(i("scenarios.progress", { passed: total, total }), { exact: true })).toBeVisible();
      await button(i("run.wrong_signature")).click();
      await expect(page.getByText(i("verdict.refused"), { exact: true })).toBeVisible();
      await seller.look("debugged");
      await page.goto("/seller/integration/cases");
      await expect(page.locator("main").getByText(t("state.case.passed"), { exact: true })).toHaveCount(total);
      await seller.look("cases");
    });

    await test.step("publish a V2 product, which the operator approves", async () => {
      await page.goto("/seller/products");
      await button(t("catalogue:products.release")).first().click();
      await expect(page).toHaveURL(/\/edit/);
      await fillWizard({ ...seller, look: async () => {} }, { name: product, logo: png("logo.png", 120, 120, [24, 92, 84]), origin, path: "/produceAPI" });
      await step(seller, "submit");
      await submit(seller);
      await approve(operator, product[lang]);
    });

    const productId = /prd_[^/]+/.exec(page.url())![0];
    let orderId = "";
    await test.step("a buyer buys it and it is delivered", async () => {
      const buyer = await walker(browser, lang, width, "connecting", people.buyer);
      const f = (key: string) => t(`storefront:${key}`);
      const buy = buyer.page.getByRole("complementary", { name: f("buy.label") }).getByRole("button", { name: f("buy.now") });
      await openUntil(buyer.page, `/products/${productId}`, (within) => expect(buy).toBeEnabled(within));
      await buy.click();
      await expect(buyer.page).toHaveURL(/\/checkout\?plan=/);
      await buyer.page.getByRole("checkbox").check();
      await buyer.page.getByRole("button", { name: f("checkout.submit"), exact: true }).click();
      await expect(buyer.page).toHaveURL(/\/pay\/[^/]+$/);
      orderId = /\/pay\/([^/]+)$/.exec(buyer.page.url())![1]!;
      await buyer.page.getByRole("button", { name: f("pay.submit"), exact: true }).click();
      await expect(buyer.page.getByText(f("paid.completed"), { exact: true })).toBeVisible({ timeout: 30_000 });
      await buyer.page.context().close();
    });

    await test.step("the operator renews, freezes, thaws, upgrades and releases it", async () => {
      await operator.page.goto(`/operator/instances?q=${orderId}`);
      await operator.page.locator("main").getByRole("link", { name: product[lang] }).first().click();
      await expect(operator.page.getByRole("heading", { level: 1, name: product[lang] })).toBeVisible();
      for (const sending of sendings) await sendCall(operator, sending);
      await operator.look("service");
    });

    await test.step("the seller sees every call among its interface messages", async () => {
      await page.goto(`/seller/deliveries?q=${word}`);
      const done = page.locator("main").getByRole("row").filter({ hasText: t("state.delivery.succeeded") });
      for (const activity of ["newInstance", "queryInstance", ...sendings.map((one) => one.activity)]) await expect(done.filter({ hasText: activity }).first()).toBeVisible();
      for (const { call } of sendings) await expect(done.filter({ hasText: t(`trade:purpose.${call}`) })).toHaveCount(1);
      await seller.look("messages");
      await done.filter({ hasText: "upgradeInstance" }).getByRole("link").first().click();
      await expect(page.locator("main").getByText("upgradeInstance").first()).toBeVisible();
      await expect(page.locator("pre").filter({ hasText: "upgradeInstance" }).first()).toContainText("orderLineId");
    });
  } finally {
    await sample?.stop();
    server.stop();
  }
});
