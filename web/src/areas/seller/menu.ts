import { DownloadOutlined, AuditOutlined, BugOutlined, CloudServerOutlined, ExperimentOutlined, FileDoneOutlined, FileTextOutlined, HomeOutlined, IdcardOutlined, KeyOutlined, ReconciliationOutlined, RollbackOutlined, ShopOutlined, SolutionOutlined, SwapOutlined, TagsOutlined, TeamOutlined, RadarChartOutlined } from "@ant-design/icons";
import { CreditCardOutlined, GiftOutlined, PercentageOutlined } from "@ant-design/icons";
import type { MenuGroup } from "../../app/area";

/** The seller's menu by job. An entry appears once routes.tsx answers its path. */
export const sellerMenu: MenuGroup[] = [
  { key: "home", items: [{ path: "/seller", label: "seller:menu.home", icon: HomeOutlined }] },
  {
    key: "sell", label: "seller:menu.sell", items: [
      { path: "/seller/products", label: "seller:menu.products", icon: TagsOutlined, permissions: ["product:read"] },
      { path: "/seller/applications", label: "seller:menu.applications", icon: AuditOutlined, permissions: ["product:read"] },
      { path: "/seller/orders", label: "seller:menu.orders", icon: FileTextOutlined, permissions: ["sale:read"] },
      { path: "/seller/refunds", label: "seller:menu.refunds", icon: RollbackOutlined, permissions: ["sale:read"] },
      { path: "/seller/promotions", label: "discount:promotions", icon: PercentageOutlined, permissions: ["discount:write"] },
      { path: "/seller/offers", label: "discount:offers", icon: GiftOutlined, permissions: ["discount:write"] },
      { path: "/seller/vouchers", label: "seller:menu.vouchers", icon: CreditCardOutlined, permissions: ["voucher:write"] },
      { path: "/seller/statements", label: "seller:menu.statements", icon: ReconciliationOutlined, permissions: ["settlement:read"] },
      { path: "/seller/exports", label: "life:menu.exports", icon: DownloadOutlined, permissions: ["sale:read"] },
    ],
  },
  {
    key: "deliver", label: "seller:menu.deliver", items: [
      { path: "/seller/deliveries", label: "seller:menu.deliveries", icon: SwapOutlined, permissions: ["address:read"] },
      { path: "/seller/probing", label: "seller:menu.probing", icon: RadarChartOutlined, permissions: ["address:read"] },
      { path: "/seller/addresses", label: "seller:menu.addresses", icon: CloudServerOutlined },
      { path: "/seller/integration/debug", label: "seller:menu.debugging", icon: BugOutlined, permissions: ["address:read"] },
      { path: "/seller/integration/cases", label: "seller:menu.cases", icon: FileDoneOutlined, permissions: ["address:read"] },
      { path: "/seller/keys", label: "seller:menu.keys", icon: KeyOutlined },
      { path: "/seller/sandbox", label: "seller:menu.sandbox", icon: ExperimentOutlined, permissions: ["product:write"] },
    ],
  },
  {
    key: "settings", label: "seller:menu.settings", items: [
      { path: "/seller/apply", label: "seller:menu.apply", icon: SolutionOutlined, permissions: ["seller:apply"] },
      { path: "/seller/profile", label: "seller:menu.profile", icon: IdcardOutlined },
      { path: "/seller/shop", label: "seller:menu.shop", icon: ShopOutlined },
      { path: "/seller/users", label: "seller:menu.users", icon: TeamOutlined, permissions: ["user:manage"] },
    ],
  },
];
