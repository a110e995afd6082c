import type { TFunction } from "i18next";
import type { SignaturePart } from "../../ui/call";
import type { CallAttempt } from "./call";

type Signed = Pick<CallAttempt, "url" | "status" | "responseHead">;

/** What an attempt's signature was made of: the values of this request, with what the log masks left masked. */
export function signatureParts(attempt: Signed, generation: string, t: TFunction): SignaturePart[] {
  const query = parameters(attempt.url);
  if (!query) return [];
  return generation.toUpperCase() === "V2" ? secondGeneration(query, t) : firstGeneration(query, attempt, t);
}

function firstGeneration(query: URLSearchParams, attempt: Signed, t: TFunction): SignaturePart[] {
  const text = [...query].filter(([name]) => name !== "authToken").sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([name, value]) => `${name}=${value}`).join("&");
  const parts: SignaturePart[] = [
    { name: t("sign.v1_text"), value: text, meaning: t("sign.v1_text_meaning") },
    { name: t("sign.v1_key"), value: t("sign.v1_key_value", { time: query.get("timeStamp") ?? "" }), meaning: t("sign.v1_key_meaning") },
    { name: t("sign.v1_token"), value: query.get("authToken") ?? "", meaning: t("sign.v1_token_meaning") },
  ];
  if (attempt.status > 0) {
    const answer = Object.entries(attempt.responseHead ?? {}).find(([name]) => name.toLowerCase() === "body-sign")?.[1];
    parts.push({ name: t("sign.body_sign"), value: answer ?? t("sign.body_sign_missing"), meaning: t("sign.body_sign_meaning") });
  }
  return parts;
}

function secondGeneration(query: URLSearchParams, t: TFunction): SignaturePart[] {
  return [
    { name: t("sign.v2_time"), value: query.get("timestamp") ?? "", meaning: t("sign.v2_time_meaning") },
    { name: t("sign.v2_nonce"), value: query.get("nonce") ?? "", meaning: t("sign.v2_nonce_meaning") },
    { name: t("sign.v2_inner"), value: t("sign.v2_inner_value"), meaning: t("sign.v2_inner_meaning") },
    { name: t("sign.v2_text"), value: t("sign.v2_text_value"), meaning: t("sign.v2_text_meaning") },
    { name: t("sign.v2_signature"), value: query.get("signature") ?? "", meaning: t("sign.v2_signature_meaning") },
  ];
}

function parameters(url: string): URLSearchParams | null {
  try {
    return new URL(url).searchParams;
  } catch {
    return null;
  }
}
