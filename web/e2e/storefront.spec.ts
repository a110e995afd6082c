import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { demoBuyer, signIn } from "./buyer";
import { inLanguage, shot } from "./shot";

/** What the buyer reads on the way. */
const texts = {
  zh: {
    tag: "zh-CN", search: "搜索商品", email: "邮箱", password: "密码", submit: "登录", due: "应付金额", buy: "立即购买", card: "购买", checkout: "确认订单", read: /^阅读/, agree: "同意", place: "提交订单",
    needTick: /同意/, pay: "确认支付", delivered: "已开通", open: "查看服务与登录信息", reveal: /^显示/, none: "没有找到商品", popular: "大家在买", notFound: "页面不存在", year: "包年", sort: "排序", cheap: "价格从低到高",
    next: "下一页", filters: "筛选", low: "最低价", apply: "确定", terms: "用户协议", prices: "规格与价格",
  },
  en: {
    tag: "en", search: "Search products", email: "E-mail", password: "Password", submit: "Sign in", due: "Due now", buy: "Buy now", card: "Purchase", checkout: "Confirm your order", read: /^Read the agreement/, agree: "Accept", place: "Place order",
    needTick: /agree/i, pay: "Pay now", delivered: "Delivered", open: "Open the service", reveal: /^(Show|Reveal)/, none: "No products found", popular: "What others buy", notFound: "Page not found", year: "Yearly", sort: "Sort by", cheap: "Price: low to high",
    next: "Next page", filters: "Filters", low: "Lowest price", apply: "Go", terms: "Terms of use", prices: "Specifications & prices",
  },
} as const;

interface Item {
  id: string;
  name: string;
  sellerId: string;
  categoryId: string;
}

/** A cheap product: the nth from 50.00 on. Below stands the demo's product that is never delivered. */
async function cheap(page: Page, tag: string, nth: number): Promise<Item> {
  const answer = await page.request.get(`/api/v1/storefront/products?sort=price_asc&priceMin=50&limit=${nth}`, { headers: { "Accept-Language": tag } });
  const { items } = (await answer.json()) as { items: Item[] };
  expect(items.length).toBe(nth);
  return items[nth - 1]!;
}

const cases = [{ lang: "zh", width: 1440, nth: 1 }, { lang: "en", width: 390, nth: 2 }] as const;

for (const { lang, width, nth } of cases) {
  const t = texts[lang];
  const narrow = width < 768;
  const keep = (page: Page, name: string) => shot(page, `storefront-${name}-${lang}-${width}`);

  test.describe(`${lang} at ${width}`, () => {
    test.use({ viewport: { width, height: narrow ? 844 : 900 }, locale: lang === "zh" ? "zh-CN" : "en-US" });
    test.beforeEach(({ page }) => inLanguage(page, lang));

    test("a visitor looks around", async ({ page }) => {
      const item = await cheap(page, t.tag, nth);
      await page.goto("/");
      await expect(page.getByRole("article").first()).toBeVisible();
      await expect(page).toHaveTitle(/·/);
      await expect(page.locator('meta[name="description"]')).toHaveAttribute("content", /\S/);
      await expectAccessible(page);
      await keep(page, "home");

      await page.goto(`/categories/${item.categoryId}?sort=newest`);
      await expect(page.getByRole("article").first()).toBeVisible();
      await page.getByLabel(t.sort).selectOption({ label: t.cheap });
      await expect(page).toHaveURL(/sort=price_asc/);
      await expectAccessible(page);
      await keep(page, "category");

      // Pages and filters stand in the address; going back shows what was there.
      await page.goto("/search");
      const top = page.getByRole("article").first().getByRole("link").first();
      await expect(top).toHaveText(/\S/);
      const first = await top.textContent();
      await page.getByRole("link", { name: t.next, exact: true }).click();
      await expect(page).toHaveURL(/page=2/);
      await expect(top).not.toHaveText(first!);
      await page.goBack();
      await expect(top).toHaveText(first!);
      if (narrow) await page.getByRole("button", { name: t.filters }).click();
      await page.getByRole("radio", { name: t.year }).click();
      await expect(page).toHaveURL(/mode=year/);
      await page.getByLabel(t.low).fill("abc");
      await page.getByRole("button", { name: t.apply, exact: true }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectAccessible(page);

      await page.goto("/search?q=qqxxqqxx");
      await expect(page.getByText(t.none)).toBeVisible();
      await expect(page.getByRole("heading", { name: t.popular })).toBeVisible();
      await expectAccessible(page);
      await keep(page, "nothing");

      await page.goto(`/shops/${item.sellerId}`);
      await expect(page.getByRole("article").first()).toBeVisible();
      await expectAccessible(page);
      await keep(page, "shop");

      await page.goto("/legal/terms");
      await expect(page.getByRole("heading", { level: 1, name: t.terms })).toBeVisible();
      await expectAccessible(page);

      await page.goto("/nothing-here");
      await expect(page.getByText(t.notFound).last()).toBeVisible();
      await expectAccessible(page);
      await keep(page, "missing");
    });

    test("a buyer finds, buys, pays and opens a product", async ({ page }) => {
      test.setTimeout(240_000);
      const item = await cheap(page, t.tag, nth);
      const buyer = await demoBuyer(page);

      // Search with a suggestion chosen by keyboard.
      await page.goto("/search");
      const field = page.getByRole("combobox", { name: t.search });
      await field.fill(item.name);
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectAccessible(page);
      await field.press("Enter");
      await expect(page).toHaveURL(/q=/);
      const hit = page.getByRole("link", { name: item.name }).first();
      await expect(hit.locator("mark").first()).toBeVisible();
      await keep(page, "search");
      await hit.click();

      // The product page says what will be paid.
      await expect(page.getByRole("heading", { level: 1, name: item.name })).toBeVisible();
      await expect(page).toHaveTitle(new RegExp(item.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
      // The button turns from disabled to persimmon when the price is there.
      await expect(page.getByRole("button", { name: t.buy }).first()).toBeEnabled();
      await expectAccessible(page);
      await keep(page, "product");
      await page.getByRole("tab", { name: t.prices }).click();
      await expect(page.getByRole("table")).toBeVisible();
      await expect(page).toHaveURL(/tab=prices/);
      if (narrow) await page.getByRole("region", { name: t.card }).getByRole("button", { name: t.buy }).click();
      const card = narrow ? page.getByRole("dialog") : page.getByRole("complementary", { name: t.card });
      await expect(card.getByText(t.due)).toBeVisible();
      await expect(card.getByRole("button", { name: t.buy })).toBeEnabled();
      await expectAccessible(page);
      await card.getByRole("button", { name: t.buy }).click();

      // A visitor signs in and comes back to the checkout.
      await expect(page).toHaveURL(/\/sign-in\?next=/);
      await signIn(page, buyer, t);
      await expect(page).toHaveURL(/\/checkout\?plan=/);
      await expect(page.getByRole("heading", { level: 1, name: t.checkout })).toBeVisible();
      const place = page.getByRole("button", { name: t.place });
      await expect(place).toBeEnabled();
      await expectAccessible(page);
      await keep(page, "checkout");

      // Without the tick the server refuses; the dialog shows the text and ticks.
      await place.click();
      await expect(page.getByRole("alert").filter({ hasText: t.needTick })).toBeVisible();
      await page.getByRole("button", { name: t.read }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("dialog").getByRole("button", { name: t.agree, exact: true }).click();
      await expect(page.getByRole("checkbox")).toBeChecked();

      // A double click places one order.
      const orders: string[] = [];
      page.on("request", (request) => { if (request.method() === "POST" && new URL(request.url()).pathname === "/api/v1/orders") orders.push(request.url()); });
      await place.dblclick();
      await expect(page).toHaveURL(/\/pay\/[^/]+$/);
      expect(orders.length).toBe(1);
      const pay = page.getByRole("button", { name: t.pay });
      await expect(pay).toBeEnabled();
      await expectAccessible(page);
      await keep(page, "pay");

      // Paid, delivered by the seller's server, opened.
      await pay.click();
      await expect(page).toHaveURL(/\/done$/);
      await expect(page.getByText(t.delivered, { exact: true })).toBeVisible({ timeout: 60_000 });
      await expectAccessible(page);
      await keep(page, "delivered");
      await page.getByRole("link", { name: t.open }).click();
      await expect(page).toHaveURL(/\/buyer\/instances\//);
      await expect(page.getByRole("heading", { level: 1, name: item.name })).toBeVisible();
      await expect(page.getByRole("button", { name: t.reveal }).first()).toBeVisible({ timeout: 30_000 });
      await expectAccessible(page);
      await keep(page, "instance");
    });
  });
}
