import { expect, test, type Page } from "@playwright/test";
import { people, placeOrder, read, write } from "./demo";
import { choose, confirm, walker, ways, type Walker } from "./walk";

interface Instance {
  id: string;
  orderId: string;
  state: string;
  expiresAt?: string;
}

/** Buys a service through the API and waits until the seller's server has delivered it. */
async function delivered({ page }: Walker): Promise<Instance> {
  const order = await placeOrder(page.request);
  await write(page.request, `/orders/${order.id}/pay`);
  await expect.poll(async () => (await read<{ state: string }>(page.request, `/orders/${order.id}`)).state, { message: "delivered", timeout: 60_000 }).toBe("COMPLETED");
  const { items } = await read<{ items: Instance[] }>(page.request, `/instances?q=${order.id}`);
  expect(items.length).toBe(1);
  return items[0]!;
}

const balanceOf = async (page: Page): Promise<number> => Number((await read<{ balance: string }>(page.request, "/balance")).balance);

for (const { lang, width } of ways) {
  const email = lang === "zh" ? people.buyer : people.buyerEnglish;

  test.describe(`${lang} at ${width}`, () => {
    test("a buyer renews a service, has it renewed by itself, and gives another one back", async ({ browser }) => {
      test.setTimeout(240_000);
      const buyer = await walker(browser, lang, width, "subscription", email);
      const { page, t, look } = buyer;
      const service = await delivered(buyer);

      // Renewed through the checkout: the new period begins at the old expiry.
      await page.goto(`/buyer/instances/${service.id}`);
      await expect(page.getByRole("button", { name: t("money:renew.go"), exact: true })).toBeVisible();
      await look("service");
      await page.getByRole("button", { name: t("money:renew.go"), exact: true }).click();
      await expect(page).toHaveURL(/\/checkout\?instance=/);
      await page.getByRole("checkbox").check();
      await look("checkout");
      await page.getByRole("button", { name: t("storefront:checkout.submit"), exact: true }).click();
      await expect(page).toHaveURL(/\/pay\/[^/]+$/);
      await page.getByRole("button", { name: t("storefront:pay.submit"), exact: true }).click();
      await expect(page).not.toHaveURL(/\/pay\/[^/]+$/);
      await expect.poll(async () => (await read<Instance>(page.request, `/instances/${service.id}`)).expiresAt! > service.expiresAt!, { message: "a later expiry" }).toBe(true);

      // What was renewed cannot be given back; automatic renewal is a switch.
      await page.goto(`/buyer/instances/${service.id}`);
      await expect(page.getByText(/续费|renewed/).last()).toBeVisible();
      await page.getByRole("switch", { name: t("money:renew.auto"), exact: true }).click();
      await expect(page.getByText(t("money:renew.next"))).toBeVisible();
      await look("automatic");
      await page.goto(`/buyer/renewals?atExpiry=auto&q=${service.orderId}`);
      await expect(page.getByText(t("money:renew.policy.auto")).last()).toBeVisible();
      await page.getByRole("checkbox").first().check();
      await look("renewals");

      // Chosen there it is renewed with others that were chosen, up to one day; and that renewal goes back.
      const renewed = (await read<Instance>(page.request, `/instances/${service.id}`)).expiresAt!;
      await page.getByRole("button", { name: t("life:batch.go"), exact: true }).click();
      await expect(page).toHaveURL(/\/buyer\/renewals\/together\?/);
      await page.getByRole("checkbox", { name: t("life:unified.use"), exact: true }).check();
      await page.getByRole("checkbox", { name: t("life:together.accept"), exact: true }).check();
      await look("together");
      await page.locator("button.buy").click();
      await expect(page).toHaveURL(/\/pay\?orders=/);
      await page.locator("button.buy").click();
      await expect.poll(async () => (await read<Instance>(page.request, `/instances/${service.id}`)).expiresAt! > renewed, { message: "a later expiry" }).toBe(true);
      await page.goto(`/buyer/instances/${service.id}`);
      await expect(page.getByRole("heading", { name: t("money:refunds.renewal_title"), exact: true })).toBeVisible();
      await look("give-back");
      await confirm(page, t("money:refunds.renewal_go"), { label: t("money:refunds.reason"), text: "not needed" });
      await expect.poll(async () => (await read<Instance>(page.request, `/instances/${service.id}`)).expiresAt, { message: "the expiry of before" }).toBe(renewed);
      await expect(page.getByRole("switch", { name: t("money:renew.auto"), exact: true })).not.toBeChecked();

      // Given back within five days: the money is on the balance, the service has ended.
      const other = await delivered(buyer);
      const before = await balanceOf(page);
      await page.goto(`/buyer/instances/${other.id}`);
      await expect(page.getByText(t("money:refunds.at_once"))).toBeVisible();
      await confirm(page, t("money:refunds.give_back"), { label: t("money:refunds.reason"), text: "not needed" });
      await expect.poll(async () => (await read<Instance>(page.request, `/instances/${other.id}`)).state, { message: "given back" }).toBe("UNSUBSCRIBED");
      expect(await balanceOf(page)).toBeGreaterThan(before);
      await page.goto(`/buyer/refunds?q=${other.orderId}`);
      await expect(page.getByText(t("state.refund.paid")).last()).toBeVisible();
      await look("refunds");
    });

    test("a buyer gets balance back and finance pays it out", async ({ browser }) => {
      test.setTimeout(180_000);
      const buyer = await walker(browser, lang, width, "withdrawal", email);
      const { page, t, look } = buyer;
      const before = await balanceOf(page);
      await page.goto("/buyer/withdrawals");
      // Who has paid in depends on what was walked before: the one with the most.
      const { payers } = await read<{ payers: { name: string; left: string }[] }>(page.request, "/withdrawals/payers");
      const payer = payers.reduce((best, one) => (Number(one.left) > Number(best.left) ? one : best));
      await choose(page, t("money:withdrawals.payer"), payer.name);
      await page.getByLabel(t("money:withdrawals.amount"), { exact: true }).fill("12.30");
      await page.getByLabel(t("money:withdrawals.bank"), { exact: true }).fill("First Bank");
      await page.getByLabel(t("money:withdrawals.bank_account"), { exact: true }).fill("123");
      const submit = page.getByRole("button", { name: t("money:withdrawals.submit"), exact: true });
      await submit.click();
      await expect(page.locator(".ant-form-item-explain-error").first()).toBeVisible();
      await look("field");
      await page.getByLabel(t("money:withdrawals.bank_account"), { exact: true }).fill("6222 0200 0112 3344");
      await submit.click();
      await expect(page.getByText(t("state.withdrawal.requested")).first()).toBeVisible();
      await expect.poll(() => balanceOf(page)).toBeCloseTo(before - 12.3, 2);
      const { items } = await read<{ items: { id: string; number: string }[] }>(page.request, "/withdrawals?state=requested");
      const number = items[0]!.number;

      const finance = await walker(browser, lang, width, "withdrawal", people.operator);
      await finance.page.goto(`/operator/withdrawals?q=${number}`);
      await finance.page.getByRole("button", { name: t("money:withdrawals.reveal"), exact: true }).click();
      await expect(finance.page.getByText("6222020001123344")).toBeVisible();
      await finance.look("decide");
      await confirm(finance.page, t("money:withdrawals.pay"), { label: t("money:withdrawals.reference"), text: "BANK-0001" });
      await expect(finance.page.getByText(t("state.withdrawal.paid")).first()).toBeVisible();
      await page.goto(`/buyer/withdrawals?q=${number}`);
      await expect(page.getByText("BANK-0001")).toBeVisible();
      await look("paid");
    });
  });
}
