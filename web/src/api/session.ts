import { QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { get, send } from "./client";
import { asProblem } from "./problem";
import { setCsrfToken } from "./transport";

/** GET /api/v1/session. */
export interface Session {
  signedIn: boolean;
  kind?: "user" | "operator";
  user?: { id: string; name: string; email: string } | null;
  account?: { id: string; name: string; kind: string; realNameState: string } | null;
  /** The account's seller role; null when it never applied. */
  seller?: { id: string; state: string; name: string } | null;
  permissions?: string[] | null;
  csrfToken: string;
  site: Site;
  /** Answer of a sign-in only: the password was right, a code has to follow. */
  secondStep?: boolean;
  /** A second factor is required and has to be set up before anything else. */
  secondFactorDue?: boolean;
  /** Unread station messages, shown on the bell. */
  unread?: number;
}

/** What every page may know of the marketplace. */
export interface Site {
  name: string;
  logoUrl: string;
  /** ISO 4217. */
  currency: string;
  /** IANA name; all times are shown in it. */
  timeZone: string;
  demo: boolean;
  /** Sellers may choose refunds of the unused time. */
  unusedTimeRefunds: boolean;
}

const unknownSite: Site = { name: "", logoUrl: "", currency: "CNY", timeZone: "Asia/Shanghai", demo: false, unusedTimeRefunds: false };

/** The cache of server data. Answers that will not change by asking again are not asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && asProblem(error).retryable,
    },
  },
});

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    const session = await get<Session>("/api/v1/session", undefined, signal);
    setCsrfToken(session.csrfToken);
    return session;
  },
  staleTime: 60_000,
});

export interface SessionView {
  session: Session | undefined;
  site: Site;
  signedIn: boolean;
  /** True until the first answer. */
  loading: boolean;
  error: Error | null;
  /** Whether the signed-in user holds a permission such as `order:pay`. The server checks again. */
  can: (permission: string) => boolean;
  /** Asks again after sign-in, sign-out or a change of rights. Drops what the former user saw. */
  refresh: () => Promise<void>;
}

export function useSession(): SessionView {
  const { data: session, isPending, error } = useQuery(sessionQuery);
  const client = useQueryClient();
  const held = useMemo(() => new Set(session?.permissions ?? []), [session]);
  const can = useCallback((permission: string) => held.has(permission), [held]);
  const refresh = useCallback(async () => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    await client.refetchQueries({ queryKey: sessionQuery.queryKey });
  }, [client]);
  return { session, site: session?.site ?? unknownSite, signedIn: session?.signedIn ?? false, loading: isPending, error, can, refresh };
}

/** Ends this session on the server; call `refresh` of useSession afterwards. */
export const signOut = (): Promise<void> => send("DELETE", "/api/v1/session");

/** Enters the password again, which opens for 15 minutes what needs it. */
export const reauthenticate = (password: string): Promise<void> => send("POST", "/api/v1/session/reauthenticate", { password });

/** Enters a code of the second factor, which opens for some minutes what needs it. */
export const proveFactor = (code: string): Promise<void> => send("POST", "/api/v1/session/second-factor/prove", { code });

/** The security page of whoever is signed in. */
export const securityPath = (kind: string | undefined): string => (kind === "operator" ? "/operator/security" : "/buyer/security");

/** Where sign-in returns to: a path of this site only, never another host. */
export function safeTarget(target: string | null | undefined, fallback = "/"): string {
  if (!target || !target.startsWith("/") || target.startsWith("//") || target.includes("\\")) return fallback;
  return target.startsWith("/sign-") ? fallback : target;
}

/** The sign-in page that returns to `target`. */
export const signInPath = (target: string): string => `/sign-in?next=${encodeURIComponent(safeTarget(target))}`;
