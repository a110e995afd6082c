import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { base } from "../../api/realm";
import { useSession } from "../../api/session";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { NeedsMe } from "../../ui/NeedsMe";
import { Page, Panel } from "../../ui/Page";
import { StatCard, StatRow } from "../../ui/StatCard";
import { AccessChecklist } from "./integration/AccessChecklist";
import { SalesChart, type Day } from "../trade/SalesChart";

/** GET /api/v1/seller/home. */
interface SellerHome {
  orders: { pendingPayment: number; processing: number; refunding: number; recent: number; recentAmount: string };
  /** Calls that are open, and those that failed within 30 days. */
  calls: { open: number; retrying: number; failed: number };
  payable: string;
  daily: Day[];
  currency: string;
}

/** What needs the seller now, and how sales and calls stand. */
export function HomePage() {
  const { t } = useTranslation("trade");
  const { t: own } = useTranslation("seller");
  const { session, can, loading } = useSession();
  const shown = Boolean(session?.seller) && can("sale:read");
  return (
    <Page title={own("home.title")}>
      {shown ? <Sales /> : !loading && (
        <Panel>
          {session?.seller
            ? <EmptyState title={t("seller_home.no_permission")} hint={t("seller_home.no_permission_hint")} />
            : <EmptyState title={t("seller_home.not_seller")} hint={t("seller_home.not_seller_hint")} action={can("seller:apply") && <LinkButton to="/seller/apply" type="primary">{t("seller_home.apply")}</LinkButton>} />}
        </Panel>
      )}
    </Page>
  );
}

function Sales() {
  const { t } = useTranslation("trade");
  const { can } = useSession();
  const { data: home, error, refetch } = useQuery({ queryKey: ["seller-home"], queryFn: ({ signal }) => get<SellerHome>("/api/v1/seller/home", undefined, signal) });
  const calls = can("address:read");
  const money = (amount: string | undefined) => home && <Money amount={amount} currency={home.currency} />;
  return (
    <>
      <NeedsMe error={home ? undefined : error} onRetry={() => void refetch()} items={home && [
        { key: "failed", count: calls ? home.calls.failed : 0, text: t("seller_home.failed", { count: home.calls.failed }), to: "/seller/deliveries?state=failed", urgent: true },
        { key: "retrying", count: calls ? home.calls.retrying : 0, text: t("seller_home.retrying", { count: home.calls.retrying }), to: "/seller/deliveries?state=retrying", urgent: true },
        { key: "unpaid", count: home.orders.pendingPayment, text: t("seller_home.unpaid", { count: home.orders.pendingPayment }), to: "/seller/orders?state=PENDING_PAYMENT" },
      ]} />
      {calls && !base && <AccessChecklist hideWhenDone />}
      <StatRow>
        <StatCard label={t("seller_home.sold_amount")} value={money(home?.orders.recentAmount)} />
        <StatCard label={t("seller_home.sold")} value={home?.orders.recent} to="/seller/orders" />
        <StatCard label={t("seller_home.processing")} value={home?.orders.processing} to="/seller/orders?state=PROCESSING" />
        <StatCard label={t("seller_home.payable")} value={money(home?.payable)} hint={t("seller_home.payable_hint")} />
      </StatRow>
      {home && <SalesChart days={home.daily} currency={home.currency} />}
    </>
  );
}
