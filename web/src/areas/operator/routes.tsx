import { page, type AreaRoute } from "../../app/area";
import { sellersTexts } from "../seller/texts";

/** The pages of /operator. Each loads its module when it is first opened. */
export const operatorRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
  { path: "seller-applications", handle: { crumb: "operator:menu.seller_applications" }, loader: sellersTexts, children: [
    { index: true, lazy: page(() => import("./SellerReviewsPage"), "SellerReviewsPage") },
    { path: ":id", lazy: page(() => import("./SellerReviewPage"), "SellerReviewPage") },
  ] },
  { path: "sellers", handle: { crumb: "operator:menu.sellers" }, loader: sellersTexts, children: [
    { index: true, lazy: page(() => import("./SellersPage"), "SellersPage") },
    { path: ":id", lazy: page(() => import("./SellerPage"), "SellerPage") },
  ] },
  { path: "addresses", loader: sellersTexts, lazy: page(() => import("./ProductionAddressesPage"), "ProductionAddressesPage") },
];
