import { expect, test } from "vitest";
import type { ProductionAddress } from "../address";
import type { CaseRow } from "./integration";
import { moveTarget, targetOf, targetsOf } from "./target";

const address = (id: string, state: string, generations: string[]): ProductionAddress => ({
  id, state, generations, origin: `https://${id}.example`, development: false, acceptUnsigned: false, method: "", checkText: "", createdAt: "", uses: 0, bindings: [], switches: { hexCase: "upper", productInfo: "text", suppress: [], timeoutSeconds: 20 },
});
const addresses = [address("a", "unverified", ["v1", "v2"]), address("b", "verified", ["v1"]), address("c", "verified", ["v1", "v2"])];

test("begins with the first verified address", () => {
  expect(targetOf(new URLSearchParams(), addresses)).toEqual({ addressId: "b", path: "", generation: "v1" });
});

test("follows its link, in either case of the generation", () => {
  expect(targetOf(new URLSearchParams("addressId=c&path=/p&generation=V1"), addresses)).toEqual({ addressId: "c", path: "/p", generation: "v1" });
  expect(targetOf(new URLSearchParams("addressId=c"), addresses).generation).toBe("v2");
});

test("does not take a generation the address cannot speak", () => {
  expect(targetOf(new URLSearchParams("addressId=b&generation=v2"), addresses).generation).toBe("v1");
  expect(moveTarget({ addressId: "c", path: "/p", generation: "v2" }, addresses, "b")).toEqual({ addressId: "b", path: "/p", generation: "v1" });
  expect(moveTarget({ addressId: "b", path: "/p", generation: "v1" }, addresses, "c").generation).toBe("v1");
});

test("goes on where the last run was made, unless a link says otherwise", () => {
  const last = { addressId: "c", path: "/last", generation: "v1" as const };
  expect(targetOf(new URLSearchParams(), addresses, last)).toEqual(last);
  expect(targetOf(new URLSearchParams("addressId=b"), addresses, last)).toMatchObject({ addressId: "b", path: "" });
  expect(targetOf(new URLSearchParams(), addresses, { ...last, addressId: "a" }).addressId).toBe("b");
});

test("says nothing where there is no address", () => {
  expect(targetOf(new URLSearchParams("path=/p"), [])).toEqual({ addressId: "", path: "/p", generation: "v2" });
});

test("cases of one address, path and generation run together", () => {
  const saved = (addressId: string, path: string, generation: "v1" | "v2") => ({ addressId, path, generation, origin: `https://${addressId}.example` }) as CaseRow;
  expect(targetsOf([saved("b", "/p", "v2"), saved("b", "/p", "v1"), saved("b", "/p", "v2")])).toEqual([
    { target: { addressId: "b", path: "/p", generation: "v2" }, name: "https://b.example/p V2", cases: 2 },
    { target: { addressId: "b", path: "/p", generation: "v1" }, name: "https://b.example/p V1", cases: 1 },
  ]);
});
