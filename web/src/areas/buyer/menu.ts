import { DownloadOutlined, ApiOutlined, AppstoreOutlined, AuditOutlined, BankOutlined, ExportOutlined, FileTextOutlined, HistoryOutlined, HomeOutlined, IdcardOutlined, ReconciliationOutlined, RollbackOutlined, SafetyOutlined, SyncOutlined, TeamOutlined, WalletOutlined, GiftOutlined, CreditCardOutlined } from "@ant-design/icons";
import type { MenuGroup } from "../../app/area";

/** The buyer's menu by job. An entry appears once routes.tsx answers its path. */
export const buyerMenu: MenuGroup[] = [
  { key: "home", items: [{ path: "/buyer", label: "buyer:menu.home", icon: HomeOutlined }] },
  {
    key: "use", label: "buyer:menu.use", items: [
      { path: "/buyer/instances", label: "buyer:menu.instances", icon: AppstoreOutlined, permissions: ["instance:read"] },
      { path: "/buyer/renewals", label: "buyer:menu.renewals", icon: SyncOutlined, permissions: ["instance:read"] },
      { path: "/buyer/orders", label: "buyer:menu.orders", icon: FileTextOutlined, permissions: ["order:read"] },
      { path: "/buyer/approvals", label: "cart:approvals", icon: AuditOutlined, permissions: ["order:approve"] },
      { path: "/buyer/refunds", label: "buyer:menu.refunds", icon: RollbackOutlined, permissions: ["order:read"] },
      { path: "/buyer/exports", label: "life:menu.exports", icon: DownloadOutlined, permissions: ["order:read"] },
    ],
  },
  {
    key: "money", label: "buyer:menu.money", items: [
      { path: "/buyer/balance", label: "buyer:menu.balance", icon: WalletOutlined, permissions: ["balance:read"] },
      { path: "/buyer/topups", label: "buyer:menu.topups", icon: BankOutlined, permissions: ["balance:read"] },
      { path: "/buyer/withdrawals", label: "buyer:menu.withdrawals", icon: ExportOutlined, permissions: ["balance:read"] },
      { path: "/buyer/statements", label: "buyer:menu.statements", icon: ReconciliationOutlined, permissions: ["balance:read"] },
      { path: "/buyer/vouchers", label: "buyer:menu.vouchers", icon: CreditCardOutlined, permissions: ["order:read"] },
      { path: "/buyer/offers", label: "discount:granted", icon: GiftOutlined, permissions: ["order:buy"] },
    ],
  },
  {
    key: "settings", label: "buyer:menu.settings", items: [
      { path: "/buyer/account", label: "buyer:menu.account", icon: IdcardOutlined },
      { path: "/buyer/users", label: "buyer:menu.users", icon: TeamOutlined, permissions: ["user:manage"] },
      { path: "/buyer/tokens", label: "buyer:menu.tokens", icon: ApiOutlined },
      { path: "/buyer/audit", label: "buyer:menu.audit", icon: HistoryOutlined, permissions: ["user:manage"] },
      { path: "/buyer/security", label: "buyer:menu.security", icon: SafetyOutlined },
    ],
  },
];
