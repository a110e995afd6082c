import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { Money } from "../../ui/Money";
import { NeedsMe, type NeedsMeItem } from "../../ui/NeedsMe";
import { Page } from "../../ui/Page";
import { StatCard, StatRow } from "../../ui/StatCard";
import { SalesChart, type Day } from "../trade/SalesChart";

/** GET /api/v1/operator/home. */
interface OperatorHome {
  sellerApplications: number;
  oldestSellerApplication?: string;
  productApplications: number;
  realNames: number;
  topUps: number;
  oldestTopUp?: string;
  /** Within seven days. */
  failedCalls: number;
  retryingCalls: number;
  deadJobs: number;
  probeTasks: number;
  refunds: number;
  withdrawals: number;
  /** Bank transfers that belong to nobody yet. */
  receipts: number;
  offers: number;
  accounts: number;
  sellers: number;
  products: number;
  orders: { pendingPayment: number; processing: number; refunding: number; recent: number; recentAmount: string };
  daily: Day[];
  jobs: { ready: number; running: number; dead: number };
  currency: string;
}

/** What waits for the operators, and how the marketplace stands. */
export function HomePage() {
  const { t } = useTranslation("trade");
  const { t: own } = useTranslation("operator");
  const { can } = useSession();
  const { data: home, error, refetch } = useQuery({ queryKey: ["operator-home"], queryFn: ({ signal }) => get<OperatorHome>("/api/v1/operator/home", undefined, signal), refetchInterval: 30_000 });
  const orders = (state: string) => (can("order:oversee") ? { to: `/operator/orders?state=${state}` } : {});
  return (
    <Page title={own("home.title")}>
      <NeedsMe items={home && work(home, can, t)} error={home ? undefined : error} onRetry={() => void refetch()} />
      <StatRow>
        <StatCard label={t("operator_home.sold_amount")} value={home && <Money amount={home.orders.recentAmount} currency={home.currency} />} />
        <StatCard label={t("operator_home.sold")} value={home?.orders.recent} {...(can("order:oversee") ? { to: "/operator/orders" } : {})} />
        <StatCard label={t("operator_home.unpaid")} value={home?.orders.pendingPayment} {...orders("PENDING_PAYMENT")} />
        <StatCard label={t("operator_home.processing")} value={home?.orders.processing} {...orders("PROCESSING")} />
        <StatCard label={t("operator_home.refunding")} value={home?.orders.refunding} {...orders("REFUNDING")} />
        <StatCard label={t("operator_home.accounts")} value={home?.accounts} {...(can("account:oversee") ? { to: "/operator/accounts" } : {})} />
        <StatCard label={t("operator_home.sellers")} value={home?.sellers} {...(can("account:oversee") ? { to: "/operator/sellers" } : {})} />
        <StatCard label={t("operator_home.products")} value={home?.products} />
        <StatCard label={t("operator_home.jobs")} value={home && t("operator_home.jobs_value", { ready: home.jobs.ready, running: home.jobs.running })} {...(can("call:oversee") ? { to: "/operator/system" } : {})} />
      </StatRow>
      {home && <SalesChart days={home.daily} currency={home.currency} />}
    </Page>
  );
}

function work(home: OperatorHome, can: (permission: string) => boolean, t: (key: string, options: { count: number }) => string): NeedsMeItem[] {
  const item = (key: string, permission: string, count: number, to: string, extra: Partial<NeedsMeItem> = {}): NeedsMeItem[] =>
    (can(permission) ? [{ key, count, text: t(`operator_home.${key}`, { count }), to, ...extra }] : []);
  return [
    ...item("failed_calls", "call:oversee", home.failedCalls, "/operator/deliveries?state=failed", { urgent: true }),
    ...item("probe_tasks", "product:penalty", home.probeTasks, "/operator/probing?view=tasks", { urgent: true }),
    ...item("topups", "topup:confirm", home.topUps, "/operator/topups?state=pending", { due: home.oldestTopUp ?? null }),
    ...item("receipts", "topup:confirm", home.receipts, "/operator/receipts?state=unmatched"),
    ...item("refunds", "refund:decide", home.refunds, "/operator/refunds?state=requested"),
    ...item("withdrawals", "withdrawal:pay", home.withdrawals, "/operator/withdrawals?state=requested"),
    ...item("offers", "discount:decide", home.offers, "/operator/offers?state=REVIEWING"),
    ...item("sellers", "seller:review", home.sellerApplications, "/operator/seller-applications?state=reviewing", { due: home.oldestSellerApplication ?? null }),
    ...item("products", "product:review", home.productApplications, "/operator/products?state=reviewing"),
    ...item("real_names", "realname:review", home.realNames, "/operator/real-names?state=pending"),
    ...item("dead_jobs", "call:oversee", home.deadJobs, "/operator/system?j.state=dead", { urgent: true }),
    ...item("retrying_calls", "call:oversee", home.retryingCalls, "/operator/deliveries?state=retrying"),
  ];
}
