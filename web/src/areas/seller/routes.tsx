import { page, type AreaRoute } from "../../app/area";
import { peopleTexts } from "../auth/texts";
import { integrationTexts } from "./integration/texts";
import { catalogueTexts } from "./products/texts";
import { sandboxTexts, sellersTexts } from "./texts";
import { ledgerTexts } from "../trade/book";
import { voucherTexts } from "../trade/voucher";
import { moneyTexts, qualityTexts, withQuality } from "../trade/texts";

/** The pages of /seller. Each loads its module when it is first opened. */
export const sellerRoutes: AreaRoute[] = [
  { index: true, loader: integrationTexts, lazy: page(() => import("./HomePage"), "HomePage") },
  { path: "users", loader: peopleTexts, lazy: page(() => import("../buyer/UsersPage"), "UsersPage") },
  { path: "messages", loader: peopleTexts, lazy: page(() => import("../auth/MessagesPage"), "MessagesPage") },
  { path: "security", loader: peopleTexts, lazy: page(() => import("../auth/SecurityPage"), "SecurityPage") },
  { path: "products", handle: { crumb: "seller:menu.products" }, loader: catalogueTexts, children: [
    { index: true, lazy: page(() => import("./products/ProductsPage"), "ProductsPage") },
    { path: ":id", lazy: page(() => import("./products/ProductPage"), "ProductPage") },
    { path: ":id/edit", loader: integrationTexts, lazy: page(() => import("./products/EditProductPage"), "EditProductPage") },
    { path: ":id/preview", lazy: page(() => import("./products/PreviewPage"), "PreviewPage") },
  ] },
  { path: "applications", handle: { crumb: "seller:menu.applications" }, loader: catalogueTexts, children: [
    { index: true, lazy: page(() => import("./products/ApplicationsPage"), "ApplicationsPage") },
    { path: ":id", lazy: page(() => import("./products/ApplicationPage"), "ApplicationPage") },
  ] },
  { path: "statements", loader: ledgerTexts, lazy: page(() => import("./StatementPage"), "StatementPage") },
  { path: "exports", lazy: page(() => import("../trade/ExportsTable"), "SellerExportsPage") },
  { path: "vouchers", handle: { crumb: "seller:menu.vouchers" }, loader: voucherTexts, children: [
    { index: true, lazy: page(() => import("../trade/vouchers/CampaignsPage"), "SellerCampaignsPage") },
    { path: "new", lazy: page(() => import("../trade/vouchers/CampaignFormPage"), "SellerCampaignFormPage") },
    { path: ":id", lazy: page(() => import("../trade/vouchers/CampaignPage"), "SellerCampaignPage") },
    { path: ":id/edit", lazy: page(() => import("../trade/vouchers/CampaignFormPage"), "SellerCampaignFormPage") },
  ] },
  { path: "refunds", loader: moneyTexts, lazy: page(() => import("./RefundsPage"), "RefundsPage") },
  { path: "orders", handle: { crumb: "seller:menu.orders" }, children: [
    { index: true, lazy: page(() => import("./OrdersPage"), "OrdersPage") },
    { path: ":id", lazy: page(() => import("./OrderPage"), "OrderPage") },
  ] },
  { path: "promotions", handle: { crumb: "discount:promotions" }, children: [
    { index: true, lazy: page(() => import("../discounts/RulesTable"), "SellerPromotionsPage") },
    { path: "new", lazy: page(() => import("../discounts/CreateRulePage"), "SellerNewPromotionPage") },
    { path: ":id", lazy: page(() => import("../discounts/RulePage"), "SellerPromotionPage") },
  ] },
  { path: "offers", handle: { crumb: "discount:offers" }, children: [
    { index: true, lazy: page(() => import("../discounts/RulesTable"), "SellerOffersPage") },
    { path: "new", lazy: page(() => import("../discounts/CreateRulePage"), "SellerNewOfferPage") },
    { path: ":id", lazy: page(() => import("../discounts/RulePage"), "SellerOfferPage") },
  ] },
  { path: "probing", handle: { crumb: "seller:menu.probing" }, loader: qualityTexts, children: [
    { index: true, lazy: page(() => import("./ProbingPage"), "ProbingPage") },
    { path: ":id", lazy: page(() => import("./ProbedProductPage"), "ProbedProductPage") },
  ] },
  { path: "deliveries", handle: { crumb: "seller:menu.deliveries" }, loader: qualityTexts, children: [
    { index: true, lazy: page(() => import("./DeliveriesPage"), "DeliveriesPage") },
    { path: ":id", lazy: page(() => import("./DeliveryPage"), "DeliveryPage") },
  ] },
  { path: "apply", loader: sellersTexts, lazy: page(() => import("./ApplyPage"), "ApplyPage") },
  { path: "profile", loader: sellersTexts, lazy: page(() => import("./ProfilePage"), "ProfilePage") },
  { path: "shop", loader: sellersTexts, lazy: page(() => import("./ShopPage"), "ShopPage") },
  { path: "addresses", loader: withQuality(integrationTexts), lazy: page(() => import("./AddressesPage"), "AddressesPage") },
  { path: "integration", loader: integrationTexts, children: [
    { path: "debug", lazy: page(() => import("./integration/DebugPage"), "DebugPage") },
    { path: "cases", lazy: page(() => import("./integration/CasesPage"), "CasesPage") },
    { path: "runs", handle: { crumb: "seller:menu.runs" }, children: [
      { index: true, lazy: page(() => import("./integration/RunsPage"), "RunsPage") },
      { path: ":id", lazy: page(() => import("./integration/RunPage"), "RunPage") },
    ] },
  ] },
  { path: "sandbox", loader: sandboxTexts, lazy: page(() => import("./sandbox/SandboxPage"), "SandboxPage") },
  { path: "keys", loader: sellersTexts, lazy: page(() => import("./KeysPage"), "KeysPage") },
];
