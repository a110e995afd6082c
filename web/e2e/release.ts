import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";
import { pdf, png } from "./papers";
import { choose, confirm, fillBoth, type Walker } from "./walk";

/**
 * The seller's own server: it shows the proof of its ownership, and hands every other request on to the program that
 * really answers, once there is one.
 */
export class OwnServer {
  /** The verification file; none while empty. */
  proof = "";
  /** Where the program listens, as http://host:port; none while empty. */
  program = "";
  /** The interfaces that the marketplace has called, in order. */
  readonly seen: string[] = [];
  private readonly server: Server = createServer((request, answer) => {
    if (this.proof && request.url?.startsWith("/.well-known/")) return void answer.writeHead(200, { "Content-Type": "text/plain" }).end(`${this.proof}\n`);
    if (!this.program) return void answer.writeHead(404).end();
    const onward = forward(this.program + request.url, { method: request.method, headers: request.headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    const body: Buffer[] = [];
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => this.seen.push(/"activity":"(\w+)"/.exec(Buffer.concat(body).toString())?.[1] ?? ""));
    request.pipe(onward);
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
export const texts = {
  summary: { zh: "为连锁门店排班、换班和核算工时，几分钟排好一周，人力成本一目了然。", en: "Plans the shifts of your shops, lets people swap them and counts their hours." },
  highlight: { zh: "按客流建议班次", en: "Shifts proposed from expected customers" },
  description: { zh: paragraph.zh.repeat(4), en: paragraph.en.repeat(3) },
  serviceTime: { zh: "周一至周五 9:00–18:00（UTC+8）", en: "Monday to Friday, 9:00–18:00 (UTC+8)" },
  service: { zh: "上线辅导、使用咨询与故障处理", en: "Help with the start, questions and faults" },
};
export const specs = [{ zh: "单店版", en: "One shop" }, { zh: "连锁版", en: "Chain" }] as const;

/** Opens the application that now waits for a decision about a product. */
export async function openReview({ page }: Walker, name: string): Promise<void> {
  await page.goto(`/operator/products?state=reviewing&q=${encodeURIComponent(name)}`);
  await page.locator("main").getByRole("link", { name }).first().click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

export async function approve(operator: Walker, name: string): Promise<void> {
  const { page, t } = operator;
  await openReview(operator, name);
  await confirm(page, t("catalogue:review.approve"));
  await expect(page.getByText(t("state.application.approved"), { exact: true }).first()).toBeVisible();
}

/** Goes to a step of the wizard. */
export async function step({ page, t }: Walker, name: string): Promise<void> {
  await page.locator(".ant-steps-item").filter({ hasText: t(`catalogue:step.${name}`) }).click();
  await expect(page.getByRole("heading", { name: t(`catalogue:step.${name}`), exact: true })).toBeVisible();
}

export async function submit({ page, t }: Walker): Promise<void> {
  await expect(page.getByText(t("catalogue:wizard.complete"), { exact: true })).toBeVisible();
  await page.getByRole("button", { name: t("catalogue:wizard.submit"), exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("catalogue:wizard.submit"), exact: true }).click();
  await expect(page).toHaveURL(/\/seller\/products\/prd_[^/]+$/);
  await expect(page.getByText(t("state.product.reviewing"), { exact: true }).or(page.getByText(t("catalogue:products.open_reviewing"), { exact: true })).first()).toBeVisible();
}

/** What is put into the wizard besides the texts that all these products share. */
interface Release {
  name: { zh: string; en: string };
  logo: ReturnType<typeof png>;
  /** The verified production address that delivers it, and the path there. */
  origin: string;
  path: string;
}

/** Fills the wizard in, from its first step, which is open, to the support; the product is of V2 and has both specifications. */
export async function fillWizard({ page, t, look }: Walker, what: Release): Promise<void> {
  const c = (key: string, values?: Record<string, string | number>) => t(`catalogue:${key}`, values);
  const button = (label: string) => page.getByRole("button", { name: label, exact: true });
  await fillBoth(page, t, c("field.name"), what.name);
  await choose(page, c("field.category"), t("lang.zh") === "中文" ? "考勤与薪酬" : "Attendance");
  await look("wizard-basics");
  await button(c("wizard.next")).click();
  await fillBoth(page, t, c("field.summary"), texts.summary);
  const highlight = page.getByLabel(`${c("wizard.highlight", { number: 1 })} ${t("lang.zh")}`, { exact: true });
  await expect(highlight.or(button(c("wizard.add_highlight"))).first()).toBeVisible();
  if (!(await highlight.isVisible())) await button(c("wizard.add_highlight")).click();
  await fillBoth(page, t, c("wizard.highlight", { number: 1 }), texts.highlight);
  for (const one of ["zh", "en"] as const) await page.getByRole("textbox", { name: `${c("field.description")} (${t(`lang.${one}`)})`, exact: true }).fill(texts.description[one]);
  await look("wizard-texts");
  await button(c("wizard.next")).click();
  await page.getByLabel(c("field.logo"), { exact: true }).setInputFiles(what.logo);
  await expect(page.getByRole("img", { name: c("field.logo"), exact: true })).toBeVisible();
  await page.locator('input[type="file"][multiple]').setInputFiles([png("week.png", 800, 600, [36, 104, 92]), png("hours.png", 800, 600, [60, 84, 140])]);
  await expect(page.getByRole("img", { name: c("pictures.number", { number: 2 }), exact: true })).toBeVisible();
  await page.getByLabel(c("field.guide"), { exact: true }).setInputFiles(pdf("guide.pdf"));
  await expect(page.getByText("guide.pdf")).toBeVisible();
  await look("wizard-pictures");
  await button(c("wizard.next")).click();
  for (const [index, spec] of specs.entries()) {
    const group = page.getByRole("group", { name: c("specs.number", { number: index + 1 }), exact: true });
    await expect(group.or(button(c("specs.add"))).first()).toBeVisible();
    if (!(await group.isVisible())) await button(c("specs.add")).click();
    await fillBoth(group, t, c("field.spec_name"), spec);
    await group.getByLabel(c("specs.price_month"), { exact: true }).fill(index === 0 ? "39" : "129.50");
    await group.getByLabel(c("specs.price_year"), { exact: true }).fill(index === 0 ? "399" : "1299");
    await group.getByLabel(c("specs.price_once"), { exact: true }).fill(index === 0 ? "1999" : "");
  }
  await look("wizard-specs");
  await button(c("wizard.next")).click();
  await choose(page, c("field.address"), what.origin);
  await page.getByLabel(c("field.path"), { exact: true }).fill(what.path);
  await page.getByRole("radio", { name: c("generation.V2"), exact: true }).check();
  await look("wizard-delivery");
  await button(c("wizard.next")).click();
  await fillBoth(page, t, c("field.service_time"), texts.serviceTime);
  await fillBoth(page, t, c("field.service_content"), texts.service);
  await page.getByLabel(c("field.service_mail"), { exact: true }).fill("help@firefly.example");
  await page.getByLabel(c("field.hotline"), { exact: true }).fill("400-555-0188");
  await page.getByRole("radio", { name: c("agreement.template"), exact: true }).check();
  await look("wizard-support");
}

/** Registers a production address and proves by its verification file that it is the seller's. */
export async function proveAddress({ page, t }: Walker, server: OwnServer, origin: string): Promise<void> {
  const s = (key: string, values?: Record<string, string | number>) => t(`sellers:${key}`, values);
  await page.goto("/seller/addresses");
  await page.getByRole("button", { name: s("address.add"), exact: true }).first().click();
  await page.getByRole("dialog").getByLabel(s("address.origin"), { exact: true }).fill(origin);
  await page.getByRole("dialog").getByRole("button", { name: s("address.add"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: s("verify.title", { origin }) });
  server.proof = (await dialog.getByText(/^jishi-verification=/).first().textContent())!;
  await dialog.getByRole("button", { name: s("verify.check_file"), exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** Makes a V2 key and binds it to the base interfaces of an address; gives its secret. */
export async function bindKey({ page, t }: Walker, origin: string, name: string): Promise<string> {
  const s = (key: string, values?: Record<string, string | number>) => t(`sellers:${key}`, values);
  await page.goto("/seller/keys");
  await page.getByRole("button", { name: s("key.create"), exact: true }).first().click();
  await page.getByRole("dialog").getByLabel(s("key.name"), { exact: true }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: s("key.create"), exact: true }).click();
  const row = page.locator("main").getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: t("secret.reveal", { label: name }), exact: true }).click();
  const secret = row.getByText(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await expect(secret).toBeVisible();
  const value = (await secret.textContent())!;
  await page.goto("/seller/addresses");
  await page.locator("main").getByRole("row").filter({ hasText: origin }).getByRole("button", { name: s("address.bind"), exact: true }).click();
  await choose(page.getByRole("dialog"), s("category.base"), name);
  await expect(page.getByText(s("bind.saved"))).toBeVisible();
  return value;
}
