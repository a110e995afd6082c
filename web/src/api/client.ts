import createClient from "openapi-fetch";
import { base, placed } from "./realm";
import type { paths } from "./schema";
import { transport } from "./transport";

const origin = globalThis.location?.origin ?? "http://localhost";

/**
 * The API typed by docs/openapi.json. Failures throw ApiProblem, so `data(api.GET(…))` is all a page needs:
 *
 *     const order = await data(api.GET("/orders/{id}", { params: { path: { id } } }));
 *     await data(api.POST("/orders", { body, headers: keyHeader(key) }));
 *
 * Its paths are the document's, which stand below /api/v1.
 */
export const api = createClient<paths>({ baseUrl: `${origin}${base}/api/v1`, fetch: transport });

/** The body of a typed call. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** The header that makes a repeated submit harmless. See useIdempotencyKey. */
export const keyHeader = (key: string): { "Idempotency-Key": string } => ({ "Idempotency-Key": key });

export type QueryValue = string | number | boolean | null | undefined | string[];
export type Query = Record<string, QueryValue>;

/** A query string with its question mark; empty values are left out, lists repeat their name. */
export function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** GET by a path made at run time, as the list and form wrappers need it. Pages prefer the typed `api`. */
export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await transport(new Request(origin + placed(path) + queryString(query), { signal: signal ?? null }));
  return (await response.json()) as T;
}

export type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/** A writing call by a path made at run time. `key` is the Idempotency-Key of this submit. 204 gives undefined. */
export async function send<T = void>(method: Method, path: string, body?: unknown, key?: string): Promise<T> {
  const headers = new Headers();
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers.set("Content-Type", "application/json");
  if (key) headers.set("Idempotency-Key", key);
  const payload = body === undefined ? null : form ? body : JSON.stringify(body);
  const response = await transport(new Request(origin + placed(path, method), { method, headers, body: payload }));
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** One page of a list, as every list operation returns it. */
export interface Page<T> {
  items: T[];
  /** Cursor of the next page; empty at the end. */
  next: string;
  total: number;
  /** True when there are more than `total` and nobody counted further. */
  totalCapped: boolean;
}

/** An uploaded file as POST /api/v1/files answers it. */
export interface StoredFile {
  key: string;
  url: string;
  width: number;
  height: number;
  size: number;
  contentType: string;
}

/** Stores one file and returns its key, which forms send instead of bytes. */
export function upload(file: File): Promise<StoredFile> {
  const form = new FormData();
  form.append("file", file);
  return send<StoredFile>("POST", "/api/v1/files", form);
}
