// Walks a running demo from the storefront to the delivered application, in both languages, and keeps the pictures of
// the front page under docs/images. JISHI_E2E_URL names the demo; its own page tells the accounts. Run: make screenshots
import { mkdir, stat } from "node:fs/promises";
import { chromium } from "@playwright/test";

const url = process.env.JISHI_E2E_URL ?? "http://127.0.0.1:8080";
const folder = new URL("../../docs/images/", import.meta.url).pathname;
const largest = 250_000;
const only = process.argv[2]; // "zh" or "en"

/** What the pages are called by, and who walks. */
const texts = {
  zh: {
    locale: "zh-CN", email: "邮箱", password: "密码", signIn: "登录", card: "购买", buy: "立即购买", place: "提交订单", read: /^阅读/, agree: "同意", pay: "确认支付",
    delivered: "已开通", open: "查看服务与登录信息", reveal: /^显示/, buyer: "buyer@", product: "山雀知识库", site: /打开网站/, tasks: ["邀请研发团队", "把旧文档搬进来", "安排一次试讲"],
  },
  en: {
    locale: "en-US", email: "E-mail", password: "Password", signIn: "Sign in", card: "Purchase", buy: "Buy now", place: "Place order", read: /^Read the agreement/, agree: "Accept", pay: "Pay now",
    delivered: "Delivered", open: "Open the service", reveal: /^(Show|Reveal)/, buyer: "buyer-en@", product: "Titmouse Knowledge Base", site: /Open website/, tasks: ["Invite the development team", "Move the old documents in", "Plan a first training"],
  },
};

const root = process.getuid?.() === 0;
const browser = await chromium.launch({
  executablePath: process.env.JISHI_CHROMIUM ?? "/usr/bin/chromium",
  args: [...(root ? ["--no-sandbox"] : []), "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
await mkdir(folder, { recursive: true });
try {
  const { accounts } = await (await fetch(`${url}/api/v1/demo`)).json();
  for (const lang of Object.keys(texts)) {
    if (only && only !== lang) continue;
    await walk(lang, texts[lang], accounts);
  }
} finally {
  await browser.close();
}

async function walk(lang, t, accounts) {
  const buyer = accounts.find((one) => one.email.startsWith(t.buyer));
  let page = await open(lang, t);
  await page.goto("/");
  await page.getByRole("article").first().waitFor();
  await keep(page, `home-${lang}`);

  const { items } = await get(page, `/api/v1/storefront/products?limit=1&q=${encodeURIComponent(t.product)}`, t.locale);
  await page.goto(`/products/${items[0].id}`);
  const card = page.getByRole("complementary", { name: t.card });
  await card.getByRole("button", { name: t.buy }).waitFor();
  await keep(page, `product-${lang}`);

  await card.getByRole("button", { name: t.buy }).click();
  await signIn(page, t, buyer);
  const place = page.getByRole("button", { name: t.place });
  await place.waitFor();
  await page.getByRole("button", { name: t.read }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.agree, exact: true }).click();
  await keep(page, `checkout-${lang}`);

  await place.click();
  const pay = page.getByRole("button", { name: t.pay });
  await pay.waitFor();
  await keep(page, `pay-${lang}`);
  await pay.click();
  await page.getByText(t.delivered, { exact: true }).first().waitFor({ timeout: 60_000 });

  await page.getByRole("link", { name: t.open }).click();
  const reveal = page.getByRole("button", { name: t.reveal });
  await reveal.first().waitFor();
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/reveal"));
  await reveal.first().click();
  const revealed = await (await answered).json();
  if (await reveal.count()) await reveal.first().click(); // the other one of user name and password
  await keep(page, `service-${lang}`);

  const window = page.context().waitForEvent("page");
  await page.getByRole("link", { name: t.site }).first().click();
  page = await window;
  await page.locator("input[name=user]").fill(revealed.userName);
  await page.locator("input[name=password]").fill(revealed.password);
  await page.getByRole("button").last().click();
  await page.locator("input[name=user]").waitFor({ state: "detached" });
  for (const task of t.tasks) {
    await page.locator("input[name=text]").fill(task);
    await page.locator("form", { has: page.locator("input[name=text]") }).getByRole("button").click();
    await page.getByText(task).waitFor();
  }
  await keep(page, `application-${lang}`);
  await page.context().close();

  // What the seller sees of a call that does not succeed at once.
  for (const seller of accounts.filter((one) => one.role === "seller")) {
    page = await open(lang, t);
    await page.goto("/sign-in");
    await signIn(page, t, seller);
    await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
    const calls = await get(page, "/api/v1/seller/calls?state=retrying&limit=20", t.locale);
    const [call] = calls.items.sort((a, b) => b.attempts - a.attempts);
    if (call) {
      await page.goto(`/seller/deliveries/${call.id}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      await keep(page, `call-${lang}`);
      await page.context().close();
      break;
    }
    await page.context().close();
  }

  page = await open(lang, t);
  await page.goto("/sign-in?as=operator");
  await signIn(page, t, accounts.find((one) => one.role === "operator"));
  await page.waitForURL(/\/operator/);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  await keep(page, `operator-${lang}`);
  await page.context().close();

  page = await open(lang, t, { width: 390, height: 844 });
  await page.goto("/");
  await page.getByRole("article").first().waitFor();
  await keep(page, `phone-${lang}`);
  await page.context().close();
}

async function open(lang, t, viewport = { width: 1440, height: 900 }) {
  const context = await browser.newContext({ baseURL: url, viewport, locale: t.locale, timezoneId: "Asia/Shanghai", reducedMotion: "reduce" });
  await context.addInitScript((value) => localStorage.setItem("jishi_lang", value), lang);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}

async function get(page, path, locale) {
  const answer = await page.request.get(path, { headers: { "Accept-Language": locale } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()}`);
  return answer.json();
}

async function signIn(page, t, person) {
  await page.getByLabel(t.email, { exact: true }).fill(person.email);
  await page.getByLabel(t.password, { exact: true }).fill(person.password);
  await page.getByRole("button", { name: t.signIn, exact: true }).click();
}

/** Keeps what the window shows, once pictures and letters are there and motions have ended. */
async function keep(page, name) {
  await page.mouse.move(0, 0);
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished)));
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: "disabled" });
  const { size } = await stat(path);
  console.log(`docs/images/${name}.png ${Math.round(size / 1000)} kB`);
  if (size > largest) throw new Error(`${path} is larger than ${largest / 1000} kB`);
}
