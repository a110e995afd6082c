/** The secret of a letter's link. It stands in the fragment, which no server and no Referer gets. */
export const linkToken = (): string => location.hash.replace(/^#/, "");

/** Whose link it is. */
export const linkKind = (params: URLSearchParams): "user" | "operator" => (params.get("kind") === "operator" ? "operator" : "user");

/** Where a person goes after signing in. */
export const homeOf = (kind: string | undefined): string => (kind === "operator" ? "/operator" : "/");
