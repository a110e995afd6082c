import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import type { CallAttempt } from "./call";
import { signatureParts } from "./signature";

const t = ((key: string, options?: { time: string }) => (options ? `${key} ${options.time}` : key)) as unknown as TFunction;
const attempt = (url: string, rest: Partial<CallAttempt> = {}): CallAttempt => ({
  id: "att", number: 1, at: "", durationUs: 0, businessId: "", method: "GET", url, requestBody: "", requestHead: null, status: 200, responseHead: null, responseBody: "", resultCode: "", resultMsg: "", outcome: "succeeded", warnings: [], ...rest,
});

test("V1 signs the decoded values in the order of their names, without the token", () => {
  const parts = signatureParts(attempt("https://s.example/p?timeStamp=20260102030405678&activity=newInstance&customerName=%E4%BA%91%201&authToken=******"), "v1", t);
  expect(parts[0]!.value).toBe("activity=newInstance&customerName=云 1&timeStamp=20260102030405678");
  expect(parts[1]!.value).toBe("sign.v1_key_value 20260102030405678");
});

test("V1 tells of the answer's signature, or that it is missing, only when an answer came", () => {
  const url = "https://s.example/p?activity=a&timeStamp=1";
  const names = (one: CallAttempt) => signatureParts(one, "v1", t).map((part) => part.name);
  expect(signatureParts(attempt(url, { responseHead: { "body-sign": "signature" } }), "v1", t).at(-1)!.value).toBe("signature");
  expect(signatureParts(attempt(url), "v1", t).at(-1)!.value).toBe("sign.body_sign_missing");
  expect(names(attempt(url, { status: 0 }))).not.toContain("sign.body_sign");
});

test("V2 names timestamp and nonce, whichever case the generation is written in", () => {
  const url = "https://s.example/p?signature=******&timestamp=1767323045678&nonce=AB";
  for (const generation of ["v2", "V2"]) expect(signatureParts(attempt(url), generation, t).map((part) => part.value).slice(0, 2)).toEqual(["1767323045678", "AB"]);
});

test("an address that cannot be read explains nothing", () => expect(signatureParts(attempt("not a url"), "v1", t)).toEqual([]));
