import type { ComponentType } from "react";
import type { RouteObject } from "react-router";

/** What a route may tell the layout. */
export interface RouteHandle {
  /** Text key of the breadcrumb for pages below this one: "buyer:menu.orders". Its link is the route's path. */
  crumb?: string;
}

/** A page of an area. `lazy` loads its module when it is first opened. */
export type AreaRoute = RouteObject & { handle?: RouteHandle };

/** One entry of a console's left menu. */
export interface MenuItem {
  /** Absolute: "/buyer/orders". The entry is shown once a route answers it. */
  path: string;
  /** Text key: "buyer:menu.orders". */
  label: string;
  icon: ComponentType;
  /** Shown to those who hold one of these; to everybody when left out. */
  permissions?: string[];
}

/** A group of the left menu, named after a job: sell, deliver, money, settings. */
export interface MenuGroup {
  key: string;
  /** Text key; none for the home entry. */
  label?: string;
  items: MenuItem[];
}

type PageModule = Record<string, unknown>;

/** `lazy` of a route from a module that exports the page by name: `page(() => import("./OrdersPage"), "OrdersPage")`. */
export function page<M extends PageModule, K extends keyof M & string>(load: () => Promise<M>, name: K) {
  return async () => ({ Component: (await load())[name] as ComponentType });
}
