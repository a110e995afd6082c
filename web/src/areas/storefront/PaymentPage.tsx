import { CheckCircleFilled, ExclamationCircleFilled, LoadingOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get, send } from "../../api/client";
import { safeTarget } from "../../api/session";
import { CopyText } from "../../ui/CopyText";
import { toast } from "../../ui/feedback";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { PageError } from "../../ui/PageError";
import { Panel } from "../../ui/Page";
import { useProblemText } from "../../ui/ProblemText";
import { goTo, rememberedNext, type OnlinePayment } from "../online/online";
import css from "./buying.module.css";
import { SignedIn } from "./SignedIn";
import { usePageMeta } from "./usePageMeta";

/** Where a gateway sends the browser back: waits until the gateway has told how the payment stands. */
export function PaymentPage() {
  const { t } = useTranslation("online");
  usePageMeta(t("back.title"));
  return <SignedIn anybody><Payment /></SignedIn>;
}

const open = (payment: OnlinePayment): boolean => payment.state === "created" || payment.state === "waiting";

/** Every so often the gateway itself is asked: its notice may be late or lost. */
const askEvery = 4;

function Payment() {
  const { t } = useTranslation("online");
  const { id = "" } = useParams();
  const path = `/api/v1/payments/${encodeURIComponent(id)}`;
  const client = useQueryClient();
  const asked = useRef(0);
  const { data: payment, error, refetch } = useQuery({
    queryKey: ["payment", id],
    queryFn: async ({ signal }) => {
      asked.current += 1;
      return asked.current % askEvery === 0 ? send<OnlinePayment>("POST", `${path}/check`).catch(() => get<OnlinePayment>(path, undefined, signal)) : get<OnlinePayment>(path, undefined, signal);
    },
    refetchInterval: ({ state }) => (state.data && open(state.data) ? (asked.current < 20 ? 1500 : 10_000) : false),
  });
  const done = payment && !open(payment);
  useEffect(() => { if (done) void client.invalidateQueries({ queryKey: ["buying"] }); }, [client, done]);
  if (error && !payment) return <PageError error={error} onRetry={() => void refetch()} back={{ to: "/buyer/orders", label: t("storefront:checkout.to_orders") }} />;
  if (!payment) return <div className={`${css.narrow} ${css.bone}`} role="status" aria-label={t("back.title")} />;
  return (
    <div className={css.narrow}>
      <h1 className={css.title}>{t("back.title")}</h1>
      <Panel>
        <Outcome payment={payment} />
        <dl className={css.rows}>
          <div><dt>{t("amount")}</dt><dd><Money amount={payment.amount} currency={payment.currency} /></dd></div>
          <div><dt>{t("number")}</dt><dd><CopyText text={payment.number} /></dd></div>
        </dl>
        <Ways payment={payment} path={path} onChanged={(now) => client.setQueryData(["payment", id], now)} />
      </Panel>
    </div>
  );
}

function kindOf(payment: OnlinePayment): string {
  if (open(payment)) return "open";
  if (payment.state !== "succeeded") return payment.state;
  if (payment.purpose === "balance") return "topped_up";
  return payment.outcome === "paid" ? "paid" : "on_balance";
}

function Outcome({ payment }: { payment: OnlinePayment }) {
  const { t } = useTranslation("online");
  const kind = kindOf(payment);
  const good = kind === "paid" || kind === "topped_up";
  return (
    <div className={css.outcome} data-kind={good ? "completed" : kind === "open" ? "processing" : "refunded"} role="status">
      <p className={css.outcomeTitle}>{good ? <CheckCircleFilled aria-hidden /> : kind === "open" ? <LoadingOutlined aria-hidden /> : <ExclamationCircleFilled aria-hidden />}{t(`back.${kind}`)}</p>
      <p className="soft">{payment.cause ? `${payment.cause.message} ` : ""}{t(`back.${kind}_hint`)}{kind === "paid" && payment.surplus !== "0.00" && <> {t("back.surplus")} <Money amount={payment.surplus} currency={payment.currency} /></>}</p>
    </div>
  );
}

function Ways({ payment, path, onChanged }: { payment: OnlinePayment; path: string; onChanged: (now: OnlinePayment) => void }) {
  const { t } = useTranslation("online");
  const text = useProblemText();
  const [busy, setBusy] = useState("");
  const ask = async (what: "check" | "cancel") => {
    setBusy(what);
    try {
      onChanged(await send<OnlinePayment>("POST", `${path}/${what}`));
    } catch (error) {
      toast.error(text(error));
    } finally {
      setBusy("");
    }
  };
  const one = payment.orders.length === 1 ? payment.orders[0] : undefined;
  const again = payment.purpose === "balance" ? "/buyer/topups" : one ? `/pay/${one}` : `/pay?orders=${payment.orders.join(",")}`;
  const orders = one ? `/buyer/orders/${one}` : "/buyer/orders";
  const next = rememberedNext();
  switch (kindOf(payment)) {
    case "open":
      return (
        <div className={css.actions}>
          <Button size="large" type="primary" loading={busy === "check"} onClick={() => void ask("check")}>{t("back.check")}</Button>
          {payment.redirectUrl && <Button size="large" onClick={() => goTo(payment)}>{t("back.to_gateway")}</Button>}
          <Button size="large" type="text" loading={busy === "cancel"} onClick={() => void ask("cancel")}>{t("back.give_up")}</Button>
        </div>
      );
    case "paid":
      return <div className={css.actions}><LinkButton size="large" type="primary" to={one ? `/pay/${one}/done` : "/buyer/orders"}>{t(one ? "back.delivery" : "back.orders")}</LinkButton></div>;
    case "topped_up":
      return (
        <div className={css.actions}>
          {next && <LinkButton size="large" type="primary" to={safeTarget(next)}>{t("back.go_on")}</LinkButton>}
          <LinkButton size="large" to="/buyer/balance">{t("back.balance")}</LinkButton>
        </div>
      );
    case "on_balance":
      return <div className={css.actions}><LinkButton size="large" type="primary" to="/buyer/balance">{t("back.balance")}</LinkButton><LinkButton size="large" to={orders}>{t("back.orders")}</LinkButton></div>;
  }
  return <div className={css.actions}><LinkButton size="large" type="primary" to={again}>{t("back.again")}</LinkButton><LinkButton size="large" to={orders}>{t("back.orders")}</LinkButton></div>;
}
