import { page, type AreaRoute } from "../../app/area";

/** The pages of the shop, below `/`. Each loads its module when it is first opened. */
export const storefrontRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
];
