import { page, type AreaRoute } from "../../app/area";

/** The pages of /seller. Each loads its module when it is first opened. */
export const sellerRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
];
