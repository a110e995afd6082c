import { currentLang } from "../i18n";
import { base, playerAt } from "./realm";
import { ApiProblem, readProblem } from "./problem";

/** Where and how the transport reports what concerns the whole page. Set once by the application. */
interface Hooks {
  /** The session ended or never was: go to sign-in and come back. */
  unauthenticated: () => void;
  /** Fetches the session anew and returns its CSRF token. */
  freshCsrfToken: () => Promise<string>;
  /** Asks for the password again; true when the session is fresh now. */
  reauthenticate: () => Promise<boolean>;
  /** Asks for a code of the second factor; true when it was right. */
  proveFactor: () => Promise<boolean>;
  /** A required second factor has to be set up first. */
  factorDue: () => void;
}

let hooks: Hooks | null = null;
// null until the session was asked; a visitor's is empty.
let csrfToken: string | null = null;

/** Connects the transport to the router and the session cache. */
export function connectTransport(next: Hooks): void {
  hooks = next;
}

/** Remembers the token that GET /api/v1/session returned. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Sends one API request with language and CSRF header and returns a successful response; throws ApiProblem for
 * every other. A refused CSRF token (the session was renewed in another tab) is fetched again once; what wants to
 * know again who sits there asks for the password, or for a code of the second factor, and then goes on. 401 leads to the sign-in page, except while signing in.
 */
export async function transport(request: Request): Promise<Response> {
  const [second, third] = [request.clone(), request.clone()];
  let response = await attempt(request);
  if (response.ok) return response;
  let problem = await readProblem(response);
  if (problem.code === "access.csrf") {
    csrfToken = null;
    response = await attempt(second);
    if (response.ok) return response;
    problem = await readProblem(response);
  }
  const ask = problem.code === "access.reauthenticate" ? hooks?.reauthenticate : problem.code === "second_factor_required" ? hooks?.proveFactor : undefined;
  if (ask && await ask()) {
    response = await attempt(third);
    if (response.ok) return response;
    problem = await readProblem(response);
  }
  // A wrong password is answered where it was typed.
  const signingIn = new URL(request.url).pathname.startsWith("/api/v1/session") || location.pathname.startsWith("/sign-");
  if (problem.code === "second_factor_due") hooks?.factorDue();
  if (problem.status === 401 && !signingIn) hooks?.unauthenticated();
  throw problem;
}

async function attempt(request: Request): Promise<Response> {
  if (base && new URL(request.url).pathname.startsWith(base)) request.headers.set("X-Sandbox-As", playerAt(location.pathname));
  request.headers.set("Accept-Language", currentLang());
  if (!request.headers.has("Accept")) request.headers.set("Accept", "application/json, application/problem+json");
  if (!safe.has(request.method)) {
    if (csrfToken === null && hooks) csrfToken = await hooks.freshCsrfToken();
    if (csrfToken) request.headers.set("X-CSRF-Token", csrfToken);
  }
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ApiProblem(0, "network", "");
  }
}
