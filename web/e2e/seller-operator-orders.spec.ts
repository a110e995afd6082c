import { expect, request, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { enter, people, read, signInAt, write } from "./demo";
import { inLanguage, shot } from "./shot";

const texts = {
  zh: {
    chart: /近 30 天每日柱形图/, table: "以表格查看", needs: "待我处理", calls: "接口消息", retrying: "重试中", request: "请求", answer: "应答", signature: "签名的组成", bytes: "字节", restart: "重新启动", restarted: "已重新发出", orders: "订单", postings: "账务分录",
    byHand: "标记为已人工完成", required: "请填写此项", cancel: "取消", trial: "试算平衡", balanced: "借贷相等，账目平衡。", confirm: "确认到账", reference: "银行流水号", credited: "已到账", reject: "驳回", reason: "驳回原因（买家可见）", rejected: "已驳回",
  },
  en: {
    chart: /per day of the last 30 days/, table: "Show as a table", needs: "Needs me now", calls: "Interface messages", retrying: "Retrying", request: "Request", answer: "Answer", signature: "What the signature is made of", bytes: "Bytes", restart: "Restart", restarted: "Sent again", orders: "Orders", postings: "Ledger postings",
    byHand: "Mark as done by hand", required: "Please fill in this field", cancel: "Cancel", trial: "Trial balance", balanced: "Debits equal credits: the book is balanced.", confirm: "Confirm arrival", reference: "Bank's transfer number", credited: "Received", reject: "Reject", reason: "Reason (the buyer sees it)", rejected: "Rejected",
  },
} as const;

interface Listed {
  items: { id: string; state: string }[];
}

for (const { lang, width } of [{ lang: "zh", width: 1440 }, { lang: "en", width: 390 }] as const) {
  const t = texts[lang];
  test.describe(`${lang} at ${width}`, () => {
    test.use({ viewport: { width, height: width < 768 ? 844 : 900 }, locale: lang === "zh" ? "zh-CN" : "en-US" });
    test.beforeEach(({ page }) => inLanguage(page, lang));

    test("a seller sees sales and mends a failing delivery", async ({ page }) => {
      test.setTimeout(240_000);
      await enter(page, people.seller);
      await page.goto("/seller");
      await expect(page.getByRole("img", { name: t.chart })).toBeVisible();
      await page.getByText(t.table).click();
      await expect(page.locator("figure").getByRole("table")).toBeVisible();
      await expectAccessible(page);
      await shot(page, `seller-home-${lang}-${width}`);

      await page.goto("/seller/orders");
      await expect(page.locator("main").getByRole("link", { name: /^CS/ }).first()).toBeVisible();
      await expectAccessible(page);
      await shot(page, `seller-orders-${lang}-${width}`);
      await page.locator("main").getByRole("link", { name: /^CS/ }).first().click();
      await expect(page.getByRole("heading", { level: 1, name: /CS/ })).toBeVisible();
      await expectAccessible(page);
      await shot(page, `seller-order-${lang}-${width}`);

      await page.goto("/seller/deliveries?problem=true");
      await expect(page.getByRole("heading", { level: 1, name: t.calls })).toBeVisible();
      await expect(page.getByText(t.retrying, { exact: true }).first()).toBeVisible();
      await expectAccessible(page);
      await shot(page, `seller-deliveries-${lang}-${width}`);
      await page.locator("main").getByRole("link", { name: "newInstance" }).first().click();

      await expect(page.getByRole("region", { name: t.request }).first()).toBeVisible();
      await expect(page.getByRole("region", { name: t.answer }).first()).toContainText("HTTP 500");
      await expect(page.getByRole("region", { name: t.signature }).first()).toContainText("timeStamp");
      await page.getByText(t.bytes, { exact: true }).first().click();
      await expect(page.locator("pre").first()).toContainText("000000  ");
      await expectAccessible(page);
      await shot(page, `seller-delivery-${lang}-${width}`);
      const id = new URL(page.url()).pathname.split("/").at(-1)!;
      const before = await read<{ attempts: number }>(page.request, `/seller/calls/${id}`);
      await page.getByRole("button", { name: t.restart }).click();
      await expectAccessible(page);
      await page.getByRole("dialog").getByRole("button", { name: t.restart }).click();
      await expect(page.getByText(t.restarted)).toBeVisible();
      await expect.poll(async () => (await read<{ attempts: number }>(page.request, `/seller/calls/${id}`)).attempts, { timeout: 30_000 }).toBeGreaterThan(before.attempts);
    });

    test("an operator oversees orders, deliveries and the book", async ({ page }) => {
      test.setTimeout(240_000);
      await enter(page, people.operator);
      await page.goto("/operator");
      await expect(page.getByRole("region", { name: t.needs }).getByRole("link").first()).toBeVisible();
      await expect(page.getByRole("img", { name: t.chart })).toBeVisible();
      await expectAccessible(page);
      await shot(page, `operator-home-${lang}-${width}`);

      await page.goto("/operator/orders?state=COMPLETED&kind=NEW");
      await page.locator("main").getByRole("link", { name: /^CS/ }).first().click();
      await expect(page.getByRole("heading", { name: t.postings })).toBeVisible();
      await expectAccessible(page);
      await shot(page, `operator-order-${lang}-${width}`);

      await page.goto("/operator/deliveries");
      await expect(page.locator("main").getByRole("link", { name: /Instance$/ }).first()).toBeVisible();
      await expectAccessible(page);
      await shot(page, `operator-deliveries-${lang}-${width}`);
      const { items } = await read<Listed>(page.request, "/operator/calls?state=retrying");
      await page.goto(`/operator/deliveries/${items[0]!.id}`);
      await page.getByRole("button", { name: t.byHand }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: t.byHand }).click();
      await expect(dialog.getByText(t.required)).toHaveCount(2);
      await expectAccessible(page);
      await shot(page, `operator-by-hand-${lang}-${width}`);
      await dialog.getByRole("button", { name: t.cancel, exact: true }).click();

      await page.goto("/operator/ledger?purpose=revenue");
      await page.getByRole("link", { name: "revenue:platform" }).click();
      await expect(page.getByText("revenue:platform")).toBeVisible();
      await expectAccessible(page);
      await shot(page, `operator-ledger-account-${lang}-${width}`);
      await page.goto("/operator/ledger/trial");
      await expect(page.getByRole("heading", { level: 1, name: t.trial })).toBeVisible();
      await expect(page.getByText(t.balanced)).toBeVisible();
      await expectAccessible(page);
      await shot(page, `operator-ledger-${lang}-${width}`);
    });

    test("an operator confirms and rejects transfers", async ({ page, baseURL }) => {
      const buyer = await request.newContext({ baseURL: baseURL! });
      await signInAt(buyer, people.buyer);
      const announce = (amount: string) => write<{ number: string }>(buyer, "/topups", { amount, payer: "Greenfield" });
      const [arrived, missing] = [await announce("100.00"), await announce("200.00")];
      const before = await read<{ balance: string }>(buyer, "/balance");

      await enter(page, people.operator);
      await page.goto(`/operator/topups?q=${arrived.number}`);
      await page.getByRole("button", { name: t.confirm }).click();
      await expectAccessible(page);
      await shot(page, `operator-topup-${lang}-${width}`);
      await page.getByRole("dialog").getByLabel(t.reference).fill("20261120-0007");
      await page.getByRole("dialog").getByRole("button", { name: t.confirm }).click();
      await expect(page.getByText(t.credited, { exact: true })).toBeVisible();
      expect(Number((await read<{ balance: string }>(buyer, "/balance")).balance)).toBe(Number(before.balance) + 100);

      await page.goto(`/operator/topups?q=${missing.number}`);
      await page.getByRole("button", { name: t.reject }).click();
      await page.getByRole("dialog").getByLabel(t.reason).fill("No such transfer on the statement");
      await page.getByRole("dialog").getByRole("button", { name: t.reject }).click();
      await expect(page.getByText(t.rejected, { exact: true }).first()).toBeVisible();
      await page.goto("/operator/topups");
      await expect(page.getByText(missing.number)).toBeVisible();
      await expectAccessible(page);
      await shot(page, `operator-topups-${lang}-${width}`);
      await buyer.dispose();
    });
  });
}
