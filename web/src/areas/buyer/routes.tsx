import { page, type AreaRoute } from "../../app/area";
import { peopleTexts } from "../auth/texts";
import { onlineTexts } from "../online/online";
import { ledgerTexts } from "../trade/book";
import { voucherTexts } from "../trade/voucher";
import { lifecycleTexts, moneyTexts } from "../trade/texts";

/** The pages of /buyer. Each loads its module when it is first opened. */
export const buyerRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
  { path: "account", loader: peopleTexts, lazy: page(() => import("./AccountPage"), "AccountPage") },
  { path: "users", loader: peopleTexts, lazy: page(() => import("./UsersPage"), "UsersPage") },
  { path: "tokens", loader: peopleTexts, lazy: page(() => import("./TokensPage"), "TokensPage") },
  { path: "audit", loader: peopleTexts, lazy: page(() => import("./AuditPage"), "AuditPage") },
  { path: "messages", loader: peopleTexts, lazy: page(() => import("../auth/MessagesPage"), "MessagesPage") },
  { path: "security", loader: peopleTexts, lazy: page(() => import("../auth/SecurityPage"), "SecurityPage") },
  { path: "orders", handle: { crumb: "buyer:menu.orders" }, children: [
    { index: true, lazy: page(() => import("./OrdersPage"), "OrdersPage") },
    { path: "together", lazy: page(() => import("./PayTogetherPage"), "PayTogetherPage") },
    { path: ":id", loader: onlineTexts, lazy: page(() => import("./OrderPage"), "OrderPage") },
    { path: ":id/receipt", lazy: page(() => import("./ReceiptPage"), "ReceiptPage") },
  ] },
  { path: "offers", lazy: page(() => import("../discounts/GrantedPage"), "GrantedPage") },
  { path: "approvals", lazy: page(() => import("./ApprovalsPage"), "ApprovalsPage") },
  { path: "instances", handle: { crumb: "buyer:menu.instances" }, loader: lifecycleTexts, children: [
    { index: true, lazy: page(() => import("./InstancesPage"), "InstancesPage") },
    { path: ":id", loader: moneyTexts, lazy: page(() => import("./InstancePage"), "InstancePage") },
  ] },
  { path: "vouchers", handle: { crumb: "buyer:menu.vouchers" }, loader: voucherTexts, children: [
    { index: true, lazy: page(() => import("./VouchersPage"), "VouchersPage") },
    { path: ":id", lazy: page(() => import("./VoucherPage"), "VoucherPage") },
  ] },
  { path: "balance", loader: moneyTexts, lazy: page(() => import("./BalancePage"), "BalancePage") },
  { path: "statements", loader: ledgerTexts, lazy: page(() => import("./StatementPage"), "StatementPage") },
  { path: "renewals", handle: { crumb: "buyer:menu.renewals" }, loader: moneyTexts, children: [
    { index: true, lazy: page(() => import("./RenewalsPage"), "RenewalsPage") },
    { path: "together", lazy: page(() => import("./RenewTogetherPage"), "RenewTogetherPage") },
  ] },
  { path: "exports", lazy: page(() => import("../trade/ExportsTable"), "BuyerExportsPage") },
  { path: "refunds", loader: moneyTexts, lazy: page(() => import("./RefundsPage"), "RefundsPage") },
  { path: "withdrawals", loader: moneyTexts, lazy: page(() => import("./WithdrawalsPage"), "WithdrawalsPage") },
  { path: "topups", loader: onlineTexts, lazy: page(() => import("./TopUpsPage"), "TopUpsPage") },
];
