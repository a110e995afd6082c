/** Who issues: a seller its own vouchers, an operator the marketplace's. */
export type Issuer = "seller" | "operator";

export const campaignsPath: Record<Issuer, string> = { seller: "/api/v1/seller/vouchers", operator: "/api/v1/operator/vouchers" };
export const productsPath: Record<Issuer, string> = { seller: "/api/v1/seller/voucher-products", operator: "/api/v1/operator/voucher-products" };
export const mayIssue: Record<Issuer, string> = { seller: "voucher:write", operator: "voucher:manage" };
export const campaignKey = (side: Issuer, id: string) => ["voucher-campaign", side, id];
