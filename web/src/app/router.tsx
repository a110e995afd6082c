import { createBrowserRouter, type LoaderFunction, type RouteObject } from "react-router";
import { authRoutes } from "../areas/auth/routes";
import { buyerRoutes } from "../areas/buyer/routes";
import { operatorRoutes } from "../areas/operator/routes";
import { sellerRoutes } from "../areas/seller/routes";
import { storefrontRoutes } from "../areas/storefront/routes";
import { base } from "../api/realm";
import { loadTexts, type TextArea } from "../i18n";
import { NotFound } from "./NotFound";
import { Root } from "./Root";
import { RouteError } from "./RouteError";

/** Loads an area's texts while its first page is loading. */
const texts = (...areas: TextArea[]): LoaderFunction => async () => {
  await loadTexts(...areas);
  return null;
};

function area(route: RouteObject, children: RouteObject[], ...areas: TextArea[]): RouteObject {
  return {
    ...route,
    loader: texts(...areas),
    shouldRevalidate: () => false,
    children: [{ ErrorBoundary: RouteError, children: [...children, { path: "*", Component: NotFound }] }],
  } as RouteObject;
}

const storefrontLayout = async () => ({ Component: (await import("../layout/StorefrontLayout")).StorefrontLayout });
const authLayout = async () => ({ Component: (await import("../layout/AuthLayout")).AuthLayout });

/** All pages. Areas list their own in areas/<area>/routes.tsx. */
export function createRouter() {
  return createBrowserRouter([{
    Component: Root,
    ErrorBoundary: RouteError,
    HydrateFallback: () => null,
    children: [
      { loader: texts("auth"), lazy: authLayout, shouldRevalidate: () => false, children: [{ ErrorBoundary: RouteError, children: authRoutes }] },
      area({ path: "/buyer", lazy: async () => ({ Component: (await import("../areas/buyer/BuyerLayout")).BuyerLayout }) }, buyerRoutes, "buyer", "life", "trade", "pricing", "cart", "discount", "storefront"),
      area({ path: "/seller", lazy: async () => ({ Component: (await import("../areas/seller/SellerLayout")).SellerLayout }) }, sellerRoutes, "seller", "life", "trade", "pricing", "discount"),
      area({ path: "/operator", lazy: async () => ({ Component: (await import("../areas/operator/OperatorLayout")).OperatorLayout }) }, operatorRoutes, "operator", "life", "trade", "pricing", "discount"),
      area({ path: "/", lazy: storefrontLayout }, storefrontRoutes, "storefront", "pricing", "cart", "discount"),
    ],
  }], base ? { basename: base } : undefined);
}

export type AppRouter = ReturnType<typeof createRouter>;
