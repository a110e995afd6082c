import { chromium } from "@playwright/test";
import fs from "node:fs";
const demo = JSON.parse(fs.readFileSync("/tmp/jishi/demo/demo.json"));
const pw = (e) => demo.accounts.find((a) => a.email === e).password;
const base = "http://127.0.0.1:8150";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync"] });
const steps = process.argv.slice(2);
async function ctx(w, lang) { const c = await b.newContext({ viewport: { width: w, height: 900 }, locale: lang === "zh" ? "zh-CN" : "en-US" }); await c.addCookies([{name:"jishi_lang", value: lang, url: base}]); await c.addInitScript((l)=>localStorage.setItem("jishi.lang", l), lang); return c; }
async function signIn(page, email, op) { await page.goto(base + (op ? "/operator/sign-in" : "/sign-in")); await page.waitForLoadState("networkidle"); const inputs = page.locator("form input"); await inputs.nth(0).fill(email); await page.locator("form input[type=password]").fill(pw(email)); await page.locator("form button[type=submit]").click(); await page.waitForLoadState("networkidle"); await page.waitForTimeout(800); }
async function shot(page, path, name) { if (path) await page.goto(base + path); await page.waitForLoadState("networkidle"); await page.waitForTimeout(500); await page.screenshot({ path: `/tmp/jishi/shots/${name}.png`, fullPage: true }); }
for (const s of steps) {
  const [who, lang, width, ...paths] = s.split(",");
  const c = await ctx(+width, lang); const page = await c.newPage();
  page.on("console", (m) => { if (m.type() === "error") console.log(who, "console:", m.text().slice(0, 200)); });
  if (who !== "-") await signIn(page, who, who.startsWith("operator"));
  for (const p of paths) { const name = `${who.split("@")[0].replace("-","v")}_${lang}_${width}_${p.replace(/[\/?=&]/g, "_")}`; try { await shot(page, p, name); console.log("ok", name); } catch (e) { console.log("FAIL", name, e.message.slice(0,200)); } }
  await c.close();
}
await b.close();
