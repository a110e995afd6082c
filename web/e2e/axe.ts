import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { settled } from "./settled";

/**
 * Fails when axe finds a serious or critical violation on the page. Data that is still on the way turns a disabled
 * button into another colour, so a finding counts when the page at rest still has it. `exclude` names selectors of
 * documented library faults.
 */
export async function expectAccessible(page: Page, exclude: string[] = []): Promise<void> {
  await expect(async () => {
    await settled(page);
    const grave = await violations(page, exclude);
    expect(grave, grave.join("\n")).toEqual([]);
  }).toPass({ timeout: 30_000 });
}

async function violations(page: Page, exclude: string[]): Promise<string[]> {
  let builder = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]);
  for (const selector of exclude) builder = builder.exclude(selector);
  const { violations } = await builder.analyze();
  return violations
    .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
    .map((violation) => `${violation.id}: ${violation.help}\n${violation.nodes.map((node) => `    ${node.target.join(" ")}: ${node.failureSummary ?? ""}`).join("\n")}`);
}
