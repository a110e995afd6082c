import { page, type AreaRoute } from "../../app/area";

/** The pages of /operator. Each loads its module when it is first opened. */
export const operatorRoutes: AreaRoute[] = [
  { index: true, lazy: page(() => import("./HomePage"), "HomePage") },
];
