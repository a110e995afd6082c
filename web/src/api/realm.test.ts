import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => { vi.resetModules(); });
afterEach(() => { history.replaceState(null, "", "/"); });

const at = async (path: string) => {
  history.replaceState(null, "", path);
  return import("./realm");
};

test("the marketplace itself has no base, and calls stay where they are", async () => {
  const { base, placed } = await at("/seller/sandbox");
  expect(base).toBe("");
  expect(placed("/api/v1/orders")).toBe("/api/v1/orders");
});

test("in a sandbox calls are its own, but for its clock and for signing in and out", async () => {
  const { base, placed } = await at("/sandbox/sbx_1/buyer/orders");
  expect(base).toBe("/sandbox/sbx_1");
  expect(placed("/api/v1/orders", "POST")).toBe("/sandbox/sbx_1/api/v1/orders");
  expect(placed("/api/v1/session")).toBe("/sandbox/sbx_1/api/v1/session");
  expect(placed("/api/v1/session", "DELETE")).toBe("/api/v1/session");
  expect(placed("/api/v1/session/reauthenticate", "POST")).toBe("/api/v1/session/reauthenticate");
  expect(placed("/api/v1/seller/sandbox/clock", "POST")).toBe("/api/v1/seller/sandbox/clock");
  expect(placed("/files/fil_1.png")).toBe("/files/fil_1.png");
});

test("pages below /seller are the seller's, others the buyer's", async () => {
  const { playerAt } = await at("/");
  expect(["/sandbox/sbx_1/seller", "/sandbox/sbx_1/seller/orders", "/sandbox/sbx_1/sellers/x", "/sandbox/sbx_1/", "/seller/orders"].map(playerAt)).toEqual(["seller", "seller", "buyer", "buyer", "buyer"]);
});

test("distances are measured from the sandbox's clock", async () => {
  const { presently, setPresent } = await at("/sandbox/sbx_1/");
  setPresent("2027-03-01T00:00:00Z");
  expect(presently()).toBe(Date.parse("2027-03-01T00:00:00Z"));
});
