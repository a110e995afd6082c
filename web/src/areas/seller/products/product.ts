import type { Picture } from "../../../ui/ImageUpload";

/** A text in both languages. */
export interface Text { zh: string; en: string }

export const emptyText = (): Text => ({ zh: "", en: "" });

/** The text in the reader's language, else in the other one. */
export const inLang = (text: Text | undefined, lang: string): string => (lang === "en" ? text?.en || text?.zh : text?.zh || text?.en) ?? "";

/** An enumerated attribute and the quantity attribute of the custom template. */
export interface Attribute { code: string; name: Text; values: { code: string; name: Text }[] }
export interface Quantity { code: string; name: Text; unit: Text; field: string; min: number; max: number; step: number }
/** How often one customer may buy: "once", "until_expiry" or "quantity"; an empty kind is no limit. */
export interface Limit { kind: string; count?: number }

export interface PlanContent {
  mode: "PERIOD" | "ONE_TIME";
  periodType: string;
  price: string;
  minPeriods: number;
  maxPeriods: number;
  surcharges?: { attribute: string; value: string; price: string }[];
  rate?: { mode: string; tiers: { upTo?: number; price: string }[] };
}
export interface CombinationContent { choice: string; off?: boolean; prices?: { mode: "PERIOD" | "ONE_TIME"; periodType: string; price: string }[] }
export interface SpecContent {
  id: string;
  name: Text;
  plans: PlanContent[];
  template?: string;
  attributes?: Attribute[];
  quantity?: Quantity;
  combinations?: CombinationContent[];
  trialDays?: number;
  limit?: Limit;
  changes?: Changes;
}

/** What a running service of a specification can be changed to. */
export interface Changes {
  any?: boolean;
  rules?: { from: string; to: string[] }[];
  expand?: boolean;
  expandRule?: string;
  renewal?: boolean;
}

/** What a version says; the release wizard edits it. */
export interface Content {
  name: Text;
  summary: Text;
  highlights: Text[];
  description: Text;
  descriptionHtml: Text;
  logoKey: string;
  pictures: string[];
  categoryId: string;
  userGuideKey: string;
  afterSales: { serviceTime: Text; content: Text; mail: string; hotline: string };
  agreement: { kind: string; text: Text; html: Text; fileKey: string };
  publicSale: boolean;
  refundPolicy: string;
  addressId: string;
  path: string;
  generation: string;
  specs: SpecContent[];
  purchaseLimit?: Limit;
}

export interface Version { id: string; number: number; state: string; content: Content; revision: number; submittedAt?: string; decidedAt?: string; updatedAt: string }
export interface VersionInfo { id: string; number: number; state: string; live: boolean; submittedAt?: string; decidedAt?: string; updatedAt: string }

export interface Product {
  id: string;
  sellerId: string;
  deliveryType: string;
  state: string;
  resumeState: string;
  suspendedUntil?: string;
  stateReason: string;
  name: Text;
  logoKey: string;
  generation: string;
  path: string;
  releasedAt?: string;
  createdAt: string;
  updatedAt: string;
}

export interface ProductRow extends Product { sellerName: Text; specs: number; openState: string }
export interface Plan { id: string; number: string; skuCode?: string; choice?: string; trial?: boolean; sold: boolean; mode: string; periodType: string; price: string; minPeriods: number; maxPeriods: number }
export interface Spec { id: string; skuCode: string; name: Text; state: string; plans: Plan[]; template: { attributes?: Attribute[]; quantity?: Quantity }; trialDays: number; limit?: Limit }
export interface HistoryRow { id: string; specId: string; at: string; actorKind: string; actorName: string; event: string; from: string; to: string; reason: string }
export interface StoredFileInfo extends Picture { name: string; size: number }

/** GET /api/v1/seller/products/{id}. */
export interface ProductView {
  product: Product;
  live?: Version;
  open?: Version;
  specs: Spec[];
  versions: VersionInfo[];
  history: HistoryRow[];
  files: Record<string, StoredFileInfo>;
}

export interface Application {
  id: string;
  kind: string;
  productId: string;
  sellerId: string;
  versionId: string;
  specId: string;
  state: string;
  productName: Text;
  reason: string;
  proofKey: string;
  note: string;
  assigneeId: string;
  assignee: string;
  submittedAt: string;
  decidedAt?: string;
  decidedBy: string;
  codes: string[];
  comment: string;
}

export interface ApplicationRow extends Application { sellerName: Text }
export interface Reason { code: string; text: string }

export const kinds = ["release", "modify", "take_down", "take_down_spec", "hide_spec", "show_spec"] as const;
export const productStates = ["draft", "reviewing", "rejected", "on_sale", "hidden", "suspended", "delisted"] as const;
export const productsPath = "/api/v1/seller/products";
export const applicationsPath = "/api/v1/seller/product-applications";
export const reviewsPath = "/api/v1/operator/product-reviews";

export const fileUrl = (key: string): string => (key ? `/files/${key}` : "");

/** When a review should be done: three working days. */
export function reviewDue(submittedAt: string): string {
  const due = new Date(submittedAt);
  for (let days = 3; days > 0;) {
    due.setUTCDate(due.getUTCDate() + 1);
    if (due.getUTCDay() % 6 !== 0) days--;
  }
  return due.toISOString();
}
