import { page, type AreaRoute } from "../../app/area";

/** The pages of /buyer. Each loads its module when it is first opened. */
export const buyerRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
  { path: "orders", handle: { crumb: "buyer:menu.orders" }, children: [
    { index: true, lazy: page(() => import("./OrdersPage"), "OrdersPage") },
    { path: ":id", lazy: page(() => import("./OrderPage"), "OrderPage") },
  ] },
  { path: "instances", handle: { crumb: "buyer:menu.instances" }, children: [
    { index: true, lazy: page(() => import("./InstancesPage"), "InstancesPage") },
    { path: ":id", lazy: page(() => import("./InstancePage"), "InstancePage") },
  ] },
  { path: "balance", lazy: page(() => import("./BalancePage"), "BalancePage") },
  { path: "topups", lazy: page(() => import("./TopUpsPage"), "TopUpsPage") },
];
