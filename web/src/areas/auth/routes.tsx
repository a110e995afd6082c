import type { AreaRoute } from "../../app/area";

/** Sign-in, sign-up and password pages: /sign-in, /sign-up, … Each loads its module when it is first opened. */
export const authRoutes: AreaRoute[] = [];
