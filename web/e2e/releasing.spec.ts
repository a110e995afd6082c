import { expect, test } from "@playwright/test";
import { people, read } from "./demo";
import { png } from "./papers";
import { approve, fillWizard, openReview, OwnServer, specs, step, submit, texts } from "./release";
import { choose, confirm, openUntil, tag, walker, ways } from "./walk";

for (const { lang, width } of ways) {
  test(`${lang} at ${width}: a product is released, found, bought, changed and taken down`, async ({ browser }) => {
    test.setTimeout(300_000);
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

      // A logo of the wrong size is taken in and named at the check.
      await fillWizard(seller, { name, logo: png("logo.png", 64, 64, [190, 84, 40]), origin: delivering.origin, path: product.path });
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
        const hit = visitor.page.getByRole("article").filter({ hasText: word }).first();
        await openUntil(visitor.page, `/search?q=${encodeURIComponent(name[reader])}`, (within) => expect(hit.locator("mark").first()).toBeVisible(within));
        if (reader === lang) await visitor.look("search");
      }
      const { category } = await read<{ category: { id: string }[] }>(visitors[lang].page.request, `/storefront/products/${productId}`);
      await openUntil(visitors[lang].page, `/categories/${category.at(-1)!.id}?sort=newest`, (within) => expect(visitors[lang].page.getByRole("article").filter({ hasText: word }).first()).toBeVisible(within));
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
    const prices = (says: string, saysNot?: string) => openUntil(visitor, `/products/${productId}?tab=prices`, async (within) => {
      await expect(visitor.getByRole("table")).toContainText(says, within);
      if (saysNot) await expect(visitor.getByRole("table")).not.toContainText(saysNot, within);
    });
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
      await prices("39.00");
      await openReview(operator, name[lang]);
      await expect(operator.page.getByRole("row").filter({ hasText: "45" }).first()).toBeVisible();
      await operator.look("review-compare");
      await approve(operator, name[lang]);
      await prices("45.00", "39.00");
    });

    await test.step("a specification is hidden", async () => {
      await page.goto(`/seller/products/${productId}?tab=specs`);
      await look("product-specs");
      const row = page.getByRole("row").filter({ hasText: specs[1][lang] });
      await row.getByRole("button", { name: c("request.hide_spec"), exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: c("request.hide_spec"), exact: true }).click();
      await expect(page.getByText(c("request.sent"))).toBeVisible();
      await prices(specs[1][lang]);
      await approve(operator, name[lang]);
      await prices(specs[0][lang], specs[1][lang]);
    });

    await test.step("taken down, it is gone", async () => {
      await page.goto(`/seller/products/${productId}`);
      await confirm(page, c("request.take_down"), { label: c("request.reason"), text: "Replaced by a new product" });
      await expect(page.getByText(c("product.pending", { kind: c("kind.take_down"), name: name[lang] }))).toBeVisible();
      await look("product-leaving");
      await openReview(operator, name[lang]);
      await operator.look("review-take-down");
      await approve(operator, name[lang]);
      await openUntil(visitor, `/products/${productId}`, (within) => expect(visitor.getByText(t("storefront:product.gone"), { exact: true }).last()).toBeVisible(within));
      await visitors[lang].look("gone");
      await visitor.goto(`/search?q=${encodeURIComponent(name[lang])}`);
      await expect(visitor.getByRole("article").filter({ hasText: word })).toHaveCount(0);
      await page.goto(`/seller/products/${productId}`);
      await expect(page.getByText(t("state.product.delisted"), { exact: true }).first()).toBeVisible();
      await look("product-delisted");
    });
  });
}
