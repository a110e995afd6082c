import { expect, request, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { enter, people, read, signInAt, write } from "./demo";
import { inLanguage, shot } from "./shot";
import { choose } from "./walk";

const texts = {
  zh: {
    send: "发起调用", call: "调用", submit: "发送", ask: "立即询问", agrees: "商家服务器同意", queued: "调用已排入队列", expiry: "新的到期日", plan: "变更为", reason: /原因/, cancel: "取消",
    purposes: { ask: "运营查询", renew: "续费", freeze: "冻结", thaw: "解冻", upgrade: "升级", release: "释放" }, frozen: "因违规冻结", lifted: "解除冻结", changed: "变更完成", renewed: "到期时间变更", released: "已释放",
    buyerFrozen: "该服务已被集市运营方冻结", buyerReleased: "服务已释放，数据已删除。",
  },
  en: {
    send: "Send a call", call: "Call", submit: "Send", ask: "Ask now", agrees: "The seller's server agrees", queued: "The call is queued", expiry: "New expiry", plan: "Change to", reason: /Reason/, cancel: "Cancel",
    purposes: { ask: "Query by an operator", renew: "Renewal", freeze: "Freeze", thaw: "Thaw", upgrade: "Upgrade", release: "Release" }, frozen: "Frozen for a violation", lifted: "Freeze lifted", changed: "Changed", renewed: "New expiry", released: "Released",
    buyerFrozen: "This service was frozen by the operator of the marketplace", buyerReleased: "The service was released; its data are deleted.",
  },
} as const;

interface Listed<T> {
  items: T[];
}

interface Overseen {
  id: string;
  planId: string;
  productId: string;
  generation: string;
  chargingMode: string;
  state: string;
  plans: { planId: string }[];
}

for (const { lang, width, generation } of [{ lang: "zh", width: 390, generation: "V1" }, { lang: "en", width: 1440, generation: "V2" }] as const) {
  const t = texts[lang];
  test(`an operator sends every call for a ${generation} service, in ${lang} at ${width}`, async ({ browser, baseURL }) => {
    test.setTimeout(180_000);
    const operatorApi = await request.newContext({ baseURL: baseURL! });
    await signInAt(operatorApi, people.operator);
    const { items } = await read<Listed<Overseen>>(operatorApi, `/operator/instances?generation=${generation}&chargingMode=PERIOD&state=ACTIVE&limit=50`);
    const model = (await Promise.all(items.map((one) => read<Overseen>(operatorApi, `/operator/instances/${one.id}`)))).find((one) => one.plans.length > 1);
    expect(model, "a service of a product with several plans").toBeDefined();

    // A service of its own: others need those of the demo.
    const options = { viewport: { width, height: width < 768 ? 844 : 900 }, locale: lang === "zh" ? "zh-CN" : "en-US" };
    const buyer = await (await browser.newContext(options)).newPage();
    await inLanguage(buyer, lang);
    await enter(buyer, people.buyer);
    const topUp = await write<{ id: string }>(buyer.request, "/topups", { amount: "50000.00", payer: "Greenfield" });
    await write(operatorApi, `/operator/topups/${topUp.id}/confirm`, { reference: "e2e" });
    const quote = await write<{ id: string }>(buyer.request, "/quotes", { planId: model!.planId, periods: 1 });
    const order = await write<{ id: string }>(buyer.request, "/orders", { quoteId: quote.id, agreementAccepted: true });
    await write(buyer.request, `/orders/${order.id}/pay`);
    const bought = async () => (await read<Listed<Overseen>>(operatorApi, `/operator/instances?q=${order.id}`)).items[0]!;
    await expect.poll(async () => (await bought()).state, { timeout: 30_000 }).toBe("ACTIVE");
    const { id } = await bought();

    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    await inLanguage(page, lang);
    await enter(page, people.operator);
    await page.goto(`/operator/instances?q=${order.id}`);
    await expect(page.locator("main").getByRole("link", { name: order.id })).toBeVisible();
    await expectAccessible(page);
    await page.goto(`/operator/instances/${id}`);
    await expect(page.getByRole("button", { name: t.send })).toBeVisible();
    await expectAccessible(page);

    const dialog = page.getByRole("dialog");
    const call = async (purpose: keyof typeof t.purposes) => {
      await page.getByRole("button", { name: t.send }).click();
      await choose(dialog, t.call, new RegExp(`^${t.purposes[purpose]} \\w+$`));
    };
    const submit = async (seen: string) => {
      await dialog.getByLabel(t.reason).fill("it stands in the contract");
      await dialog.getByRole("button", { name: t.submit, exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect(page.getByText(seen, { exact: true }).first()).toBeVisible({ timeout: 30_000 });
    };

    await call("ask");
    await dialog.getByRole("button", { name: t.ask }).click();
    await expect(dialog.getByText(t.agrees)).toBeVisible();
    await shot(page, `operator-ask-${lang}-${width}`);
    await dialog.getByRole("button", { name: t.cancel }).click();

    await call("renew");
    await dialog.getByLabel(t.expiry).fill("2031-12-31");
    await page.keyboard.press("Enter");
    await submit(t.renewed);
    await expect(page.getByText("2031-12-31 23:59:59")).toBeVisible();

    await call("freeze");
    await submit(t.frozen);
    await buyer.goto(`/buyer/instances/${id}`);
    await expect(buyer.getByText(t.buyerFrozen)).toBeVisible();
    await expectAccessible(buyer);
    await shot(buyer, `buyer-frozen-${lang}-${width}`);

    await call("thaw");
    await submit(t.lifted);
    await call("upgrade");
    // The plan it has is named as such, in a third part.
    await choose(dialog, t.plan, /^[^·]+·[^·]+$/);
    await submit(t.changed);
    await expectAccessible(page);
    await shot(page, `operator-instance-${lang}-${width}`);

    await call("release");
    await expectAccessible(page);
    await dialog.getByLabel(t.reason).fill("it stands in the contract");
    await dialog.getByRole("button", { name: t.submit, exact: true }).click();
    await expect(dialog).toBeVisible(); // not without the tick
    await dialog.getByRole("checkbox").check();
    await submit(t.released);
    await buyer.goto(`/buyer/instances/${id}`);
    await expect(buyer.getByText(t.buyerReleased)).toBeVisible();

    // All of them are among the interface messages.
    const activities = { V1: ["expireInstance", "refreshInstance", "upgrade", "releaseInstance"], V2: ["updateInstanceStatus", "refreshInstance", "upgradeInstance", "releaseInstance"] }[generation];
    const calls = await read<Listed<{ activity: string; state: string }>>(operatorApi, `/operator/calls?q=${id}&limit=50`);
    for (const activity of activities) expect(calls.items.some((call) => call.activity === activity && call.state === "succeeded"), activity).toBe(true);
    await page.goto(`/operator/deliveries?q=${id}`);
    await expect(page.locator("main").getByRole("link", { name: "releaseInstance" })).toBeVisible();
  });
}
