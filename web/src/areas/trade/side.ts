/** For whom a page is shown: each side has operations and links of its own. */
export type Side = "buyer" | "seller" | "operator";

/** The list operations of each side. */
export const ordersPath: Record<Side, string> = { buyer: "/api/v1/orders", seller: "/api/v1/seller/orders", operator: "/api/v1/operator/orders" };
export const callsPath: Record<Exclude<Side, "buyer">, string> = { seller: "/api/v1/seller/calls", operator: "/api/v1/operator/calls" };
