import { CheckCircleFilled, ClockCircleOutlined, ExclamationCircleFilled, LoadingOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useParams } from "react-router";
import { CopyText } from "../../ui/CopyText";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { PageError } from "../../ui/PageError";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { orderQuery, type Order } from "./buying";
import css from "./buying.module.css";
import { Steps } from "./CheckoutPage";
import { OrderFacts } from "./OrderFacts";
import { SignedIn } from "./SignedIn";
import { usePageMeta } from "./usePageMeta";

/** After paying: follows the delivery until the instance is there or the money is back. */
export function PaidPage() {
  const { t } = useTranslation("storefront");
  usePageMeta(t("paid.title"));
  return <SignedIn><Paid /></SignedIn>;
}

/** Often while the seller's server is likely to answer, then seldom: a retry may take hours. */
const pollAfter = (order: Order): number => {
  const age = Date.now() - new Date(order.paidAt ?? order.createdAt).getTime();
  return age < 60_000 ? 1500 : age < 600_000 ? 5000 : 30_000;
};

const moving = (order: Order | undefined): boolean => order?.state === "PROCESSING" || order?.state === "REFUNDING";

const refunding = (order: Order): boolean => order.state === "REFUNDING" || order.state === "REFUNDED";

function Paid() {
  const { t } = useTranslation("storefront");
  const { orderId = "" } = useParams();
  const { data: order, error, refetch } = useQuery({
    ...orderQuery(orderId),
    refetchInterval: ({ state }) => (state.data && moving(state.data) ? pollAfter(state.data) : false),
  });
  if (error && !order) return <PageError error={error} onRetry={() => void refetch()} consequence={t("paid.safe")} back={{ to: "/buyer/orders", label: t("checkout.to_orders") }} />;
  if (!order) return <div className={`${css.narrow} ${css.bone}`} role="status" aria-label={t("loading", { what: t("paid.title") })} />;
  if (["PENDING_REVIEW", "PENDING_CONFIRM", "PENDING_PAYMENT", "CANCELED", "EXPIRED"].includes(order.state)) return <Navigate to={`/pay/${orderId}`} replace />;
  // A refund after the delivery has its own page and words.
  if (refunding(order) && order.steps.some((step) => step.to === "COMPLETED")) return <Navigate to={`/buyer/orders/${orderId}`} replace />;
  const instance = order.instances[0];
  return (
    <div className={css.narrow}>
      <h1 className={css.title}>{t("paid.title")}</h1>
      <Steps now={2} />
      <Panel>
        <Outcome order={order} />
        <ol className={css.progress} aria-label={t("paid.progress")}>
          <Step done icon={<CheckCircleFilled aria-hidden />} text={t("paid.step_paid")}>
            <Money amount={order.paidAmount} currency={order.currency} />{order.paidAt && <> · <Time at={order.paidAt} detail="second" /></>}
          </Step>
          <Delivery order={order} />
        </ol>
        <OrderFacts productId={order.productId} productName={order.productName} specName={order.specName} sellerName={order.sellerName} periodType={order.periodType} periods={order.periodNumber} />
        <dl className={css.rows}><div><dt>{t("pay.number")}</dt><dd><CopyText text={order.id} /></dd></div></dl>
        <div className={css.actions}>
          {instance && order.state === "COMPLETED" && <LinkButton size="large" type="primary" to={`/buyer/instances/${instance.id}`}>{t("paid.open")}</LinkButton>}
          <LinkButton size="large" to={`/buyer/orders/${order.id}`}>{t("pay.order")}</LinkButton>
          <LinkButton size="large" type="text" to="/">{t("paid.on")}</LinkButton>
        </div>
      </Panel>
    </div>
  );
}

function Outcome({ order }: { order: Order }) {
  const { t } = useTranslation("storefront");
  const kind = order.state === "COMPLETED" ? "completed" : refunding(order) ? "refunded" : "processing";
  return (
    <div className={css.outcome} data-kind={kind} role="status">
      <p className={css.outcomeTitle}>
        {kind === "completed" ? <CheckCircleFilled aria-hidden /> : kind === "refunded" ? <ExclamationCircleFilled aria-hidden /> : <LoadingOutlined aria-hidden />}
        {t(order.state === "REFUNDING" ? "paid.refunding" : `paid.${kind}`)}
      </p>
      <p className="soft">{kind === "refunded" && order.cause ? `${order.cause.message} ` : ""}{t(`paid.${kind}_hint`)}</p>
    </div>
  );
}

function Delivery({ order }: { order: Order }) {
  const { t } = useTranslation("storefront");
  const ended = order.steps.find((step) => step.to === "COMPLETED");
  const back = order.steps.find((step) => step.to === "REFUNDED");
  if (order.state === "COMPLETED") return <Step done icon={<CheckCircleFilled aria-hidden />} text={t("paid.step_delivered", { seller: order.sellerName })}>{ended && <Time at={ended.at} detail="second" />}</Step>;
  if (order.state === "PROCESSING") return <Step icon={<LoadingOutlined aria-hidden />} text={t("paid.step_delivering", { seller: order.sellerName })}>{t("paid.step_retry")}</Step>;
  return (
    <>
      <Step failed icon={<ExclamationCircleFilled aria-hidden />} text={t("paid.step_failed")}>{order.cause?.message}</Step>
      <Step done={order.state === "REFUNDED"} icon={order.state === "REFUNDED" ? <CheckCircleFilled aria-hidden /> : <ClockCircleOutlined aria-hidden />} text={t(order.state === "REFUNDED" ? "paid.step_refunded" : "paid.step_refunding")}>
        {back && <Time at={back.at} detail="second" />}
      </Step>
    </>
  );
}

function Step({ done = false, failed = false, icon, text, children }: { done?: boolean; failed?: boolean; icon: ReactNode; text: string; children?: ReactNode }) {
  return <li data-tone={done ? "done" : failed ? "failed" : "now"} aria-current={!done && !failed ? "step" : undefined}>{icon}<span><span>{text}</span><small>{children}</small></span></li>;
}
