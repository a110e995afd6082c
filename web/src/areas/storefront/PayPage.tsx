import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useParams } from "react-router";
import { send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, type ApiProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney, formatMoney } from "../../ui/money";
import { PageError } from "../../ui/PageError";
import { Panel } from "../../ui/Page";
import { ProblemText } from "../../ui/ProblemText";
import { Time } from "../../ui/Time";
import { balanceQuery, orderQuery, type Balance, type Order } from "./buying";
import css from "./buying.module.css";
import { Steps } from "./CheckoutPage";
import { OrderFacts } from "./OrderFacts";
import { OrderVoucher } from "./OrderVoucher";
import { PayOnline } from "./PayOnline";
import { SignedIn } from "./SignedIn";
import { clockText, useCountdown } from "./useCountdown";
import { usePageMeta } from "./usePageMeta";

/** Pays an order from the account's balance, or through a gateway. */
export function PayPage() {
  const { t } = useTranslation("storefront");
  usePageMeta(t("pay.title"));
  return <SignedIn><Pay /></SignedIn>;
}

function Pay() {
  const { t } = useTranslation("storefront");
  const { orderId = "" } = useParams();
  const { data: order, error, refetch } = useQuery(orderQuery(orderId));
  if (error && !order) return <PageError error={error} onRetry={() => void refetch()} consequence={t("checkout.no_charge")} back={{ to: "/buyer/orders", label: t("checkout.to_orders") }} />;
  if (!order) return <div className={`${css.narrow} ${css.bone}`} role="status" aria-label={t("loading", { what: t("pay.title") })} />;
  if (order.state === "PENDING_REVIEW") return <EmptyState title={t("cart:review_title")} hint={t("cart:review_hint")} action={<LinkButton type="primary" to={`/buyer/orders/${order.id}`}>{t("pay.order")}</LinkButton>} />;
  if (order.state === "PENDING_CONFIRM") return <EmptyState title={t("online:adjust.ask")} hint={t("online:adjust.ask_hint", { amount: formatMoney(order.dueAmount, order.currency) })} action={<LinkButton type="primary" to={`/buyer/orders/${order.id}`}>{t("pay.order")}</LinkButton>} />;
  if (order.state === "CANCELED" || order.state === "EXPIRED") return <Closed order={order} />;
  if (order.state !== "PENDING_PAYMENT") return <Navigate to={`/pay/${orderId}/done`} replace />;
  return <Form order={order} />;
}

function Closed({ order }: { order: Order }) {
  const { t } = useTranslation("storefront");
  return (
    <EmptyState title={t(order.state === "EXPIRED" ? "pay.expired" : "pay.canceled")} hint={<>{order.cause?.message} {t("checkout.no_charge")}</>}
      action={<span className={css.ways}><LinkButton type="primary" to={`/products/${order.productId}`}>{t("pay.again")}</LinkButton><LinkButton to={`/buyer/orders/${order.id}`}>{t("pay.order")}</LinkButton></span>} />
  );
}

function Form({ order }: { order: Order }) {
  const { t } = useTranslation("storefront");
  const { can } = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const key = useSubmitKey();
  const sending = useRef(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const balance = useQuery({ ...balanceQuery, enabled: can("balance:read") });
  const left = useCountdown(order.deadline);
  const late = left === 0;
  const missing = balance.data ? addMoney(order.dueAmount, `-${balance.data.balance}`.replace("--", "")) : "0.00";
  const short = balance.data !== undefined && !missing.startsWith("-") && missing !== "0.00";

  const pay = async () => {
    if (sending.current) return; // state comes too late for a double click
    sending.current = true;
    setBusy(true);
    setProblem(null);
    try {
      const paid = await send<Order>("POST", `/api/v1/orders/${order.id}/pay`, undefined, key.keyFor({ order: order.id, due: order.dueAmount }));
      key.done();
      await client.invalidateQueries({ queryKey: ["buying"] });
      if (paid.state !== "EXPIRED") await navigate(`/pay/${order.id}/done`, { replace: true });
    } catch (error) {
      const failure = asProblem(error);
      if (failure.code === "ledger.insufficient") await balance.refetch();
      // The order moved on in another window, or it was paid although the answer was lost.
      if (failure.status === 409 || failure.status === 0) await client.invalidateQueries({ queryKey: ["buying", "order", order.id] });
      if (failure.status !== 0) key.done();
      setProblem(failure);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  return (
    <div className={css.narrow}>
      <h1 className={css.title}>{t("pay.title")}</h1>
      <Steps now={1} />
      <Panel>
        <div className={css.due}><span>{t("buy.due")}</span><Money amount={order.dueAmount} currency={order.currency} size="large" /></div>
        <OrderFacts productId={order.productId} productName={order.productName} specName={order.specName} sellerName={order.sellerName} periodType={order.periodType} periods={order.periodNumber} />
        <dl className={css.rows}>
          {Number(order.voucherAmount) > 0 && <div><dt>{t("voucher:pick.pays")}</dt><dd>−<Money amount={order.voucherAmount} currency={order.currency} /></dd></div>}
          <div><dt>{t("pay.number")}</dt><dd><CopyText text={order.id} /></dd></div>
          {order.deadline && <div><dt>{t("pay.deadline")}</dt><dd><Time at={order.deadline} />{left !== undefined && !late && <span className={css.left} role="timer">{t("pay.left", { left: clockText(left) })}</span>}</dd></div>}
        </dl>
      </Panel>
      <OrderVoucher orderId={order.id} disabled={late || busy} />
      <Panel title={t("pay.method")}>
        {can("balance:read") ? <BalanceRows balance={balance.data} due={order.dueAmount} error={balance.error} short={short} missing={missing} order={order} /> : <p className="soft">{t("pay.from_balance")}</p>}
        {late && <p role="alert" className={css.blocker}>{t("pay.late")}</p>}
        {problem && !(problem.code === "ledger.insufficient" && short) && <div className={css.failure}><ProblemText error={problem} /><p className={css.small}>{t(problem.status === 0 ? "pay.unsure" : "checkout.no_charge")}</p></div>}
        <div className={css.actions}>
          {!short && <Button type="primary" size="large" className="buy" loading={busy} disabled={late || (can("balance:read") && !balance.data && !balance.error)} onClick={() => void pay()}>{t("pay.submit")}</Button>}
          <LinkButton size="large" type={short ? "default" : "text"} to={`/buyer/orders/${order.id}`}>{t("pay.later")}</LinkButton>
        </div>
      </Panel>
      <PayOnline orders={[order.id]} amount={order.dueAmount} currency={order.currency} disabled={late || busy} />
    </div>
  );
}

interface BalanceProps {
  balance: Balance | undefined;
  due: string;
  error: Error | null;
  short: boolean;
  missing: string;
  order: Order;
}

function BalanceRows({ balance, due, error, short, missing, order }: BalanceProps) {
  const { t } = useTranslation("storefront");
  const { can } = useSession();
  if (error && !balance) return <ProblemText error={error} />;
  if (!balance) return <div className={css.bone} style={{ height: 48 }} role="status" aria-label={t("loading", { what: t("pay.balance") })} />;
  const topUp = `/buyer/topups?amount=${missing}&next=${encodeURIComponent(`/pay/${order.id}`)}`;
  return (
    <>
      <dl className={css.rows}>
        <div><dt>{t("pay.balance")}</dt><dd><Money amount={balance.balance} currency={balance.currency} /></dd></div>
        {short
          ? <div><dt>{t("pay.missing")}</dt><dd className={css.missing}><Money amount={missing} currency={balance.currency} /></dd></div>
          : <div><dt>{t("pay.after")}</dt><dd><Money amount={addMoney(balance.balance, `-${due}`)} currency={balance.currency} /></dd></div>}
      </dl>
      {short && (
        <div className={css.blocker} role="status">
          <p>{t("pay.short")} {/^0*\.?0*$/.test(balance.pending) ? "" : <>{t("pay.pending")} <Money amount={balance.pending} currency={balance.currency} /></>}</p>
          {can("balance:topup") ? <LinkButton type="primary" to={topUp}>{t("pay.top_up_missing", { amount: formatMoney(missing, balance.currency) })}</LinkButton> : <p>{t("pay.ask_top_up")}</p>}
        </div>
      )}
    </>
  );
}
