import { expect, test } from "@playwright/test";
import { people, read } from "./demo";
import { fillApplication, introduction, signIn, tickAll } from "./join";
import { pdf, png } from "./papers";
import { choose, confirm, fillBoth, openLetter, openUntil, tag, walker, ways } from "./walk";

const first = "first-Password-31", second = "second-Password-47";

for (const { lang, width } of ways) {
  test.describe(`${lang} at ${width}`, () => {
    test("a company joins, brings a colleague and opens a shop", async ({ browser }) => {
      test.setTimeout(300_000);
      const word = tag();
      const email = `owner-${word}@firefly.example`, colleagueEmail = `colleague-${word}@firefly.example`;
      const owner = await walker(browser, lang, width, "joining");
      const operator = await walker(browser, lang, width, "joining", people.operator);
      const { page, t, look } = owner;
      const company = `${lang === "zh" ? "流萤软件" : "Firefly Software"} ${word}`;

      await test.step("sign up and verify by letter", async () => {
        await page.goto("/sign-up");
        await page.getByLabel(t("people:account.company_name"), { exact: true }).fill(company);
        await page.getByLabel(t("people:your_name"), { exact: true }).fill("Owner");
        await page.getByLabel(t("people:email"), { exact: true }).fill(email);
        await page.getByLabel(t("people:password"), { exact: true }).fill("short");
        await page.getByRole("button", { name: t("people:sign_up.submit"), exact: true }).click();
        // Too short a password and terms not agreed to are each said at their field.
        await expect(page.locator(".ant-form-item-explain-error")).toHaveCount(2);
        for (const fault of await page.locator(".ant-form-item-explain-error").all()) await expect(fault).toHaveCSS("opacity", "1");
        await look("sign-up");
        await page.getByLabel(t("people:password"), { exact: true }).fill(first);
        await page.getByRole("checkbox").check();
        await page.getByRole("button", { name: t("people:sign_up.submit"), exact: true }).click();
        await expect(page.getByRole("heading", { name: t("people:sign_up.sent") })).toBeVisible();
        await look("sign-up-sent");
        // Before the letter is answered nobody comes in.
        await page.goto("/sign-in");
        await signIn(page, t, email, first);
        await expect(page.getByRole("alert").first()).toBeVisible();
        await openLetter(owner, email, "verify", "outbox");
        await expect(page.getByRole("heading", { name: t("people:verify.title") })).toBeVisible();
        await look("verify");
        await page.getByLabel(t("people:password"), { exact: true }).fill(first);
        await page.getByRole("button", { name: t("people:verify.submit"), exact: true }).click();
        await expect(page).toHaveURL(/\/buyer\/account$/);
      });

      await test.step("hand in the real name", async () => {
        await page.getByLabel(t("people:real_name.name_company"), { exact: true }).fill(`${company} Ltd`);
        await page.getByLabel(t("people:real_name.number_company"), { exact: true }).fill("91330100TEST00009X");
        await page.getByLabel(t("people:real_name.files"), { exact: true }).setInputFiles(pdf("certificate.pdf"));
        await expect(page.getByText("certificate.pdf")).toBeVisible();
        await look("account");
        await page.getByRole("button", { name: t("people:real_name.submit"), exact: true }).click();
        await expect(page.getByText(t("state.real_name.pending"), { exact: true })).toBeVisible();
        // Nobody sells before the name is confirmed.
        await page.goto("/seller/apply");
        await expect(page.getByText(t("sellers:apply.real_name_pending"))).toBeVisible();
        await look("apply-before");
      });

      await test.step("an operator confirms it", async () => {
        await operator.page.goto("/operator/real-names?state=pending");
        await operator.look("real-names");
        await operator.page.getByRole("link", { name: `${company} Ltd` }).click();
        await expect(operator.page.getByRole("link", { name: "certificate.pdf" })).toBeVisible();
        await operator.look("real-name");
        await confirm(operator.page, t("people:real_name.approve"));
        await expect(operator.page.getByText(t("state.real_name.verified"), { exact: true })).toBeVisible();
      });

      await test.step("a colleague is invited and sees what the group permits", async () => {
        const answer = await page.request.get("/api/v1/groups", { headers: { "Accept-Language": lang } });
        const { items } = (await answer.json()) as { items: { preset: string; title: string }[] };
        const viewers = items.find((group) => group.preset === "viewer")!.title;
        await page.goto("/buyer/users");
        await page.getByRole("button", { name: t("people:users.invite"), exact: true }).first().click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel(t("people:email"), { exact: true }).fill(colleagueEmail);
        await dialog.getByLabel(t("people:users.name"), { exact: true }).fill("Colleague");
        await choose(dialog, t("people:users.groups"), viewers);
        await dialog.getByLabel(t("people:users.name"), { exact: true }).click();
        await look("invite");
        await dialog.getByRole("button", { name: t("people:users.send_invitation"), exact: true }).click();
        await expect(page.locator("main").getByText(colleagueEmail)).toBeVisible();
        await look("users");

        const colleague = await walker(browser, lang, width, "joining");
        const theirs = colleague.page;
        await openLetter(colleague, colleagueEmail, "invitation");
        await expect(theirs.getByText(company)).toBeVisible();
        await colleague.look("invitation");
        await theirs.getByLabel(t("people:password"), { exact: true }).fill(first);
        await theirs.getByLabel(t("people:password_again"), { exact: true }).fill(first);
        await theirs.getByRole("button", { name: t("people:invitation.submit"), exact: true }).click();
        await expect(theirs).toHaveURL(/\/$/);
        await theirs.goto("/buyer/orders");
        await expect(theirs.getByRole("heading", { level: 1, name: t("buyer:menu.orders") })).toBeVisible();
        if (width < 768) await theirs.getByRole("button", { name: t("console.menu"), exact: true }).click();
        const menu = theirs.getByRole("navigation", { name: t("console.menu"), exact: true });
        await expect(menu.getByRole("link", { name: t("buyer:menu.balance"), exact: true })).toBeVisible();
        await expect(menu.getByRole("link", { name: t("buyer:menu.users"), exact: true })).toHaveCount(0);
        await expect(menu.getByRole("link", { name: t("buyer:menu.audit"), exact: true })).toHaveCount(0);
        await colleague.look("colleague");
        // The address typed by hand is refused as well.
        await theirs.goto("/buyer/users");
        await expect(theirs.getByText(t("problem.title_forbidden"), { exact: true })).toBeVisible();
        await colleague.look("forbidden");
        await theirs.context().close();
      });

      await test.step("a forgotten password is set anew by letter", async () => {
        await page.goto("/forgot-password");
        await page.getByLabel(t("people:email"), { exact: true }).fill(email);
        await look("forgot");
        await page.getByRole("button", { name: t("people:forgot.submit"), exact: true }).click();
        await expect(page.getByText(t("people:forgot.sent", { email }))).toBeVisible();
        await openLetter(owner, email, "reset-password");
        await page.getByLabel(t("people:new_password"), { exact: true }).fill(second);
        await page.getByLabel(t("people:password_again"), { exact: true }).fill(second);
        await look("reset");
        await page.getByRole("button", { name: t("people:reset.submit"), exact: true }).click();
        await expect(page.getByText(t("people:reset.done"))).toBeVisible();
        // All sessions have ended; the old password no longer opens, the new one does and leads to where one wanted to go.
        await page.goto("/seller/apply");
        await expect(page).toHaveURL(/\/sign-in\?next=/);
        await signIn(page, t, email, first);
        await expect(page.getByRole("alert").first()).toBeVisible();
        await look("sign-in");
        await page.getByLabel(t("people:password"), { exact: true }).fill(second);
        await page.getByRole("button", { name: t("people:sign_in.submit"), exact: true }).click();
        await expect(page).toHaveURL(/\/seller\/apply$/);
      });

      const reason = lang === "zh" ? "营业执照看不清，请重新上传。" : "The licence cannot be read; please upload it again.";
      const names = { zh: `流萤软件 ${word}`, en: `Firefly ${word}` };
      await test.step("apply as seller, be rejected, mend it", async () => {
        await fillApplication(owner, names);
        await page.getByRole("button", { name: t("sellers:apply.submit"), exact: true }).click();
        // Without the agreements it is refused at their field.
        await expect(page.locator(".ant-form-item-explain-error").first()).toBeVisible();
        await tickAll(page);
        await look("apply-submit");
        await page.getByRole("button", { name: t("sellers:apply.submit"), exact: true }).click();
        await expect(page.getByText(t("sellers:apply.submitted"), { exact: true })).toBeVisible();
        await look("apply-reviewing");

        await operator.page.goto("/operator/seller-applications?state=reviewing");
        await operator.look("seller-applications");
        await operator.page.getByRole("link", { name: names[lang] }).click();
        await expect(operator.page.getByText(/Example road 12, second floor/)).toBeVisible();
        await operator.look("seller-application");
        await confirm(operator.page, t("sellers:review.reject"), { label: t("sellers:review.reason_to_seller"), text: reason });
        await expect(operator.page.getByText(t("state.application.rejected"), { exact: true }).first()).toBeVisible();

        await page.reload();
        await expect(page.getByText(t("sellers:apply.rejected"), { exact: true })).toBeVisible();
        await expect(page.getByText(reason).first()).toBeVisible();
        await look("apply-rejected");
        await page.getByLabel(t("sellers:field.licence"), { exact: true }).setInputFiles(png("licence.png", 900, 640, [120, 96, 40]));
        await expect(page.getByText("licence.png")).toBeVisible();
        for (let step = 0; step < 3; step++) {
          const saved = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/seller/application"));
          await page.getByRole("button", { name: t("sellers:apply.next"), exact: true }).click();
          expect((await saved).ok()).toBe(true);
          await expect(page.locator(".ant-steps-item").nth(step + 1)).toHaveClass(/ant-steps-item-(process|active)/);
        }
        await tickAll(page);
        await page.getByRole("button", { name: t("sellers:apply.submit"), exact: true }).click();
        await expect(page.getByText(t("sellers:apply.submitted"), { exact: true })).toBeVisible();
      });

      await test.step("approved, the shop is public", async () => {
        await operator.page.goto("/operator/seller-applications?state=reviewing");
        await operator.page.getByRole("link", { name: names[lang] }).click();
        await tickAll(operator.page);
        await operator.page.getByRole("button", { name: t("sellers:review.approve"), exact: true }).click();
        await operator.look("seller-approve");
        await operator.page.getByRole("dialog").getByLabel(t("sellers:review.note"), { exact: true }).fill("Read and compared");
        await operator.page.getByRole("dialog").getByRole("button", { name: t("sellers:review.approve"), exact: true }).click();
        await expect(operator.page.getByText(t("state.application.approved"), { exact: true }).first()).toBeVisible();

        await page.goto("/seller");
        await expect(page.getByRole("heading", { level: 1, name: t("seller:home.title") })).toBeVisible();
        await look("seller-home");
        await page.goto("/seller/shop");
        await look("seller-shop");
        const { seller } = await read<{ seller: { id: string } }>(page.request, "/session");
        const visitor = await walker(browser, lang, width, "joining");
        await openUntil(visitor.page, `/shops/${seller.id}`, (within) => expect(visitor.page.getByRole("heading", { level: 1, name: names[lang] })).toBeVisible(within));
        await expect(visitor.page.getByText(introduction[lang])).toBeVisible();
        await expect(visitor.page.getByText(`${company} Ltd`)).toBeVisible();
        await visitor.look("shop");
        await visitor.page.context().close();
      });
    });

    test("an operator renames the site", async ({ browser }) => {
      const { page, t, look } = await walker(browser, lang, width, "joining", people.operator);
      const { site } = await read<{ site: { name: { zh: string; en: string } } }>(page.request, "/operator/settings");
      const rename = async (name: { zh: string; en: string }) => {
        await page.goto("/operator/settings");
        await fillBoth(page, t, t("people:settings.name"), name);
        await page.getByRole("button", { name: t("action.save"), exact: true }).click();
        await expect(page.getByText(t("people:saved"), { exact: true })).toBeVisible();
      };
      await page.goto("/operator/settings");
      await expect(page.getByRole("heading", { level: 1, name: t("people:settings.title") })).toBeVisible();
      await look("settings");
      for (const tab of ["trade", "legal", "mail"]) {
        await page.getByRole("tab", { name: t(`people:settings.${tab}`), exact: true }).click();
        await look(`settings-${tab}`);
      }
      const name = { zh: "河畔集市", en: "Riverside Market" };
      await rename(name);
      const visitor = await walker(browser, lang, width, "joining");
      // Within five seconds each node has heard of it.
      await openUntil(visitor.page, "/", (within) => expect(visitor.page.getByRole("banner").getByRole("link", { name: name[lang], exact: true })).toBeVisible(within));
      await expect(visitor.page).toHaveTitle(new RegExp(name[lang]));
      await visitor.look("renamed");
      await rename(site.name);
    });
  });
}
