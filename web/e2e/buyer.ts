import { expect, type Page } from "@playwright/test";

/** A person of the demo. */
interface Person {
  role: string;
  account: string;
  email: string;
  password: string;
}

/** The demo's buyer with the most rights: the first one it lists. */
export async function demoBuyer(page: Page): Promise<Person> {
  const answer = await page.request.get("/api/v1/demo");
  expect(answer.ok(), "the demo's accounts").toBe(true);
  const { accounts } = (await answer.json()) as { accounts: Person[] };
  const buyer = accounts.find((person) => person.role === "buyer");
  expect(buyer, "a buyer among the demo's accounts").toBeDefined();
  return buyer!;
}

/** Fills in the sign-in page that is open. */
export async function signIn(page: Page, person: Person, texts: { email: string; password: string; submit: string }): Promise<void> {
  await page.getByLabel(texts.email, { exact: true }).fill(person.email);
  await page.getByLabel(texts.password, { exact: true }).fill(person.password);
  await page.getByRole("button", { name: texts.submit, exact: true }).click();
}
