import { CheckCircleFilled } from "@ant-design/icons";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, type ApiProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney, formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ProblemText } from "../../ui/ProblemText";
import { StateTag } from "../../ui/StateTag";
import { balanceQuery, orderQuery, type Order } from "./buying";
import buying from "./buying.module.css";
import css from "./cart.module.css";
import { Steps } from "./CheckoutPage";
import { PayOnline } from "./PayOnline";
import { SignedIn } from "./SignedIn";
import { usePageMeta } from "./usePageMeta";

/** Pays several orders at once, all or nothing. */
export function PayAllPage() {
  const { t } = useTranslation("cart");
  usePageMeta(t("pay_title"));
  return <SignedIn><Pay /></SignedIn>;
}

function Pay() {
  const { t } = useTranslation("cart");
  const [params] = useSearchParams();
  const ids = [...new Set((params.get("orders") ?? "").split(",").filter(Boolean))];
  const found = useQueries({ queries: ids.map((id) => orderQuery(id)) });
  const failed = found.find((one) => one.error && !one.data);
  if (ids.length === 0) return <EmptyState title={t("pay_nothing")} action={<LinkButton to="/buyer/orders" type="primary">{t("storefront:checkout.to_orders")}</LinkButton>} />;
  if (failed) return <PageError error={failed.error} onRetry={() => void failed.refetch()} consequence={t("storefront:checkout.no_charge")} back={{ to: "/buyer/orders", label: t("storefront:checkout.to_orders") }} />;
  const orders = found.flatMap((one) => (one.data ? [one.data] : []));
  if (orders.length < ids.length) return <div className={`${css.narrow} ${css.bone}`} role="status" aria-label={t("loading", { what: t("pay_title") })} />;
  return <Form orders={orders} />;
}

function Form({ orders }: { orders: Order[] }) {
  const { t } = useTranslation("cart");
  const { can } = useSession();
  const client = useQueryClient();
  const key = useSubmitKey();
  const sending = useRef(false);
  const [busy, setBusy] = useState(false);
  const [paid, setPaid] = useState(false);
  const [expired, setExpired] = useState<string[]>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const balance = useQuery({ ...balanceQuery, enabled: can("balance:read") });
  const open = orders.filter((order) => order.state === "PENDING_PAYMENT");
  const total = addMoney(...open.map((order) => order.dueAmount));
  const currency = orders[0]!.currency;
  const rest = balance.data && addMoney(balance.data.balance, `-${total}`);
  const short = Boolean(rest?.startsWith("-"));

  const pay = async () => {
    if (sending.current) return; // state comes too late for a double click
    sending.current = true;
    setBusy(true);
    setProblem(null);
    setExpired([]);
    const body = { orders: open.map((order) => order.id) };
    try {
      const answer = await send<{ paid: boolean; orders: Order[] }>("POST", "/api/v1/orders/pay", body, key.keyFor({ ...body, total }));
      key.done();
      setPaid(answer.paid);
      if (!answer.paid) setExpired(answer.orders.filter((order) => order.state === "EXPIRED").map((order) => order.id));
    } catch (error) {
      const failure = asProblem(error);
      if (failure.status !== 0) key.done();
      setProblem(failure);
    } finally {
      await client.invalidateQueries({ queryKey: ["buying"] });
      sending.current = false;
      setBusy(false);
    }
  };
  return (
    <div className={css.narrow}>
      <h1>{t(paid ? "paid_title" : "pay_title")}</h1>
      <Steps now={paid ? 2 : 1} />
      {paid && <div role="status" className={css.done}><CheckCircleFilled aria-hidden />{t("paid", { count: orders.filter((order) => order.paidAt).length })}</div>}
      {expired.length > 0 && (
        <div role="alert" className={css.notice}><p>{t("expired")}</p><ul>{orders.filter((order) => expired.includes(order.id)).map((order) => <li key={order.id}>{order.productName} ({order.id}): {order.cause?.message}</li>)}</ul></div>
      )}
      <Panel title={t("orders", { count: orders.length })}>
        <ul className={css.orders}>
          {orders.map((order) => (
            <li key={order.id}>
              <div className={css.what}><Link to={`/buyer/orders/${order.id}`}>{order.productName}</Link><span className="soft">{order.sellerName} · <span className="mono">{order.id}</span></span>{Number(order.voucherAmount) > 0 && <span className="soft">{t("voucher:pick.paid", { pays: formatMoney(order.voucherAmount, order.currency) })}</span>}<StateTag kind="order" state={order.state} /></div>
              <Money amount={order.dueAmount} currency={order.currency} />
            </li>
          ))}
        </ul>
        {orders.some((order) => order.state === "PENDING_REVIEW") && <p className={css.small}>{t("in_review")}</p>}
      </Panel>
      {open.length > 0 && (
        <Panel title={t("storefront:pay.method")}>
          <div className={css.total}><span>{t("pay_total", { count: open.length })}</span><Money amount={total} currency={currency} size="large" /></div>
          {balance.data && rest && (
            <dl className={buying.rows}>
              <div><dt>{t("storefront:pay.balance")}</dt><dd><Money amount={balance.data.balance} currency={currency} /></dd></div>
              {short
                ? <div><dt>{t("storefront:pay.missing")}</dt><dd className={buying.missing}><Money amount={rest.slice(1)} currency={currency} /></dd></div>
                : <div><dt>{t("storefront:pay.after")}</dt><dd><Money amount={rest} currency={currency} /></dd></div>}
            </dl>
          )}
          {short && rest && can("balance:topup") && <div className={css.notice} role="status"><p>{t("storefront:pay.short")}</p><LinkButton type="primary" to={`/buyer/topups?amount=${rest.slice(1)}&next=${encodeURIComponent(location.pathname + location.search)}`}>{t("storefront:pay.top_up_missing", { amount: formatMoney(rest.slice(1), currency) })}</LinkButton></div>}
          <p className={css.small}>{t("pay_hint")}</p>
          {problem && <div className={buying.failure}><ProblemText error={problem} />{problem.fields.map((one) => <p key={one.field}>{one.message}</p>)}<p className={css.small}>{t(problem.status === 0 ? "storefront:pay.unsure" : "storefront:checkout.no_charge")}</p></div>}
          <div className={buying.actions}>
            {!short && <Button type="primary" size="large" className="buy" loading={busy} disabled={can("balance:read") && !balance.data && !balance.error} onClick={() => void pay()}>{t("pay", { count: open.length })}</Button>}
            <LinkButton size="large" type="text" to="/buyer/orders">{t("storefront:pay.later")}</LinkButton>
          </div>
        </Panel>
      )}
      {open.length > 0 && <PayOnline orders={open.map((order) => order.id)} amount={total} currency={currency} disabled={busy} />}
      {open.length === 0 && <div className={buying.actions}><LinkButton size="large" type="primary" to="/buyer/orders">{t("storefront:checkout.to_orders")}</LinkButton><LinkButton size="large" to="/buyer/instances">{t("to_services")}</LinkButton></div>}
    </div>
  );
}
