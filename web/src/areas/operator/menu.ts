import { CreditCardOutlined, TransactionOutlined, DownloadOutlined, ApartmentOutlined, AppstoreOutlined, AuditOutlined, BankOutlined, CalculatorOutlined, CloudServerOutlined, ExportOutlined, FileTextOutlined, HistoryOutlined, HomeOutlined, IdcardOutlined, ApiOutlined, DashboardOutlined, RollbackOutlined, SafetyOutlined, SettingOutlined, ShopOutlined, SolutionOutlined, SwapOutlined, TeamOutlined, UserSwitchOutlined, RadarChartOutlined, PercentageOutlined, GiftOutlined, ColumnHeightOutlined } from "@ant-design/icons";
import type { MenuGroup } from "../../app/area";

/** The operator's menu by job. An entry appears once routes.tsx answers its path. */
export const operatorMenu: MenuGroup[] = [
  { key: "home", items: [{ path: "/operator", label: "operator:menu.home", icon: HomeOutlined }] },
  {
    key: "review", label: "operator:menu.review", items: [
      { path: "/operator/seller-applications", label: "operator:menu.seller_applications", icon: SolutionOutlined, permissions: ["seller:review"] },
      { path: "/operator/products", label: "operator:menu.products", icon: AuditOutlined, permissions: ["product:review"] },
      { path: "/operator/real-names", label: "operator:menu.real_names", icon: IdcardOutlined, permissions: ["realname:review"] },
    ],
  },
  {
    key: "trade", label: "operator:menu.trade", items: [
      { path: "/operator/orders", label: "operator:menu.orders", icon: FileTextOutlined, permissions: ["order:oversee"] },
      { path: "/operator/instances", label: "operator:menu.instances", icon: AppstoreOutlined, permissions: ["order:oversee"] },
      { path: "/operator/deliveries", label: "operator:menu.deliveries", icon: SwapOutlined, permissions: ["call:oversee"] },
      { path: "/operator/probing", label: "operator:menu.probing", icon: RadarChartOutlined, permissions: ["call:oversee"] },
      { path: "/operator/promotions", label: "discount:promotions", icon: PercentageOutlined, permissions: ["discount:decide"] },
      { path: "/operator/offers", label: "discount:offers", icon: GiftOutlined, permissions: ["discount:decide"] },
      { path: "/operator/discount-bounds", label: "discount:bounds", icon: ColumnHeightOutlined, permissions: ["discount:decide"] },
      { path: "/operator/vouchers", label: "operator:menu.vouchers", icon: GiftOutlined, permissions: ["voucher:manage"] },
      { path: "/operator/exports", label: "life:menu.exports", icon: DownloadOutlined, permissions: ["order:oversee"] },
    ],
  },
  {
    key: "money", label: "operator:menu.money", items: [
      { path: "/operator/payments", label: "operator:menu.payments", icon: CreditCardOutlined, permissions: ["ledger:read"] },
      { path: "/operator/receipts", label: "operator:menu.receipts", icon: TransactionOutlined, permissions: ["topup:confirm"] },
      { path: "/operator/topups", label: "operator:menu.topups", icon: BankOutlined, permissions: ["topup:confirm"] },
      { path: "/operator/refunds", label: "operator:menu.refunds", icon: RollbackOutlined, permissions: ["order:oversee"] },
      { path: "/operator/withdrawals", label: "operator:menu.withdrawals", icon: ExportOutlined, permissions: ["withdrawal:pay"] },
      { path: "/operator/ledger", label: "operator:menu.ledger", icon: CalculatorOutlined, permissions: ["ledger:read"] },
    ],
  },
  {
    key: "system", label: "operator:menu.system", items: [
      { path: "/operator/sellers", label: "operator:menu.sellers", icon: ShopOutlined, permissions: ["account:oversee"] },
      { path: "/operator/addresses", label: "operator:menu.addresses", icon: CloudServerOutlined, permissions: ["seller:review"] },
      { path: "/operator/accounts", label: "operator:menu.accounts", icon: TeamOutlined, permissions: ["account:oversee"] },
      { path: "/operator/operators", label: "operator:menu.operators", icon: UserSwitchOutlined, permissions: ["operator:manage"] },
      { path: "/operator/categories", label: "operator:menu.categories", icon: ApartmentOutlined, permissions: ["category:write"] },
      { path: "/operator/audit", label: "operator:menu.audit", icon: HistoryOutlined, permissions: ["audit:read"] },
      { path: "/operator/settings", label: "operator:menu.settings", icon: SettingOutlined, permissions: ["settings:write"] },
      { path: "/operator/system", label: "operator:menu.jobs", icon: DashboardOutlined, permissions: ["call:oversee"] },
      { path: "/operator/tokens", label: "operator:menu.tokens", icon: ApiOutlined },
      { path: "/operator/security", label: "operator:menu.security", icon: SafetyOutlined },
    ],
  },
];
