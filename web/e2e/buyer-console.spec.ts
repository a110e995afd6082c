import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { enter, people, placeOrder, read } from "./demo";
import { inLanguage, shot } from "./shot";

const texts = {
  zh: {
    home: "买家中心", needs: "待我处理", orders: "我的订单", pay: "付款", cancel: "取消订单", canceled: "已取消", completed: "已完成", explained: /每月 × 1 = /, paid: "付款成功", open: "查看服务与登录方式", services: "已购买的服务", signIn: "登录信息",
    user: "用户名", show: "显示用户名", hidden: "用户名（已隐藏）", contact: "商家客服", balance: "余额与收支", payment: "支付订单", topUp: "充值", amount: "转账金额", payer: "付款户名", announce: "登记", wrong: "请填写大于 0、最多两位小数的金额",
    announced: "已登记，请在转账附言中填写", cancelTopUp: "取消", exportIt: "导出", csv: "导出为 CSV", download: "下载", noMatch: "没有符合条件的记录",
  },
  en: {
    home: "Buyer centre", needs: "Needs me now", orders: "Orders", pay: "Pay", cancel: "Cancel order", canceled: "Cancelled", completed: "Completed", explained: /per month × 1 = /, paid: "Paid", open: "Open the service and its sign-in data", services: "Purchased services", signIn: "Sign-in data",
    user: "User name", show: "Show User name", hidden: "User name (hidden)", contact: "Seller's customer service", balance: "Balance and transactions", payment: "Order payment", topUp: "Top up", amount: "Amount", payer: "Paying account's name", announce: "Announce", wrong: "An amount above 0 with at most two decimals",
    announced: "Announced. Write this on the transfer:", cancelTopUp: "Cancel", exportIt: "Export", csv: "As CSV", download: "Download", noMatch: "Nothing matches",
  },
} as const;

for (const { lang, width, person } of [{ lang: "zh", width: 1440, person: people.buyer }, { lang: "en", width: 390, person: people.buyerEnglish }] as const) {
  const t = texts[lang];
  test.describe(`${lang} at ${width}`, () => {
    test.use({ viewport: { width, height: width < 768 ? 844 : 900 }, locale: lang === "zh" ? "zh-CN" : "en-US" });
    test.beforeEach(async ({ page }) => {
      await inLanguage(page, lang);
      await enter(page, person);
    });

    test("a buyer pays an order and opens what it delivered", async ({ page }) => {
      test.setTimeout(240_000);
      const order = await placeOrder(page.request);
      await page.goto("/buyer");
      await expect(page.getByRole("heading", { level: 1, name: t.home })).toBeVisible();
      await expect(page.getByRole("region", { name: t.needs }).getByRole("link").first()).toBeVisible();
      await expectAccessible(page);
      await shot(page, `buyer-home-${lang}-${width}`);

      await page.goto("/buyer/orders?state=PENDING_PAYMENT");
      await expect(page.getByRole("heading", { level: 1, name: t.orders })).toBeVisible();
      await expectAccessible(page);
      await shot(page, `buyer-orders-${lang}-${width}`);
      await page.getByRole("button", { name: t.exportIt }).click();
      await page.getByRole("menuitem", { name: t.csv }).click();
      await expect(page).toHaveURL(/\/buyer\/exports$/);
      await expect(page.getByRole("button", { name: t.download }).first()).toBeVisible({ timeout: 30_000 });
      await expectAccessible(page);
      await shot(page, `buyer-exports-${lang}-${width}`);
      const file = page.waitForEvent("download");
      await page.getByRole("button", { name: t.download }).first().click();
      expect((await file).suggestedFilename()).toMatch(/^orders-.*\.csv$/);
      await page.goto("/buyer/orders?state=PENDING_PAYMENT");
      await page.getByRole("link", { name: order.id }).click();

      await expect(page.getByText(t.explained)).toBeVisible();
      await expectAccessible(page);
      await shot(page, `buyer-order-unpaid-${lang}-${width}`);
      await page.getByRole("button", { name: t.pay, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await expect(dialog).toBeVisible();
      await expectAccessible(page);
      await dialog.getByRole("button", { name: t.pay, exact: true }).click();
      await expect(page.getByText(t.completed, { exact: true }).first()).toBeVisible({ timeout: 30_000 });
      await expectAccessible(page);
      await shot(page, `buyer-order-${lang}-${width}`);
      await page.emulateMedia({ media: "print" });
      await shot(page, `buyer-order-print-${lang}-${width}`);
      await page.emulateMedia({ media: "screen" });

      await page.getByRole("link", { name: t.open }).click();
      await expect(page.getByRole("heading", { name: t.signIn })).toBeVisible();
      await expect(page.getByRole("heading", { name: t.contact })).toBeVisible();
      const hidden = page.getByRole("img", { name: t.hidden });
      await expect(hidden).toBeVisible({ timeout: 30_000 });
      await expectAccessible(page);
      await shot(page, `buyer-service-${lang}-${width}`);
      await page.getByRole("button", { name: t.show }).click();
      await expect(hidden).toBeHidden();
    });

    test("a buyer cancels an order and finds services and filters", async ({ page }) => {
      const order = await placeOrder(page.request);
      await page.goto(`/buyer/orders/${order.id}`);
      await page.getByRole("button", { name: t.cancel }).click();
      await expectAccessible(page);
      await page.getByRole("dialog").getByRole("button", { name: t.cancel }).click();
      await expect(page.getByText(t.canceled, { exact: true }).first()).toBeVisible();
      await page.goto("/buyer/orders?q=nothing-like-this");
      await expect(page.getByText(t.noMatch)).toBeVisible();
      // A window of one day in the past finds nothing; today's finds the order.
      const today = new Date().toLocaleDateString("sv", { timeZone: "Asia/Shanghai" });
      await page.goto("/buyer/orders?createdFrom=2020-01-01&createdTo=2020-01-02");
      await expect(page.getByText(t.noMatch)).toBeVisible();
      await page.goto(`/buyer/orders?createdFrom=${today}&createdTo=${today}&q=${order.id}`);
      await expect(page.getByRole("link", { name: order.id })).toBeVisible();

      await page.goto("/buyer/instances");
      await expect(page.getByRole("heading", { level: 1, name: t.services })).toBeVisible();
      await expect(page.locator("main").getByRole("link").nth(1)).toBeVisible();
      await expectAccessible(page);
      await shot(page, `buyer-services-${lang}-${width}`);
    });

    test("a buyer reads the balance and announces a transfer", async ({ page }) => {
      await page.goto("/buyer/balance");
      await expect(page.getByRole("heading", { level: 1, name: t.balance })).toBeVisible();
      await expect(page.getByText(t.payment).first()).toBeVisible();
      await expectAccessible(page);
      await shot(page, `buyer-balance-${lang}-${width}`);

      const before = await read<{ pending: string }>(page.request, "/balance");
      await page.goto("/buyer/topups");
      // Beside it the balance is topped up online, with an amount of its own.
      const transfer = page.locator("form").filter({ has: page.getByLabel(t.payer, { exact: true }) });
      await transfer.getByLabel(t.amount, { exact: true }).fill("12.345");
      await page.getByLabel(t.payer, { exact: true }).fill("Greenfield");
      await page.getByRole("button", { name: t.announce, exact: true }).click();
      await expect(page.getByText(t.wrong)).toBeVisible();
      await expectAccessible(page);
      await transfer.getByLabel(t.amount, { exact: true }).fill("1,234.50");
      await page.getByRole("button", { name: t.announce, exact: true }).click();
      const notice = page.getByRole("status").filter({ hasText: t.announced });
      await expect(notice).toBeVisible();
      const number = (await notice.locator(".mono").textContent())!;
      await expectAccessible(page);
      await shot(page, `buyer-topups-${lang}-${width}`);

      await page.goto(`/buyer/topups?q=${number}`);
      await page.locator("main").getByRole("button", { name: t.cancelTopUp, exact: true }).click();
      // The dialog's other button bears the same word as its action.
      await page.getByRole("dialog").locator(".ant-btn-dangerous").click();
      await expect(page.getByText(t.canceled, { exact: true }).first()).toBeVisible();
      expect((await read<{ pending: string }>(page.request, "/balance")).pending).toBe(before.pending);
    });
  });
}
