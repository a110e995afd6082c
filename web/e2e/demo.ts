import { expect, type APIRequestContext, type Page } from "@playwright/test";

/** A person of the demo. */
interface Person {
  role: string;
  account: string;
  email: string;
  password: string;
}

/** The people whom these tests are. */
export const people = { buyer: "buyer@jishi.example", buyerEnglish: "buyer-en@jishi.example", seller: "seller-reef@jishi.example", operator: "operator@jishi.example" } as const;

/** Signs the browser in as a person of the demo; the way through the sign-in page has tests of its own. */
export async function enter(page: Page, email: string): Promise<void> {
  await signInAt(page.request, email);
}

/** Signs a bare API context in, for what somebody else does meanwhile. */
export async function signInAt(api: APIRequestContext, email: string): Promise<void> {
  const { accounts } = await read<{ accounts: Person[] }>(api, "/demo");
  const person = accounts.find((one) => one.email === email);
  expect(person, `${email} among the demo's accounts`).toBeDefined();
  await write(api, person!.role === "operator" ? "/operator/session" : "/session", { email, password: person!.password });
}

/** GET below /api/v1. */
export async function read<T>(api: APIRequestContext, path: string): Promise<T> {
  const answer = await api.get(`/api/v1${path}`);
  expect(answer.ok(), `GET ${path}: ${answer.status()}`).toBe(true);
  return (await answer.json()) as T;
}

/** POST below /api/v1 with the session's token and a fresh Idempotency-Key. */
export async function write<T>(api: APIRequestContext, path: string, data?: unknown): Promise<T> {
  const { csrfToken } = await read<{ csrfToken: string }>(api, "/session");
  const answer = await api.post(`/api/v1${path}`, { data: data ?? {}, headers: { "X-CSRF-Token": csrfToken, "Idempotency-Key": crypto.randomUUID() } });
  expect(answer.ok(), `POST ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** Places an order of a cheap product that is delivered, and leaves it unpaid. */
export async function placeOrder(api: APIRequestContext): Promise<{ id: string; dueAmount: string }> {
  const { items } = await read<{ items: { id: string; priceFrom: string }[] }>(api, "/storefront/products?sort=price_asc&limit=10");
  // The demo's cheapest product, for 1.00, is the one whose delivery fails.
  const product = items.find((item) => item.priceFrom !== "1.00")!;
  const { specs } = await read<{ specs: { plans: { id: string }[] }[] }>(api, `/storefront/products/${product.id}`);
  const quote = await write<{ id: string }>(api, "/quotes", { planId: specs[0]!.plans[0]!.id, periods: 1 });
  return write(api, "/orders", { quoteId: quote.id, agreementAccepted: true });
}
