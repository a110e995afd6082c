import { page, type AreaRoute } from "../../app/area";
import { peopleTexts } from "../auth/texts";
import { onlineTexts, withOnline } from "../online/online";
import { integrationTexts } from "../seller/integration/texts";
import { catalogueTexts } from "../seller/products/texts";
import { sellersTexts, withSandbox } from "../seller/texts";
import { ledgerTexts } from "../trade/book";
import { voucherTexts } from "../trade/voucher";
import { lifecycleTexts, moneyTexts, qualityTexts, withQuality } from "../trade/texts";

/** The pages of /operator. Each loads its module when it is first opened. */
export const operatorRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
  { path: "real-names", handle: { crumb: "operator:menu.real_names" }, loader: peopleTexts, children: [
    { index: true, lazy: page(() => import("./RealNamesPage"), "RealNamesPage") },
    { path: ":id", lazy: page(() => import("./RealNamePage"), "RealNamePage") },
  ] },
  { path: "accounts", handle: { crumb: "operator:menu.accounts" }, loader: peopleTexts, children: [
    { index: true, lazy: page(() => import("./AccountsPage"), "AccountsPage") },
    { path: ":id", lazy: page(() => import("./AccountPage"), "AccountPage") },
  ] },
  { path: "promotions", handle: { crumb: "discount:promotions" }, children: [
    { index: true, lazy: page(() => import("../discounts/RulesTable"), "OperatorPromotionsPage") },
    { path: "new", lazy: page(() => import("../discounts/CreateRulePage"), "OperatorNewPromotionPage") },
    { path: ":id", lazy: page(() => import("../discounts/RulePage"), "OperatorPromotionPage") },
  ] },
  { path: "offers", handle: { crumb: "discount:offers" }, children: [
    { index: true, lazy: page(() => import("../discounts/RulesTable"), "OperatorOffersPage") },
    { path: ":id", lazy: page(() => import("../discounts/RulePage"), "OperatorOfferPage") },
  ] },
  { path: "discount-bounds", lazy: page(() => import("../discounts/BoundsPage"), "BoundsPage") },
  { path: "operators", loader: peopleTexts, lazy: page(() => import("./OperatorsPage"), "OperatorsPage") },
  { path: "tokens", loader: peopleTexts, lazy: page(() => import("../buyer/TokensPage"), "TokensPage") },
  { path: "audit", loader: peopleTexts, lazy: page(() => import("./AuditPage"), "AuditPage") },
  { path: "settings", loader: withOnline(withSandbox(withQuality(peopleTexts))), lazy: page(() => import("./SettingsPage"), "SettingsPage") },
  { path: "system", loader: peopleTexts, lazy: page(() => import("./SystemPage"), "SystemPage") },
  { path: "messages", loader: peopleTexts, lazy: page(() => import("../auth/MessagesPage"), "MessagesPage") },
  { path: "security", loader: peopleTexts, lazy: page(() => import("../auth/SecurityPage"), "SecurityPage") },
  { path: "products", handle: { crumb: "operator:menu.products" }, loader: catalogueTexts, children: [
    { index: true, lazy: page(() => import("./ProductReviewsPage"), "ProductReviewsPage") },
    { path: ":id", lazy: page(() => import("./ProductReviewPage"), "ProductReviewPage") },
    { path: ":id/preview", lazy: page(() => import("../seller/products/PreviewPage"), "ReviewPreviewPage") },
  ] },
  { path: "catalogue", handle: { crumb: "operator:menu.products" }, loader: catalogueTexts, children: [
    { index: true, lazy: page(() => import("./CataloguePage"), "CataloguePage") },
    { path: ":id", lazy: page(() => import("./CatalogueProductPage"), "CatalogueProductPage") },
  ] },
  { path: "categories", loader: catalogueTexts, lazy: page(() => import("./CategoriesPage"), "CategoriesPage") },
  { path: "orders", handle: { crumb: "operator:menu.orders" }, loader: onlineTexts, children: [
    { index: true, lazy: page(() => import("./OrdersPage"), "OrdersPage") },
    { path: ":id", lazy: page(() => import("./OrderPage"), "OrderPage") },
  ] },
  { path: "probing", handle: { crumb: "operator:menu.probing" }, loader: qualityTexts, children: [
    { index: true, lazy: page(() => import("./ProbingPage"), "ProbingPage") },
    { path: ":id", lazy: page(() => import("./ProbedProductPage"), "ProbedProductPage") },
  ] },
  { path: "instances", handle: { crumb: "operator:menu.instances" }, loader: lifecycleTexts, children: [
    { index: true, lazy: page(() => import("./InstancesPage"), "InstancesPage") },
    { path: ":id", lazy: page(() => import("./InstancePage"), "InstancePage") },
  ] },
  { path: "deliveries", handle: { crumb: "operator:menu.deliveries" }, loader: qualityTexts, children: [
    { index: true, lazy: page(() => import("./DeliveriesPage"), "DeliveriesPage") },
    { path: ":id", lazy: page(() => import("./DeliveryPage"), "DeliveryPage") },
  ] },
  { path: "exports", lazy: page(() => import("../trade/ExportsTable"), "OperatorExportsPage") },
  { path: "vouchers", handle: { crumb: "operator:menu.vouchers" }, loader: voucherTexts, children: [
    { index: true, lazy: page(() => import("../trade/vouchers/CampaignsPage"), "OperatorCampaignsPage") },
    { path: "new", lazy: page(() => import("../trade/vouchers/CampaignFormPage"), "OperatorCampaignFormPage") },
    { path: ":id", lazy: page(() => import("../trade/vouchers/CampaignPage"), "OperatorCampaignPage") },
    { path: ":id/edit", lazy: page(() => import("../trade/vouchers/CampaignFormPage"), "OperatorCampaignFormPage") },
  ] },
  { path: "refunds", loader: moneyTexts, lazy: page(() => import("./RefundsPage"), "RefundsPage") },
  { path: "withdrawals", loader: moneyTexts, lazy: page(() => import("./WithdrawalsPage"), "WithdrawalsPage") },
  { path: "payments", handle: { crumb: "operator:menu.payments" }, loader: onlineTexts, children: [
    { index: true, lazy: page(() => import("./PaymentsPage"), "PaymentsPage") },
    { path: "attempts", lazy: page(() => import("./AttemptsPage"), "AttemptsPage") },
    { path: "attempts/:id", lazy: page(() => import("./AttemptPage"), "AttemptPage") },
  ] },
  { path: "receipts", handle: { crumb: "operator:menu.receipts" }, loader: onlineTexts, children: [
    { index: true, lazy: page(() => import("./ReceiptsPage"), "ReceiptsPage") },
    { path: ":id", lazy: page(() => import("./ReceiptPage"), "ReceiptPage") },
  ] },
  { path: "topups", lazy: page(() => import("./TopUpsPage"), "TopUpsPage") },
  { path: "ledger", handle: { crumb: "operator:menu.ledger" }, loader: ledgerTexts, children: [
    { index: true, lazy: page(() => import("./LedgerPage"), "LedgerPage") },
    { path: "trial", lazy: page(() => import("./TrialBalancePage"), "TrialBalancePage") },
    { path: "journals", lazy: page(() => import("./JournalsPage"), "JournalsPage") },
    { path: "journals/:id", lazy: page(() => import("./JournalPage"), "JournalPage") },
    { path: "accounts/:account", lazy: page(() => import("./LedgerAccountPage"), "LedgerAccountPage") },
  ] },
  { path: "seller-applications", handle: { crumb: "operator:menu.seller_applications" }, loader: sellersTexts, children: [
    { index: true, lazy: page(() => import("./SellerReviewsPage"), "SellerReviewsPage") },
    { path: ":id", lazy: page(() => import("./SellerReviewPage"), "SellerReviewPage") },
  ] },
  { path: "sellers", handle: { crumb: "operator:menu.sellers" }, loader: integrationTexts, children: [
    { index: true, lazy: page(() => import("./SellersPage"), "SellersPage") },
    { path: ":id", lazy: page(() => import("./SellerPage"), "SellerPage") },
    { path: ":id/runs/:run", lazy: page(() => import("./SellerRunPage"), "SellerRunPage") },
  ] },
  { path: "addresses", loader: withQuality(integrationTexts), lazy: page(() => import("./ProductionAddressesPage"), "ProductionAddressesPage") },
];
