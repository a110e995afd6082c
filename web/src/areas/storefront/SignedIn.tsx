import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { signInPath, useSession } from "../../api/session";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { PageError } from "../../ui/PageError";

/** What only people of a buying account may see, those who may buy unless anybody of it is meant; visitors sign in first and come back. */
export function SignedIn({ children, anybody = false }: { children: ReactNode; anybody?: boolean }) {
  const { t } = useTranslation("storefront");
  const { session, signedIn, can, loading, error, refresh } = useSession();
  const location = useLocation();
  if (loading) return null;
  if (error && !session) return <PageError error={error} onRetry={() => void refresh()} />;
  if (!signedIn) return <Navigate to={signInPath(location.pathname + location.search)} replace />;
  if (session?.kind === "operator") return <EmptyState title={t("buy.operator")} action={<LinkButton to="/operator">{t("area.operator")}</LinkButton>} />;
  if (!anybody && !can("order:buy")) return <EmptyState title={t("buy.not_allowed")} hint={t("buy.not_allowed_hint")} action={<LinkButton to="/">{t("action.home")}</LinkButton>} />;
  return children;
}
