/**
 * A seller's sandbox is served by this same application below a path of its own. `base` is that path, empty in the
 * marketplace itself: the router's basename, and in front of every call that concerns the sandbox.
 */
export const base = /^\/sandbox\/[^/]+/.exec(globalThis.location?.pathname ?? "")?.[0] ?? "";

/** As whom one acts in a sandbox. */
export type Player = "buyer" | "seller";

/** The pages below /seller are the seller's, all others the play buyer's. */
export const playerAt = (path: string): Player => (/^\/sandbox\/[^/]+\/seller(\/|$)/.test(path) ? "seller" : "buyer");

/** Who is signed in and where the clock stands is known to the marketplace; everything else is the sandbox's own. */
const isMain = (path: string, method: string): boolean =>
  !path.startsWith("/api/v1/") || path.startsWith("/api/v1/seller/sandbox") || (path.startsWith("/api/v1/session") && method !== "GET");

/** The address of an API path for a call of this page: in a sandbox the sandbox's own, where the call belongs there. */
export const placed = (path: string, method = "GET"): string => (!base || isMain(path, method) ? path : base + path);

const elsewhere = ["/seller/applications", "/seller/probing", "/seller/addresses", "/seller/integration", "/seller/keys", "/seller/sandbox", "/seller/apply", "/seller/profile", "/seller/shop", "/seller/users",
  "/buyer/account", "/buyer/users", "/buyer/tokens", "/buyer/audit", "/buyer/security", "/buyer/topups", "/buyer/withdrawals"];

/** Whether a page concerns what the marketplace itself owns: sandboxes have no such entry. */
export const onlyInMarket = (path: string): boolean => elsewhere.some((one) => path === one || path.startsWith(`${one}/`));

let instant: number | null = null;

/** The sandbox's clock, for distances like "in 2 days"; the wall clock elsewhere. */
export const presently = (): number => instant ?? Date.now();

export const setPresent = (at: string): void => { instant = new Date(at).getTime(); };
