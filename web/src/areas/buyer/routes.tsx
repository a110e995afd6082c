import { page, type AreaRoute } from "../../app/area";

/** The pages of /buyer. Each loads its module when it is first opened. */
export const buyerRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
];
