import { expect, test, type APIRequestContext } from "@playwright/test";
import { people } from "./demo";
import { OwnServer } from "./release";
import { startSample, type Sample } from "./sample";
import { tag, walker } from "./walk";

interface Instance { id: string; orderId: string; state: string; expiresAt: string; planNumber?: string }
interface Moved { now: string; reached: boolean; events: { kind: string; what: string; state: string; at: string }[] }
interface Priced { listAmount: string; amount: string }

/** The API as somebody: of the marketplace itself, or of the sandbox below `base` as its buyer or seller. */
function caller(api: APIRequestContext, base = "", as = "") {
  return async <T>(method: string, path: string, data?: unknown): Promise<T> => {
    const { csrfToken } = (await (await api.get("/api/v1/session")).json()) as { csrfToken: string };
    const headers = { "X-CSRF-Token": csrfToken, "Idempotency-Key": crypto.randomUUID(), ...(as ? { "X-Sandbox-As": as } : {}) };
    const answer = await api.fetch(`${base}/api/v1${path}`, { method, headers, ...(method === "GET" ? {} : { data: data ?? {} }) });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return (answer.status() === 204 ? undefined : await answer.json()) as T;
  };
}

const cents = (amount: string): number => Math.round(Number(amount) * 100);

test("a year in a seller's sandbox: its draft is bought, renewed, upgraded, left to expire and given back at its real server", async ({ browser }) => {
  test.setTimeout(180_000);
  const word = tag();
  const name = { zh: `沙箱商品 ${word}`, en: `Sandbox product ${word}` };
  const seller = await walker(browser, "zh", 1440, "sandbox", people.seller);
  const { page, t } = seller;
  const main = caller(page.request);
  const s = (key: string, values?: Record<string, string | number>) => t(`sandbox:${key}`, values);
  const server = new OwnServer();
  let sample: Sample | undefined;
  try {
    const origin = await server.start();
    let draft = "", byTheHour = "", addressId = "", accessId = "";

    await test.step("the seller's own server, and a draft that was never released", async () => {
      const address = await main<{ id: string }>("POST", "/seller/addresses", { origin });
      addressId = address.id;
      const { challenge } = await main<{ challenge: { content: string } }>("GET", `/seller/addresses/${address.id}`);
      server.proof = challenge.content;
      await main("POST", `/seller/addresses/${address.id}/verify`, { method: "file" });
      const key = await main<{ id: string }>("POST", "/seller/keys", { name: word });
      await main("PUT", `/seller/addresses/${address.id}/keys/base`, { keyId: key.id, confirmed: true });
      const { value } = await main<{ value: string }>("POST", `/seller/keys/${key.id}/reveal`);
      const access = await main<{ id: string; accessKey: string; secretKey: string }>("POST", "/seller/access-keys", { name: word });
      accessId = access.id;
      // With a pair AK/SK the server asks at the marketplace's own address what an order bought.
      sample = await startSample(value, { JISHI_ISV_MARKET: test.info().project.use.baseURL!, JISHI_ISV_AK: access.accessKey, JISHI_ISV_SK: access.secretKey });
      server.program = sample.url;

      const { items } = await main<{ items: { id: string; state: string }[] }>("GET", "/seller/products?state=on_sale&limit=1");
      const { content } = await main<{ content: Record<string, unknown> }>("POST", `/seller/products/${items[0]!.id}/draft`);
      await main("DELETE", `/seller/products/${items[0]!.id}/draft`);
      const price = (periodType: string, base: string, more: string) => ({ mode: "PERIOD", periodType, price: base, minPeriods: 1, maxPeriods: 3, surcharges: [{ attribute: "edition", value: "pro", price: more }] });
      const begin = async (called: { zh: string; en: string }, refundPolicy: string): Promise<string> => {
        const made = await main<{ product: { id: string }; open: { revision: number } }>("POST", "/seller/products", { deliveryType: "saas", name: called });
        await main("PUT", `/seller/products/${made.product.id}/draft`, { revision: made.open.revision, content: { ...content, name: called, addressId: address.id, path: "/produceAPI", generation: "V2", refundPolicy, specs: [{
          id: "", name: { zh: "标准", en: "Standard" }, template: "custom", changes: { any: true },
          attributes: [{ code: "edition", name: { zh: "版本", en: "Edition" }, values: [{ code: "basic", name: { zh: "基础版", en: "Basic" } }, { code: "pro", name: { zh: "专业版", en: "Pro" } }] }],
          plans: [price("month", "90", "60"), price("year", "900", "600")],
        }] } });
        return made.product.id;
      };
      draft = await begin(name, "five_day");
      byTheHour = await begin({ zh: `按剩余时长 ${word}`, en: `By the hour ${word}` }, "prorata");
    });

    let base = "";
    await test.step("open the sandbox with one click; the draft is on sale there", async () => {
      await main("DELETE", "/seller/sandbox");
      await page.goto("/seller/sandbox");
      await seller.look("none");
      await page.getByRole("button", { name: s("open"), exact: true }).click();
      const product = page.locator("main").getByRole("link", { name: name.zh });
      await expect(product).toBeVisible();
      base = /^\/sandbox\/[^/]+/.exec((await product.getAttribute("href"))!)![0];
      await seller.look("open");
      await product.click();
    });
    const buyer = caller(page.request, base, "buyer");
    const move = (wish: Record<string, unknown>) => main<Moved>("POST", "/seller/sandbox/clock", wish);
    const balance = async () => cents((await buyer<{ balance: string }>("GET", "/balance")).balance);
    const latest = async () => (await buyer<{ items: Instance[] }>("GET", "/instances?limit=1")).items[0]!;
    const frame = page.getByRole("region", { name: s("frame.label"), exact: true });
    const begun = await balance();
    /** What each order must have cost, by its number; refunds are negative. */
    const money: Record<string, number> = {};

    const buyYear = async (product = draft): Promise<Instance> => {
      const { specs } = await buyer<{ specs: { plans: { id: string; periodType: string; choice: string }[] }[] }>("GET", `/storefront/products/${product}`);
      const plan = specs[0]!.plans.find((one) => one.periodType === "year" && one.choice === "edition=basic")!;
      const quote = await buyer<{ id: string; price: Priced }>("POST", "/quotes", { planId: plan.id, periods: 1 });
      const order = await buyer<{ id: string }>("POST", "/orders", { quoteId: quote.id, agreementAccepted: true });
      await buyer("POST", `/orders/${order.id}/pay`);
      money[order.id] = cents(quote.price.amount);
      await move({ by: "PT1M" });
      const made = await latest();
      expect(made.orderId).toBe(order.id);
      expect(made.state).toBe("ACTIVE");
      return made;
    };

    let service: Instance;
    await test.step("buy a month as the play buyer, through the pages", async () => {
      const f = (key: string) => t(`storefront:${key}`);
      await expect(frame).toBeVisible();
      await expect(frame.getByText(s("frame.play"), { exact: true })).toBeVisible();
      await seller.look("product");
      const card = page.getByRole("complementary", { name: f("buy.label") });
      await card.getByRole("radio", { name: "基础版" }).check({ force: true });
      await expect(card.getByText("¥90.00", { exact: true }).first()).toBeVisible();
      await card.getByRole("button", { name: f("buy.now") }).click();
      await expect(page).toHaveURL(/\/checkout\?plan=/);
      await page.getByRole("checkbox").check();
      await page.getByRole("button", { name: f("checkout.submit"), exact: true }).click();
      await expect(page).toHaveURL(/\/pay\/[^/]+$/);
      const order = /\/pay\/([^/]+)$/.exec(page.url())![1]!;
      await page.getByRole("button", { name: f("pay.submit"), exact: true }).click();
      await expect(page.getByText(f("paid.completed"), { exact: true })).toBeVisible({ timeout: 30_000 });
      money[order] = 90_00;
      service = await latest();
      expect(service.orderId).toBe(order);
      expect(server.seen).toContain("newInstance");
      expect(await balance()).toBe(begun - 90_00);
    });

    await test.step("it renews itself when the clock passes the day", async () => {
      await buyer("PUT", `/instances/${service.id}/policy`, { atExpiry: "auto", days: 3, periods: 1 });
      await page.goto(`${base}/buyer/instances/${service.id}`);
      await frame.getByRole("button", { name: s("clock.month"), exact: true }).click();
      const told = page.getByRole("dialog", { name: s("moved.title"), exact: true });
      await expect(told.getByText("refreshInstance")).toBeVisible();
      await seller.look("moved");
      await told.locator(".ant-modal-footer").getByRole("button").click();
      expect(await balance()).toBe(begun - 180_00);
      expect(server.seen).toContain("refreshInstance");
      expect((await latest()).expiresAt > service.expiresAt).toBe(true);
    });

    await test.step("upgrade in the middle of the term", async () => {
      const { targets } = await buyer<{ targets: { skuCode: string; present: boolean }[] }>("GET", `/instances/${service.id}/changes`);
      const target = targets.find((one) => !one.present)!.skuCode;
      const quote = await buyer<{ id: string; price: Priced }>("POST", `/instances/${service.id}/changes`, { target });
      const order = await buyer<{ id: string; dueAmount: string }>("POST", "/orders", { quoteId: quote.id, agreementAccepted: true });
      expect(order.dueAmount).toBe(quote.price.amount);
      expect(cents(quote.price.amount)).toBeGreaterThan(0);
      expect(cents(quote.price.amount)).toBeLessThan(2 * 60_00);
      await buyer("POST", `/orders/${order.id}/pay`);
      money[order.id] = cents(quote.price.amount);
      await move({ by: "PT1M" });
      expect((await latest()).state).toBe("ACTIVE");
      expect(server.seen).toContain("upgradeInstance");
    });

    await test.step("nobody pays any more: grace, retention, release", async () => {
      await buyer("PUT", `/instances/${service.id}/policy`, { atExpiry: "manual", days: 3 });
      const states: string[] = [];
      for (let state = "ACTIVE", steps = 0; state !== "RELEASED" && steps < 20; steps++) {
        await move({ next: true });
        const now = (await latest()).state;
        if (now !== state) states.push(now);
        state = now;
      }
      expect(states).toEqual(["GRACE", "RETENTION", "RELEASED"]);
      expect(server.seen.slice(-2)).toEqual(["updateInstanceStatus", "releaseInstance"]);
      await page.goto(`${base}/buyer/instances/${service.id}`);
      await expect(page.getByText(t("trade:event.released"), { exact: true }).first()).toBeVisible();
      await seller.look("released");
    });

    const giveBack = async (bought: Instance): Promise<number> => {
      const { amount } = await buyer<{ amount: string }>("GET", `/instances/${bought.id}/refund`);
      const before = await balance();
      await buyer("POST", `/instances/${bought.id}/refund`, { amount, reason: "not needed" });
      await move({ by: "PT1M" });
      expect((await latest()).state).toBe("UNSUBSCRIBED");
      expect(server.seen.at(-1)).toBe("releaseInstance");
      expect(await balance()).toBe(before + cents(amount));
      money[`refund of ${bought.orderId}`] = -cents(amount);
      return cents(amount);
    };

    await test.step("a year, given back within five days: everything", async () => {
      expect(await giveBack(await buyYear())).toBe(900_00);
    });

    await test.step("another year: after two months it is kept, but a renewed period that has not begun goes back", async () => {
      const bought = await buyYear();
      await move({ by: "P61D" });
      const late = await buyer<{ possible: boolean; blocker: { code: string } }>("GET", `/instances/${bought.id}/refund`);
      expect(late.blocker.code).toBe("refund.window_over");
      const quote = await buyer<{ id: string; price: Priced }>("POST", "/quotes", { instanceId: bought.id, periods: 1 });
      const order = await buyer<{ id: string }>("POST", "/orders", { quoteId: quote.id, agreementAccepted: true });
      await buyer("POST", `/orders/${order.id}/pay`);
      money[order.id] = 900_00;
      await move({ by: "P40D" });
      const { amount } = await buyer<{ amount: string }>("GET", `/instances/${bought.id}/renewal-refund`);
      expect(amount).toBe("900.00");
      const calls = server.seen.length;
      await buyer("POST", `/instances/${bought.id}/renewal-refund`, { amount, reason: "not needed" });
      money[`refund of ${order.id}`] = -900_00;
      await move({ by: "PT1M" });
      expect(server.seen.slice(calls)).toEqual(["refreshInstance"]);
      expect((await latest()).expiresAt).toBe(bought.expiresAt);
    });

    await test.step("a year of what is refunded by the hour: after a hundred days the rest of it goes back", async () => {
      const bought = await buyYear(byTheHour);
      await move({ by: "P100D" });
      const { amount, explanation } = await buyer<{ amount: string; explanation: { usedHours: number; totalHours: number } }>("GET", `/instances/${bought.id}/refund`);
      const { usedHours, totalHours } = explanation;
      expect(usedHours).toBeGreaterThanOrEqual(2400);
      expect(usedHours).toBeLessThanOrEqual(2401);
      expect(totalHours).toBeGreaterThan(8700);
      // Paid, less what was used, which is cut to the cent.
      expect(cents(amount)).toBe(900_00 - Math.floor((900_00 * usedHours) / totalHours));
      await giveBack(bought);
    });

    await test.step("every amount stands in the book, on the pages of both", async () => {
      let renewals = 0;
      for (const [order, amount] of Object.entries(money)) {
        if (order.startsWith("refund")) continue;
        const got = await buyer<{ paidAmount: string }>("GET", `/orders/${order}`);
        expect(cents(got.paidAmount), order).toBe(amount);
      }
      const { items } = await buyer<{ items: { kind: string; amount: string; cause: string }[] }>("GET", "/balance/transactions?limit=100");
      for (const one of items) if (!(one.cause in money) && one.kind === "payment") renewals -= cents(one.amount);
      const spent = Object.values(money).reduce((sum, one) => sum + one, 0);
      expect(renewals).toBe(90_00);
      expect(await balance()).toBe(begun - spent - renewals);
      expect(items.reduce((sum, one) => sum + cents(one.amount), 0)).toBe(await balance());
      await page.goto(`${base}/buyer/balance`);
      await expect(page.locator("main").getByText(`¥${((begun - spent - renewals) / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`).first()).toBeVisible();
      await seller.look("balance");
    });

    await test.step("each call at the seller's server stands among the interface messages; the marketplace has none of it", async () => {
      await page.goto(`${base}/seller/deliveries`);
      const done = page.locator("main").getByRole("row").filter({ hasText: t("state.delivery.succeeded") });
      for (const activity of ["newInstance", "refreshInstance", "upgradeInstance", "updateInstanceStatus", "releaseInstance"]) {
        await expect(done.filter({ hasText: activity }).first()).toBeVisible();
        expect(server.seen).toContain(activity);
      }
      await seller.look("calls");
      const { items } = await main<{ items: unknown[] }>("GET", `/seller/orders?q=${service.orderId}`);
      expect(items).toEqual([]);
      await main("DELETE", "/seller/sandbox");
      for (const one of [draft, byTheHour]) await main("DELETE", `/seller/products/${one}/draft`);
      await main("DELETE", `/seller/addresses/${addressId}`);
      await main("POST", `/seller/access-keys/${accessId}/disable`);
    });
  } finally {
    await sample?.stop();
    server.stop();
  }
});
