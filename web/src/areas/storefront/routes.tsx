import { page, type AreaRoute } from "../../app/area";
import { peopleTexts } from "../auth/texts";
import { onlineTexts } from "../online/online";
import { voucherTexts, withVouchers } from "../trade/voucher";

/** The pages of the shop, below `/`. Each loads its module when it is first opened. */
export const storefrontRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
  { path: "search", lazy: page(() => import("./SearchPage"), "SearchPage") },
  { path: "categories/:id", lazy: page(() => import("./CategoryPage"), "CategoryPage") },
  { path: "products/:id", loader: voucherTexts, lazy: page(() => import("./ProductPage"), "ProductPage") },
  { path: "shops/:id", lazy: page(() => import("./ShopPage"), "ShopPage") },
  { path: "checkout", loader: voucherTexts, lazy: page(() => import("./CheckoutPage"), "CheckoutPage") },
  { path: "cart", lazy: page(() => import("./CartPage"), "CartPage") },
  { path: "cart/checkout", loader: voucherTexts, lazy: page(() => import("./CartCheckoutPage"), "CartCheckoutPage") },
  { path: "pay", loader: withVouchers(onlineTexts), lazy: page(() => import("./PayAllPage"), "PayAllPage") },
  { path: "pay/:orderId", loader: withVouchers(onlineTexts), lazy: page(() => import("./PayPage"), "PayPage") },
  { path: "pay/:orderId/done", lazy: page(() => import("./PaidPage"), "PaidPage") },
  { path: "payments/:id", loader: onlineTexts, lazy: page(() => import("./PaymentPage"), "PaymentPage") },
  { path: "offers/:token", lazy: page(() => import("./LinkPage"), "OfferPage") },
  { path: "promotions/:token", lazy: page(() => import("./LinkPage"), "PromotionPage") },
  { path: "legal/:name", lazy: page(() => import("./LegalPage"), "LegalPage") },
  { path: "demo", loader: peopleTexts, lazy: page(() => import("../auth/DemoPage"), "DemoPage") },
  { path: "*", lazy: page(() => import("./StoreNotFound"), "StoreNotFound") },
];
