import { loadTexts } from "../../i18n";

/** What a voucher is for. */
export interface VoucherTerms {
  name: string;
  kind: "activity" | "directed";
  /** Who issues it; left out: the marketplace. */
  sellerId?: string;
  sellerName?: string;
  threshold: string;
  modes: ("once" | "month" | "year")[];
  allProducts: boolean;
  noPromotion: boolean;
  noSpecial: boolean;
  currency: string;
}

/** A voucher of an account: face = balance + locked + used. */
export interface Voucher extends VoucherTerms {
  id: string;
  campaignId: string;
  state: "CLAIMED" | "LOCKED" | "USED" | "LAPSED";
  face: string;
  balance: string;
  locked: string;
  used: string;
  validFrom: string;
  validUntil: string;
  claimedAt: string;
  accountName?: string;
}

/** A voucher and what it would pay of an order. */
export interface Fitting extends Voucher {
  pays: string;
  reason?: string;
}

export interface Fittings {
  vouchers: Fitting[];
  chosen?: string;
  lines?: string[];
}

export interface Scope {
  productId: string;
  productName: string;
  specId?: string;
  specName?: string;
}

export interface VoucherUse {
  id: string;
  orderId: string;
  amount: string;
  restored: string;
  state: "locked" | "released" | "spent";
  lockedAt: string;
  accountName?: string;
}

export interface Campaign extends VoucherTerms {
  id: string;
  state: "DRAFT" | "PUBLISHED" | "ENDED" | "VOIDED";
  face: string;
  total: number;
  claimed: number;
  perAccount: number;
  budget: string;
  sellerShare: string;
  used: string;
  locked: string;
  claimFrom?: string;
  claimUntil?: string;
  useFrom?: string;
  useUntil?: string;
  useDays?: number;
  createdAt: string;
  publishedAt?: string;
  endedAt?: string;
}

export interface CampaignDetail extends Campaign {
  scope: Scope[];
  accounts: { accountId: string; accountName: string; number: number }[];
}

/** A campaign on a product page. */
export interface OpenVoucher extends VoucherTerms {
  id: string;
  face: string;
  perAccount: number;
  has: number;
  left: number;
  specIds: string[];
  claimUntil?: string;
  useFrom?: string;
  useUntil?: string;
  useDays?: number;
}

export const pays = (one: Fitting): boolean => !/^0*\.?0*$/.test(one.pays);

/** Route loader of the pages that show vouchers. */
export const voucherTexts = async (): Promise<null> => {
  await loadTexts("voucher");
  return null;
};

/** The texts of vouchers beside those of another loader. */
export const withVouchers = (other: () => Promise<null>) => async (): Promise<null> => {
  await Promise.all([other(), voucherTexts()]);
  return null;
};
