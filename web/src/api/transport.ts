import { currentLang } from "../i18n";
import { ApiProblem, readProblem } from "./problem";

/** Where and how the transport reports what concerns the whole page. Set once by the application. */
interface Hooks {
  /** The session ended or never was: go to sign-in and come back. */
  unauthenticated: () => void;
  /** Fetches the session anew and returns its CSRF token. */
  freshCsrfToken: () => Promise<string>;
}

let hooks: Hooks | null = null;
let csrfToken = "";

/** Connects the transport to the router and the session cache. */
export function connectTransport(next: Hooks): void {
  hooks = next;
}

/** Remembers the token that GET /api/v1/session returned. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Sends one API request with language and CSRF header and returns a successful response.
 * Throws ApiProblem for every other. A refused CSRF token (the session was renewed in another tab)
 * is fetched again once. 401 leads to the sign-in page, except while signing in.
 */
export async function transport(request: Request): Promise<Response> {
  const again = request.clone();
  let response = await attempt(request);
  if (response.status === 403 && !safe.has(request.method)) {
    const problem = await readProblem(response.clone());
    if (problem.code.startsWith("csrf")) {
      csrfToken = "";
      response = await attempt(again);
    }
  }
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (problem.status === 401 && !location.pathname.startsWith("/sign-")) hooks?.unauthenticated();
  throw problem;
}

async function attempt(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", currentLang());
  if (!request.headers.has("Accept")) request.headers.set("Accept", "application/json, application/problem+json");
  if (!safe.has(request.method)) {
    if (!csrfToken && hooks) csrfToken = await hooks.freshCsrfToken();
    if (csrfToken) request.headers.set("X-CSRF-Token", csrfToken);
  }
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ApiProblem(0, "network", "");
  }
}
