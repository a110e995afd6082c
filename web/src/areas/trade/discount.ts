import type { TFunction } from "i18next";
import { currentLang, loadTexts } from "../../i18n";
import { formatMoney } from "../../ui/money";

export type Form = "ratio" | "fixed" | "reduction";

/** How a price becomes lower. */
export interface Given {
  form: Form;
  /** The ratio, the fixed price, or the amount less. */
  value: string;
  /** Of how many periods a fixed price is the price; 0 is the whole line. */
  per?: number;
}

/** The one discount of a line. */
export interface Discount extends Given {
  id: string;
  kind: "promotion" | "offer" | "adjustment";
  wireType: number;
  name: string;
  saves: string;
}

/** A discount that fits, with its outcome. */
export interface DiscountOption extends Given {
  id: string;
  kind: "promotion" | "offer";
  name: string;
  amount: string;
  saves: string;
  endsAt: string;
  taken: boolean;
  /** Why it cannot be taken. */
  problem?: { code: string; message: string };
}

/** The pick of a buyer who wants none. */
export const noDiscount = "none";

/** "10% off", "Fixed price ¥70.00", "¥40.00 less" */
export function givenText({ form, value, per }: Given, currency: string, t: TFunction): string {
  if (form === "ratio") {
    const parts = Math.round(Number(value) * 10_000); // of four decimals
    return t("discount:given.ratio", { ratio: String(currentLang() === "zh" ? parts / 1000 : (10_000 - parts) / 100) });
  }
  return t(`discount:given.${form === "fixed" && per ? "fixed_each" : form}`, { amount: formatMoney(value, currency) });
}

/** Route loader of the pages about promotions and offers. */
export const discountTexts = async (): Promise<null> => {
  await loadTexts("discount");
  return null;
};
