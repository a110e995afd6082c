import { expect, test, type Page } from "@playwright/test";
import { people, read } from "./demo";
import { settled } from "./settled";
import { confirm, tag, walker, ways } from "./walk";

/** Who buys without the right to approve, and the owner of the same account. */
const buying = { zh: { purchaser: "purchaser@jishi.example", owner: people.buyer }, en: { purchaser: "purchaser-en@jishi.example", owner: people.buyerEnglish } } as const;

/** PUT or DELETE below /api/v1 with the session's token. */
async function change(page: Page, method: "PUT" | "DELETE", path: string, data?: unknown): Promise<void> {
  const { csrfToken } = await read<{ csrfToken: string }>(page.request, "/session");
  const answer = await page.request.fetch(`/api/v1${path}`, { method, ...(data ? { data } : {}), headers: { "X-CSRF-Token": csrfToken } });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
}

const off = (page: Page) => change(page, "PUT", "/account/approval", { enabled: false, limit: "0.00" });

interface Item { id: string; name: string; sellerId: string }

/** Two cheap products of two sellers, in the reader's language. Below 50.00 stands the demo's product that is never delivered. */
async function twoSellers(page: Page, lang: string): Promise<[Item, Item]> {
  const answer = await page.request.get("/api/v1/storefront/products?sort=price_asc&priceMin=50&limit=20", { headers: { "Accept-Language": lang } });
  const { items } = (await answer.json()) as { items: Item[] };
  const first = items[0]!;
  const second = items.find((item) => item.sellerId !== first.sellerId);
  expect(second, "a product of another seller").toBeDefined();
  return [first, second!];
}

const ordersIn = (page: Page): string[] => {
  const url = new URL(page.url());
  return url.searchParams.get("orders")?.split(",") ?? [url.pathname.split("/")[2]!];
};

/** Waits until the sellers' servers have delivered all of them. */
async function delivered(page: Page, orders: string[]): Promise<void> {
  for (const id of orders) {
    await expect.poll(async () => (await read<{ state: string }>(page.request, `/orders/${id}`)).state, { message: `order ${id}`, timeout: 60_000 }).toBe("COMPLETED");
  }
}

for (const { lang, width } of ways) {
  test(`from the cart to the delivery, ${lang} at ${width}`, async ({ browser }) => {
    const { page, t, look } = await walker(browser, lang, width, "cart", buying[lang].purchaser);
    const owner = await walker(browser, lang, width, "cart", buying[lang].owner);
    const n = (key: string, count: number) => t(`${key}_${lang === "en" && count === 1 ? "one" : "other"}`, { count });
    const number = `PO-${tag()}`;
    await off(owner.page);
    await change(page, "DELETE", "/cart");
    const [first, second] = await twoSellers(page, lang);
    const add = async (item: Item) => {
      await page.goto(`/products/${item.id}`);
      // On a phone the purchase card opens from the bar below.
      if (width < 768) await page.getByRole("region", { name: t("storefront:buy.label") }).getByRole("button", { name: t("storefront:buy.now") }).click();
      await page.getByRole("button", { name: t("cart:add"), exact: true }).first().click();
      await expect(page.getByText(t("cart:added"))).toBeVisible();
    };
    const checkOut = async (count: number) => {
      await page.getByRole("button", { name: n("cart:checkout", count), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: t("cart:checkout_title") })).toBeVisible();
      for (const box of await page.getByRole("checkbox").all()) await box.check();
    };
    const place = () => page.getByRole("button", { name: t("cart:submit"), exact: true }).click();

    await test.step("an empty cart says what it is for", async () => {
      await page.goto("/cart");
      await expect(page.getByText(t("cart:empty"), { exact: true })).toBeVisible();
      await look("empty");
    });

    await test.step("two products of two sellers", async () => {
      await add(first);
      await look("added");
      await add(second);
      await page.goto("/");
      await page.getByRole("link", { name: n("cart_link", 2), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: t("cart:title") })).toBeVisible();
      await expect(page.getByRole("button", { name: n("cart:checkout", 2), exact: true })).toBeEnabled();
      await look("filled");
    });

    await test.step("a longer term changes the total, a line is left out and chosen again", async () => {
      const line = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: first.name, exact: true }) });
      const before = await line.locator("[class*=sum]").innerText();
      await line.getByLabel(t("cart:term"), { exact: true }).selectOption({ index: 1 });
      await expect(line.locator("[class*=sum]")).not.toHaveText(before);
      await line.getByRole("checkbox").uncheck();
      await expect(page.getByRole("button", { name: n("cart:checkout", 1), exact: true })).toBeEnabled();
      await line.getByRole("checkbox").check();
      await line.getByLabel(t("cart:term"), { exact: true }).selectOption({ index: 0 });
      await expect(line.locator("[class*=sum]")).toHaveText(before);
    });

    let orders: string[] = [];
    await test.step("one order for each product", async () => {
      await page.getByRole("button", { name: n("cart:checkout", 2), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: t("cart:checkout_title") })).toBeVisible();
      await place(); // the agreements are not ticked
      await expect(page.getByRole("alert").first()).toBeVisible();
      await look("checkout");
      for (const box of await page.getByRole("checkbox").all()) await box.check();
      await page.getByLabel(t("cart:purchase"), { exact: true }).fill(number);
      await place();
      await expect(page).toHaveURL(/\/pay\?orders=/);
      orders = ordersIn(page);
      expect(orders).toHaveLength(2);
      await expect(page.getByRole("button", { name: n("cart:pay", 2), exact: true })).toBeEnabled();
      await look("pay");
    });

    await test.step("paid together, delivered both", async () => {
      await page.getByRole("button", { name: n("cart:pay", 2), exact: true }).click();
      await expect(page.getByText(n("cart:paid", 2))).toBeVisible();
      await look("paid");
      await delivered(page, orders);
      expect((await read<{ count: number }>(page.request, "/cart/count")).count).toBe(0);
    });

    await test.step("the receipt names the purchase order", async () => {
      await page.goto(`/buyer/orders?q=${number}`);
      await expect(page.locator("main").getByText(orders[0]!).first()).toBeVisible();
      await page.goto(`/buyer/orders/${orders[0]}/receipt`);
      await expect(page.getByText(number)).toBeVisible();
      await look("receipt");
    });

    await test.step("switched on, a superior approves", async () => {
      await owner.page.goto("/buyer/account");
      await owner.page.getByRole("switch").first().click();
      await owner.page.getByLabel(t("cart:policy_limit", { currency: "CNY" }), { exact: true }).fill("0.00");
      await owner.look("policy");
      const panel = owner.page.locator("form").filter({ has: owner.page.getByRole("switch") });
      await panel.getByRole("button", { name: t("action.save"), exact: true }).click();
      await expect(owner.page.getByText(t("cart:policy_on"), { exact: true })).toBeVisible();

      await add(second);
      await page.goto("/cart");
      await checkOut(1);
      await place();
      await expect(page.getByText(t("cart:review_title"), { exact: true })).toBeVisible();
      await look("waiting");
      const [waiting] = ordersIn(page);

      await owner.page.goto("/buyer");
      await owner.page.getByRole("link", { name: n("cart:home_reviews", 1) }).first().waitFor();
      await owner.page.goto("/buyer/approvals");
      await expect(owner.page.locator("main").getByText(waiting!).first()).toBeVisible();
      await owner.look("approvals");
      await owner.page.goto(`/buyer/orders/${waiting}`);
      await confirm(owner.page, t("cart:approve"), { label: t("cart:comment"), text: "For the new office" });
      await expect(owner.page.getByText("For the new office")).toBeVisible();

      await page.goto("/buyer/orders/together");
      await expect(page.getByText(waiting!)).toBeVisible();
      await settled(page);
      await look("together");
      await page.goto(`/pay?orders=${waiting}`);
      await expect(page.getByRole("button", { name: n("cart:pay", 1), exact: true })).toBeEnabled();
      // Online this time: the gateway's notice comes twice, and the page waits for the first.
      await page.getByRole("button", { name: /测试支付|Test payment/ }).click();
      await page.locator("button[value=twice]").click();
      await expect(page.getByText(t("online:back.paid"), { exact: true })).toBeVisible();
      await look("paid-online");
      await delivered(page, [waiting!]);
    });

    await off(owner.page);
    await page.context().close();
    await owner.page.context().close();
  });
}

// A walk that broke off must not leave the others' orders waiting.
test.afterEach(async ({ browser }) => {
  for (const { owner } of Object.values(buying)) {
    const { page } = await walker(browser, "en", 1440, "cart", owner);
    await off(page);
    await page.context().close();
  }
});
