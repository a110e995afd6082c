/** How long one price holds: a day, a month, a year, or for good. */
export type Unit = "day" | "month" | "year" | "once";

/** A product in a list, in the reader's language. */
export interface Item {
  id: string;
  name: string;
  /** Of a search: the name with <mark> around what matched, all else escaped. */
  nameHtml?: string;
  summary: string;
  summaryHtml?: string;
  highlights: string[];
  logoUrl: string;
  pictureUrl: string;
  sellerId: string;
  sellerName: string;
  categoryId: string;
  categoryName: string;
  deliveryType: string;
  modes: Unit[];
  priceFrom: string;
  priceUnit: Unit;
  currency: string;
  sales: number;
  releasedAt: string;
}
