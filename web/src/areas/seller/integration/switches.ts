import type { TFunction } from "i18next";
import type { Switches } from "../address";

/** What an address wants otherwise than documented, in words; empty where everything is as documented. */
export function deviations(switches: Switches, t: TFunction): string[] {
  return [
    ...(switches.timeoutSeconds === 20 ? [] : [t("switches.tag_timeout", { seconds: switches.timeoutSeconds })]),
    ...(switches.suppress.length === 0 ? [] : [t("switches.tag_suppress", { names: switches.suppress.join(", ") })]),
    ...(switches.hexCase === "lower" ? [t("switches.tag_hex")] : []),
    ...(switches.productInfo === "object" ? [t("switches.tag_product_info")] : []),
  ];
}
