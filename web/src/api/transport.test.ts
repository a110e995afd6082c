import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { get, queryString, send } from "./client";
import { safeTarget } from "./session";
import { connectTransport, setCsrfToken } from "./transport";

const server = vi.fn<(request: Request) => Promise<Response>>();
const unauthenticated = vi.fn();
const reauthenticate = vi.fn<() => Promise<boolean>>();
const proveFactor = vi.fn<() => Promise<boolean>>();
const factorDue = vi.fn();
const freshCsrfToken = vi.fn(async () => "fresh");

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code }), { status, headers: { "Content-Type": "application/problem+json" } });
const requestOf = (call: number): Request => server.mock.calls[call]![0];

beforeEach(() => {
  server.mockReset();
  unauthenticated.mockReset();
  reauthenticate.mockReset();
  proveFactor.mockReset();
  factorDue.mockReset();
  freshCsrfToken.mockClear();
  vi.stubGlobal("fetch", server);
  setCsrfToken("known");
  connectTransport({ unauthenticated, freshCsrfToken, reauthenticate, proveFactor, factorDue });
  localStorage.setItem("jishi_lang", "en");
});
afterEach(() => vi.unstubAllGlobals());

test("a read carries the language and no CSRF token", async () => {
  server.mockResolvedValue(Response.json({ items: [] }));
  await get("/api/v1/orders", { state: "PAID", cursor: "", tag: ["a", "b"] });
  expect(new URL(requestOf(0).url).search).toBe("?state=PAID&tag=a&tag=b");
  expect(requestOf(0).headers.get("Accept-Language")).toBe("en");
  expect(requestOf(0).headers.has("X-CSRF-Token")).toBe(false);
});

test("a write carries the CSRF token and its idempotency key", async () => {
  server.mockResolvedValue(new Response(null, { status: 204 }));
  await send("POST", "/api/v1/orders", { a: 1 }, "key-1");
  expect(requestOf(0).headers.get("X-CSRF-Token")).toBe("known");
  expect(requestOf(0).headers.get("Idempotency-Key")).toBe("key-1");
});

test("a write asks for the token when none is known, and once only: a visitor's is empty", async () => {
  server.mockImplementation(async () => new Response(null, { status: 204 }));
  freshCsrfToken.mockResolvedValueOnce("");
  setCsrfToken(null);
  await send("POST", "/api/v1/storefront/price", {});
  await send("POST", "/api/v1/storefront/price", {});
  expect(freshCsrfToken).toHaveBeenCalledTimes(1);
  expect(requestOf(1).headers.has("X-CSRF-Token")).toBe(false);
});

test("a refused CSRF token is fetched again once and the write repeated with the same key and body", async () => {
  server.mockResolvedValueOnce(problem(403, "access.csrf")).mockResolvedValueOnce(Response.json({ id: "o1" }));
  expect(await send("POST", "/api/v1/orders", { a: 1 }, "key-1")).toEqual({ id: "o1" });
  expect(freshCsrfToken).toHaveBeenCalledTimes(1);
  expect(requestOf(1).headers.get("X-CSRF-Token")).toBe("fresh");
  expect(requestOf(1).headers.get("Idempotency-Key")).toBe("key-1");
  expect(await requestOf(1).json()).toEqual({ a: 1 });
});

test("what needs the password again asks for it and goes on", async () => {
  reauthenticate.mockResolvedValue(true);
  server.mockResolvedValueOnce(problem(403, "access.reauthenticate")).mockResolvedValueOnce(Response.json({ value: "s" }));
  expect(await send("POST", "/api/v1/instances/i1/reveal")).toEqual({ value: "s" });
});

test("a password not given leaves the refusal", async () => {
  reauthenticate.mockResolvedValue(false);
  server.mockResolvedValue(problem(403, "access.reauthenticate"));
  await expect(send("POST", "/api/v1/instances/i1/reveal")).rejects.toMatchObject({ code: "access.reauthenticate" });
  expect(server).toHaveBeenCalledTimes(1);
});

test("what needs the second factor asks for a code, and goes on with the same key and body", async () => {
  proveFactor.mockResolvedValue(true);
  server.mockResolvedValueOnce(problem(403, "second_factor_required")).mockResolvedValueOnce(Response.json({ state: "PROCESSING" }));
  expect(await send("POST", "/api/v1/orders/o1/pay", { a: 1 }, "key-1")).toEqual({ state: "PROCESSING" });
  expect(reauthenticate).not.toHaveBeenCalled();
  expect(requestOf(1).headers.get("Idempotency-Key")).toBe("key-1");
  expect(await requestOf(1).json()).toEqual({ a: 1 });
});

test("a second factor that is due leads to its set-up", async () => {
  server.mockResolvedValue(problem(403, "second_factor_due"));
  await expect(get("/api/v1/orders")).rejects.toMatchObject({ code: "second_factor_due" });
  expect(factorDue).toHaveBeenCalledTimes(1);
});

test("another 403 is not repeated", async () => {
  server.mockResolvedValue(problem(403, "access.denied"));
  await expect(send("POST", "/api/v1/orders", {})).rejects.toMatchObject({ status: 403, code: "access.denied" });
  expect(server).toHaveBeenCalledTimes(1);
});

test("401 leads to sign-in and still rejects", async () => {
  server.mockResolvedValue(problem(401, "session.none"));
  await expect(get("/api/v1/orders")).rejects.toMatchObject({ status: 401 });
  expect(unauthenticated).toHaveBeenCalledTimes(1);
});

test("no answer is the problem `network`", async () => {
  server.mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(get("/api/v1/orders")).rejects.toMatchObject({ status: 0, code: "network", retryable: true });
});

test("queryString leaves out what is empty", () => {
  expect(queryString({ a: "", b: null, c: undefined, d: 0, e: false })).toBe("?d=0&e=false");
});

test.each([
  ["/buyer/orders?state=PAID", "/buyer/orders?state=PAID"],
  ["//evil.example", "/"],
  ["https://evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/sign-in?next=/x", "/"],
  [null, "/"],
])("safeTarget(%s)", (target, safe) => expect(safeTarget(target)).toBe(safe));
