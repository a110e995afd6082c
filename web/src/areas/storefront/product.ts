import { queryOptions } from "@tanstack/react-query";
import { get } from "../../api/client";
import { currentLang } from "../../i18n";
import type { Unit } from "./item";
import type { Plan } from "./offer";

export interface Spec {
  id: string;
  name: string;
  plans: Plan[];
  /** To be picked, one value of each. */
  attributes?: { code: string; name: string; values: { code: string; name: string }[] }[];
  quantity?: Quantity;
  /** Free, for one combination. */
  trial?: { planId: string; days: number; choice?: string };
  limit?: PurchaseLimit;
}

/** A number to choose: min, min + step, … up to max. */
export interface Quantity { code: string; name: string; unit: string; min: number; max: number; step: number }

export interface PurchaseLimit { kind: "once" | "until_expiry" | "quantity"; count?: number }

/** What a buyer ticks. Kind `template` is the site's own purchase agreement. */
export interface Agreement {
  kind: "template" | "text" | "file";
  html: string;
  fileUrl: string;
  version: string;
}

export interface SellerCardData {
  id: string;
  name: string;
  logoUrl: string;
  phone: string;
  mail: string;
}

/** A product page in the reader's language. Only what can be picked is in `specs`. */
export interface Product {
  /** The rule for giving it back: five_day, prorata or none. */
  refundPolicy: string;
  id: string;
  state: "on_sale" | "hidden" | "suspended";
  buyable: boolean;
  /** Why it cannot be bought. */
  reason?: { code: string; message: string };
  name: string;
  summary: string;
  highlights: string[];
  descriptionHtml: string;
  logoUrl: string;
  pictures: string[];
  /** From the top category to the leaf. */
  category: { id: string; name: string }[];
  deliveryType: string;
  userGuideUrl: string;
  afterSales: { serviceTime: string; content: string; mail: string; hotline: string };
  agreement: Agreement;
  seller: SellerCardData;
  specs: Spec[];
  purchaseLimit?: PurchaseLimit;
  priceFrom: string;
  priceUnit: Unit;
  currency: string;
  sales: number;
  releasedAt: string;
}

export const productQuery = (id: string) => queryOptions({
  queryKey: ["product", id, currentLang()],
  queryFn: ({ signal }) => get<Product>(`/api/v1/storefront/products/${id}`, undefined, signal),
  staleTime: 30_000,
});

/** A text of the site that people agree to. */
export interface LegalText {
  html: string;
  version: string;
  /** In force from this day on. */
  date: string;
}

export const legalQuery = (name: string) => queryOptions({
  queryKey: ["legal", name, currentLang()],
  queryFn: ({ signal }) => get<LegalText>(`/api/v1/legal/${name}`, undefined, signal),
  staleTime: 300_000,
});
