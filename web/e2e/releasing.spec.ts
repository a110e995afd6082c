import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { people, read } from "./demo";
import { pdf, png } from "./papers";
import { choose, confirm, fillBoth, tag, walker, ways, type Walker } from "./walk";

/** The seller's own server, as far as the proof of its ownership needs one. */
class OwnServer {
  /** The verification file; none while empty. */
  proof = "";
  private readonly server: Server = createServer((request, answer) => {
    if (!this.proof || !request.url?.startsWith("/.well-known/")) return void answer.writeHead(404).end();
    answer.writeHead(200, { "Content-Type": "text/plain" }).end(`${this.proof}\n`);
  });

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const paragraph = {
  zh: "流萤排班让门店经理用几分钟排好一周的班次：系统按客流预测给出建议，员工在手机上确认、换班和请假，工时自动汇总到薪资表。总部可以比较各门店的人力成本，找出排班过多或过少的时段。所有数据都能导出，权限按岗位划分，操作留有记录。",
  en: "Firefly Roster lets a shop manager plan the week within minutes: it proposes shifts from the expected number of customers, people confirm, swap and ask for leave on their phones, and hours go straight to pay. ",
};
const texts = {
  summary: { zh: "为连锁门店排班、换班和核算工时，几分钟排好一周，人力成本一目了然。", en: "Plans the shifts of your shops, lets people swap them and counts their hours." },
  highlight: { zh: "按客流建议班次", en: "Shifts proposed from expected customers" },
  description: { zh: paragraph.zh.repeat(4), en: paragraph.en.repeat(3) },
  serviceTime: { zh: "周一至周五 9:00–18:00（UTC+8）", en: "Monday to Friday, 9:00–18:00 (UTC+8)" },
  service: { zh: "上线辅导、使用咨询与故障处理", en: "Help with the start, questions and faults" },
};
const specs = [{ zh: "单店版", en: "One shop" }, { zh: "连锁版", en: "Chain" }] as const;

/** Opens the application that now waits for a decision about a product. */
async function openReview({ page }: Walker, name: string): Promise<void> {
  await page.goto(`/operator/products?state=reviewing&q=${encodeURIComponent(name)}`);
  await page.locator("main").getByRole("link", { name }).first().click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

async function approve(operator: Walker, name: string): Promise<void> {
  const { page, t } = operator;
  await openReview(operator, name);
  await confirm(page, t("catalogue:review.approve"));
  await expect(page.getByText(t("state.application.approved"), { exact: true }).first()).toBeVisible();
}

/** Goes to a step of the wizard. */
async function step({ page, t }: Walker, name: string): Promise<void> {
  await page.locator(".ant-steps-item").filter({ hasText: t(`catalogue:step.${name}`) }).click();
  await expect(page.getByRole("heading", { name: t(`catalogue:step.${name}`), exact: true })).toBeVisible();
}

async function submit({ page, t }: Walker): Promise<void> {
  await expect(page.getByText(t("catalogue:wizard.complete"), { exact: true })).toBeVisible();
  await page.getByRole("button", { name: t("catalogue:wizard.submit"), exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("catalogue:wizard.submit"), exact: true }).click();
  await expect(page).toHaveURL(/\/seller\/products\/prd_[^/]+$/);
  await expect(page.getByText(t("state.product.reviewing"), { exact: true }).or(page.getByText(t("catalogue:products.open_reviewing"), { exact: true })).first()).toBeVisible();
}

for (const { lang, width } of ways) {
  test(`${lang} at ${width}: a product is released, found, bought, changed and taken down`, async ({ browser }) => {
    test.setTimeout(150_000);
    const word = tag();
    const name = { zh: `流萤排班 ${word}`, en: `Firefly Roster ${word}` };
    const seller = await walker(browser, lang, width, "releasing", lang === "zh" ? "seller-inkstone@jishi.example" : "seller-meadow@jishi.example");
    const operator = await walker(browser, lang, width, "releasing", people.operator);
    const visitors = { zh: await walker(browser, "zh", width, "releasing"), en: await walker(browser, "en", width, "releasing") };
    const { page, t, look } = seller;
    const c = (key: string, values?: Record<string, string | number>) => t(`catalogue:${key}`, values);
    const s = (key: string, values?: Record<string, string | number>) => t(`sellers:${key}`, values);
    const button = (label: string) => page.getByRole("button", { name: label, exact: true });
    const server = new OwnServer();
    const origin = await server.start();
    let productId = "";

    await test.step("register and prove a production address, bind a key", async () => {
      await page.goto("/seller/addresses");
      await button(s("address.add")).first().click();
      await page.getByRole("dialog").getByLabel(s("address.origin"), { exact: true }).fill(`${origin}/with/path`);
      await page.getByRole("dialog").getByRole("button", { name: s("address.add"), exact: true }).click();
      await expect(page.locator(".ant-form-item-explain-error")).toBeVisible();
      await page.getByRole("dialog").getByLabel(s("address.origin"), { exact: true }).fill(origin);
      await page.getByRole("dialog").getByRole("button", { name: s("address.add"), exact: true }).click();
      const dialog = page.getByRole("dialog", { name: s("verify.title", { origin }) });
      await expect(dialog).toBeVisible();
      await dialog.getByRole("button", { name: s("verify.check_file"), exact: true }).click();
      await expect(dialog.getByRole("status")).toBeVisible();
      await look("address-verify");
      server.proof = (await dialog.getByText(/^jishi-verification=/).first().textContent())!;
      await dialog.getByRole("button", { name: s("verify.check_file"), exact: true }).click();
      await expect(dialog).toBeHidden();

      await page.goto("/seller/keys");
      await button(s("key.create")).first().click();
      await page.getByRole("dialog").getByLabel(s("key.name"), { exact: true }).fill(word);
      await page.getByRole("dialog").getByRole("button", { name: s("key.create"), exact: true }).click();
      await expect(page.locator("main").getByText(word, { exact: true })).toBeVisible();
      await look("keys");
      await page.goto("/seller/addresses");
      await look("addresses");
      const row = page.locator("main").getByRole(width < 768 ? "listitem" : "row").filter({ hasText: origin });
      await expect(row.getByText(t("state.address.verified"), { exact: true })).toBeVisible();
      await row.getByRole("button", { name: s("address.bind"), exact: true }).click();
      await choose(page.getByRole("dialog"), s("category.base"), word);
      await expect(page.getByText(s("bind.saved"))).toBeVisible();
      await look("bind");
      server.stop();
    });

    await test.step("begin the wizard and be told what is missing", async () => {
      await page.goto("/seller/products");
      await look("products");
      await button(c("products.release")).first().click();
      await expect(page).toHaveURL(/\/edit/);
      productId = /prd_[^/]+/.exec(page.url())![0];
      await step(seller, "submit");
      await expect(button(c("missing.pictures"))).toBeVisible();
      await look("missing");
      // Each missing part leads to its field.
      await button(c("missing.name")).first().click();
      await expect(page.getByRole("heading", { name: c("step.basics"), exact: true })).toBeVisible();
    });

    await test.step("fill the wizard in", async () => {
      const { items } = await read<{ items: { id: string; origin: string; state: string; bindings: unknown[] }[] }>(page.request, "/seller/addresses");
      const delivering = items.find((one) => one.origin !== origin && one.state === "verified" && one.bindings.length > 0)!;
      const own = await read<{ items: { id: string; path: string }[] }>(page.request, "/seller/products?state=on_sale&limit=1");
      const { product } = await read<{ product: { path: string } }>(page.request, `/seller/products/${own.items[0]!.id}`);
      const categories = await read<{ items: { children: { name: string }[] }[] }>(page.request, "/storefront/categories");
      expect(categories.items.length).toBeGreaterThan(0);

      await fillBoth(page, t, c("field.name"), name);
      await choose(page, c("field.category"), lang === "zh" ? "考勤与薪酬" : "Attendance");
      await look("wizard-basics");
      await button(c("wizard.next")).click();
      await fillBoth(page, t, c("field.summary"), texts.summary);
      if (!(await page.getByLabel(`${c("wizard.highlight", { number: 1 })} ${t("lang.zh")}`, { exact: true }).isVisible())) await button(c("wizard.add_highlight")).click();
      await fillBoth(page, t, c("wizard.highlight", { number: 1 }), texts.highlight);
      for (const one of ["zh", "en"] as const) await page.getByRole("textbox", { name: `${c("field.description")} (${t(`lang.${one}`)})`, exact: true }).fill(texts.description[one]);
      await look("wizard-texts");
      await button(c("wizard.next")).click();
      // A logo of the wrong size is taken in and named at the check.
      await page.getByLabel(c("field.logo"), { exact: true }).setInputFiles(png("logo.png", 64, 64, [190, 84, 40]));
      await expect(page.getByRole("img", { name: c("field.logo"), exact: true })).toBeVisible();
      await page.locator('input[type="file"][multiple]').setInputFiles([png("week.png", 800, 600, [36, 104, 92]), png("hours.png", 800, 600, [60, 84, 140])]);
      await expect(page.getByRole("img", { name: c("pictures.number", { number: 2 }), exact: true })).toBeVisible();
      await page.getByLabel(c("field.guide"), { exact: true }).setInputFiles(pdf("guide.pdf"));
      await expect(page.getByText("guide.pdf")).toBeVisible();
      await look("wizard-pictures");
      await button(c("wizard.next")).click();
      for (const [index, spec] of specs.entries()) {
        const group = page.getByRole("group", { name: c("specs.number", { number: index + 1 }), exact: true });
        if (!(await group.isVisible())) await button(c("specs.add")).click();
        await fillBoth(group, t, c("field.spec_name"), spec);
        await group.getByLabel(c("specs.price_month"), { exact: true }).fill(index === 0 ? "39" : "129.50");
        await group.getByLabel(c("specs.price_year"), { exact: true }).fill(index === 0 ? "399" : "1299");
        await group.getByLabel(c("specs.price_once"), { exact: true }).fill(index === 0 ? "1999" : "");
      }
      await look("wizard-specs");
      await button(c("wizard.next")).click();
      await choose(page, c("field.address"), delivering.origin);
      await page.getByLabel(c("field.path"), { exact: true }).fill(product.path);
      await page.getByRole("radio", { name: c("generation.V2"), exact: true }).check();
      await look("wizard-delivery");
      await button(c("wizard.next")).click();
      await fillBoth(page, t, c("field.service_time"), texts.serviceTime);
      await fillBoth(page, t, c("field.service_content"), texts.service);
      await page.getByLabel(c("field.service_mail"), { exact: true }).fill("help@firefly.example");
      await page.getByLabel(c("field.hotline"), { exact: true }).fill("400-555-0188");
      await page.getByRole("radio", { name: c("agreement.template"), exact: true }).check();
      await look("wizard-support");
      await step(seller, "submit");
      await expect(button(c("missing.logoKey"))).toBeVisible();
      await button(c("missing.logoKey")).click();
      const logo = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/files"));
      await page.getByLabel(c("field.logo"), { exact: true }).setInputFiles(png("logo.png", 120, 120, [190, 84, 40]));
      await logo;
      await step(seller, "submit");
      await expect(page.getByText(c("wizard.complete"), { exact: true })).toBeVisible();
      await look("wizard-submit");
      await button(c("wizard.preview")).click();
      await expect(page.getByText(c("preview.note"))).toBeVisible();
      await expect(page.getByText(texts.summary[lang])).toBeVisible();
      await look("preview");
      await page.goto(`/seller/products/${productId}/edit?step=submit`);
      await submit(seller);
      await look("product-reviewing");
    });

    const reason = lang === "zh" ? "标志与商品名称不符，请更换。" : "The logo does not fit the name; please change it.";
    await test.step("an operator rejects with reasons", async () => {
      await operator.page.goto("/operator/products?state=reviewing");
      await operator.look("reviews");
      await openReview(operator, name[lang]);
      await operator.look("review");
      await operator.page.locator("main").getByRole("button", { name: c("review.reject"), exact: true }).click();
      const dialog = operator.page.getByRole("dialog");
      const code = dialog.locator("label").filter({ has: operator.page.getByRole("checkbox") }).nth(2);
      const said = (await code.textContent())!.trim();
      await code.click();
      await expect(code.getByRole("checkbox")).toBeChecked();
      await dialog.getByLabel(c("review.reason_to_seller"), { exact: true }).fill(reason);
      await operator.look("review-reject");
      await dialog.getByRole("button", { name: c("review.reject"), exact: true }).click();
      await expect(operator.page.getByText(t("state.application.rejected"), { exact: true }).first()).toBeVisible();

      await page.goto(`/seller/applications?q=${productId}`);
      await look("applications");
      await page.locator("main").getByRole("link", { name: name[lang] }).first().click();
      await expect(page.getByText(said).first()).toBeVisible();
      await expect(page.getByText(reason).first()).toBeVisible();
      await look("application-rejected");
    });

    await test.step("the seller corrects it, the operator approves", async () => {
      await page.getByRole("link", { name: c("applications.resubmit"), exact: true }).click();
      await expect(page).toHaveURL(/\/edit/);
      await step(seller, "pictures");
      const logo = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/files"));
      await page.getByLabel(c("field.logo"), { exact: true }).setInputFiles(png("logo-new.png", 120, 120, [24, 92, 84]));
      await logo;
      await step(seller, "submit");
      await submit(seller);
      await approve(operator, name[lang]);
    });

    await test.step("found in both languages and in its category", async () => {
      for (const reader of ["zh", "en"] as const) {
        const visitor = visitors[reader];
        await visitor.page.goto(`/search?q=${encodeURIComponent(name[reader])}`);
        const hit = visitor.page.getByRole("article").filter({ hasText: word }).first();
        await expect(hit.locator("mark").first()).toBeVisible();
        if (reader === lang) await visitor.look("search");
      }
      const { category } = await read<{ category: { id: string }[] }>(visitors[lang].page.request, `/storefront/products/${productId}`);
      await visitors[lang].page.goto(`/categories/${category.at(-1)!.id}?sort=newest`);
      await visitors[lang].page.getByRole("article").filter({ hasText: word }).first().getByRole("link").first().click();
      await expect(visitors[lang].page.getByRole("heading", { level: 1, name: name[lang] })).toBeVisible();
      await visitors[lang].look("product");
    });

    await test.step("bought and delivered by the seller's server", async () => {
      const buyer = await walker(browser, lang, width, "releasing", lang === "zh" ? people.buyer : people.buyerEnglish);
      const f = (key: string) => t(`storefront:${key}`);
      await buyer.page.goto(`/products/${productId}`);
      if (width < 768) await buyer.page.getByRole("region", { name: f("buy.label") }).getByRole("button", { name: f("buy.now") }).click();
      const card = width < 768 ? buyer.page.getByRole("dialog") : buyer.page.getByRole("complementary", { name: f("buy.label") });
      await card.getByRole("button", { name: f("buy.now") }).click();
      await expect(buyer.page).toHaveURL(/\/checkout\?plan=/);
      await buyer.page.getByRole("checkbox").check();
      await buyer.page.getByRole("button", { name: f("checkout.submit"), exact: true }).click();
      await expect(buyer.page).toHaveURL(/\/pay\/[^/]+$/);
      await buyer.page.getByRole("button", { name: f("pay.submit"), exact: true }).click();
      await expect(buyer.page.getByText(f("paid.completed"), { exact: true })).toBeVisible({ timeout: 30_000 });
      await buyer.look("delivered");
      await buyer.page.context().close();
    });

    const visitor = visitors[lang].page;
    const prices = async () => {
      await visitor.goto(`/products/${productId}?tab=prices`);
      await expect(visitor.getByRole("table")).toBeVisible();
      return visitor.getByRole("table");
    };
    await test.step("a new price waits for approval", async () => {
      await page.goto(`/seller/products/${productId}`);
      await page.getByRole("link", { name: c("product.modify"), exact: true }).click();
      await expect(page).toHaveURL(/\/edit/);
      await step(seller, "specs");
      const saved = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/draft"));
      await page.getByRole("group", { name: c("specs.number", { number: 1 }), exact: true }).getByLabel(c("specs.price_month"), { exact: true }).fill("45");
      await step(seller, "submit");
      expect((await saved).ok()).toBe(true);
      await submit(seller);
      await look("product-changing");
      await expect(await prices()).toContainText("39.00");
      await openReview(operator, name[lang]);
      await expect(operator.page.getByRole("row").filter({ hasText: "45" }).first()).toBeVisible();
      await operator.look("review-compare");
      await approve(operator, name[lang]);
      const table = await prices();
      await expect(table).toContainText("45.00");
      await expect(table).not.toContainText("39.00");
    });

    await test.step("a specification is hidden", async () => {
      await page.goto(`/seller/products/${productId}?tab=specs`);
      await look("product-specs");
      const row = page.getByRole("row").filter({ hasText: specs[1][lang] });
      await row.getByRole("button", { name: c("request.hide_spec"), exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: c("request.hide_spec"), exact: true }).click();
      await expect(page.getByText(c("request.sent"))).toBeVisible();
      await expect(await prices()).toContainText(specs[1][lang]);
      await approve(operator, name[lang]);
      await expect(await prices()).not.toContainText(specs[1][lang]);
    });

    await test.step("taken down, it is gone", async () => {
      await page.goto(`/seller/products/${productId}`);
      await confirm(page, c("request.take_down"), { label: c("request.reason"), text: "Replaced by a new product" });
      await expect(page.getByText(c("product.pending", { kind: c("kind.take_down"), name: name[lang] }))).toBeVisible();
      await look("product-leaving");
      await openReview(operator, name[lang]);
      await operator.look("review-take-down");
      await approve(operator, name[lang]);
      await visitor.goto(`/products/${productId}`);
      await expect(visitor.getByText(t("storefront:product.gone"), { exact: true }).last()).toBeVisible();
      await visitors[lang].look("gone");
      await visitor.goto(`/search?q=${encodeURIComponent(name[lang])}`);
      await expect(visitor.getByRole("article").filter({ hasText: word })).toHaveCount(0);
      await page.goto(`/seller/products/${productId}`);
      await expect(page.getByText(t("state.product.delisted"), { exact: true }).first()).toBeVisible();
      await look("product-delisted");
    });
  });
}
