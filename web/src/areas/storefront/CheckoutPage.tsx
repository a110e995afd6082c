import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { PageError } from "../../ui/PageError";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { changeQuery, quoteQuery, type ChangeWish, type Quote } from "./buying";
import css from "./buying.module.css";
import { CheckoutForm } from "./CheckoutForm";
import { DiscountChoice } from "./DiscountChoice";
import { OrderFacts } from "./OrderFacts";
import { PriceFacts } from "./PriceFacts";
import { productQuery } from "./product";
import { SignedIn } from "./SignedIn";
import { StoreNotFound } from "./StoreNotFound";
import { usePageMeta } from "./usePageMeta";

/** Confirms what is bought, by whom and on which terms: quote → order. */
export function CheckoutPage() {
  const { t } = useTranslation("storefront");
  usePageMeta(t("checkout.title"));
  const [params] = useSearchParams();
  const instance = params.get("instance");
  return <SignedIn>{instance && params.has("change") ? <ChangeCheckout instance={instance} /> : <Checkout />}</SignedIn>;
}

/** The same for a change of a running service: what it is now, what it will be, and the difference. */
function ChangeCheckout({ instance }: { instance: string }) {
  const { t } = useTranslation(["storefront", "changes"]);
  const [params] = useSearchParams();
  const client = useQueryClient();
  const quantity = Math.trunc(Number(params.get("quantity"))) || 0;
  const plan = params.get("plan");
  const [discount, setDiscount] = useState("");
  const wish: ChangeWish = {
    target: params.get("target") ?? "", withRenewal: params.get("change") === "renewal", ...(quantity ? { quantity } : {}),
    ...(plan ? { planId: plan, periods: Math.trunc(Number(params.get("periods"))) || 1 } : {}), ...(discount ? { discount } : {}),
  };
  const options = changeQuery(instance, wish);
  const { data: quote, error, refetch, isFetching, isPlaceholderData } = useQuery(options);
  const back = { to: `/buyer/instances/${instance}`, label: t("changes:back") };
  if (error && !quote) return <PageError error={error} onRetry={() => void refetch()} consequence={t("checkout.no_charge")} back={back} />;
  return (
    <>
      <h1 className={css.title}>{t("changes:checkout")}</h1>
      <Steps now={0} />
      {quote ? <Body quote={quote} busy={isFetching} changing={isPlaceholderData} onDiscount={setDiscount} back={back} requote={() => client.refetchQueries({ queryKey: options.queryKey })} /> : <Skeleton />}
    </>
  );
}

function Checkout() {
  const { t } = useTranslation("storefront");
  const [params] = useSearchParams();
  const client = useQueryClient();
  const plan = params.get("plan") ?? "";
  const unifiedDay = Math.trunc(Number(params.get("unified"))) || 0;
  const periods = Math.max(unifiedDay ? 0 : 1, Math.trunc(Number(params.get("periods"))) || (unifiedDay ? 0 : 1));
  const quantity = Math.trunc(Number(params.get("quantity"))) || 0;
  const instance = params.get("instance");
  const link = params.get("link") ?? "";
  const [discount, setDiscount] = useState(params.get("discount") ?? "");
  const options = quoteQuery({ ...(instance ? { instanceId: instance } : {}), planId: plan, periods, ...(quantity ? { quantity } : {}), ...(unifiedDay ? { unifiedDay } : {}), ...(link ? { link } : {}), ...(discount ? { discount } : {}) });
  const { data: quote, error, refetch, isFetching, isPlaceholderData } = useQuery(options);
  if (!plan) return <StoreNotFound title={t("checkout.nothing")} hint={t("checkout.nothing_hint")} />;
  if (error && !quote) {
    const product = params.get("product");
    return <PageError error={error} onRetry={() => void refetch()} consequence={t("checkout.no_charge")} {...(product ? { back: { to: `/products/${product}`, label: t("checkout.back") } } : {})} />;
  }
  return (
    <>
      <h1 className={css.title}>{t("checkout.title")}</h1>
      <Steps now={0} />
      {quote ? <Body quote={quote} busy={isFetching} changing={isPlaceholderData} onDiscount={setDiscount} requote={() => client.refetchQueries({ queryKey: options.queryKey })} /> : <Skeleton />}
    </>
  );
}

function Body({ quote, busy, changing = false, onDiscount, back, requote }: { quote: Quote; busy: boolean; changing?: boolean; onDiscount: (id: string) => void; back?: { to: string; label: string }; requote: () => Promise<void> }) {
  const { t } = useTranslation("storefront");
  const { price } = quote;
  const { data: product, error, refetch } = useQuery(productQuery(price.productId));
  const blocker = price.blocker;
  return (
    <div className={css.page}>
      <div className={css.main}>
        <Panel title={t("checkout.what")}>
          <OrderFacts productId={price.productId} productName={price.productName} specName={price.specName} periodType={price.periodType} periods={price.periods} chosen={price.chosen} {...(price.change ? { change: price.change } : {})} {...(product ? { sellerName: product.seller.name } : {})} />
          <div className={css.sums} aria-busy={changing}><PriceFacts price={price} /></div>
          <DiscountChoice options={price.discounts} currency={price.currency} disabled={changing} onPick={onDiscount} />
        </Panel>
        <Buyer needsRealName={blocker?.code === "trade.real_name_needed"} {...(blocker ? { message: blocker.message } : {})} />
        {blocker && blocker.code !== "trade.real_name_needed" && (
          <div role="alert" className={css.blocker}><p>{blocker.message}</p><LinkButton to={back?.to ?? `/products/${price.productId}`}>{back?.label ?? t("checkout.back")}</LinkButton></div>
        )}
      </div>
      {product ? <CheckoutForm quote={quote} product={product} blocked={Boolean(blocker) || changing} requoting={busy} requote={requote} />
        : error ? <PageError error={error} onRetry={() => void refetch()} consequence={t("checkout.no_charge")} />
          : <div className={`${css.side} ${css.bone}`} />}
    </div>
  );
}

function Buyer({ needsRealName, message }: { needsRealName: boolean; message?: string }) {
  const { t } = useTranslation("storefront");
  const { session } = useSession();
  const account = session?.account;
  return (
    <Panel title={t("checkout.buyer")} extra={account && <StateTag kind="real_name" state={account.realNameState} />}>
      <p><strong>{account?.name}</strong></p>
      <p className="soft">{t("checkout.ordered_by", { name: session?.user?.name || session?.user?.email || "" })}</p>
      {needsRealName && (
        <div role="alert" className={css.blocker}>
          <p>{message} {account?.realNameState === "pending" && t("checkout.real_name_pending")}</p>
          <LinkButton to="/buyer/account">{t("checkout.real_name_fix")}</LinkButton>
        </div>
      )}
    </Panel>
  );
}

/** Where the buyer is on the way: confirm, pay, delivered. */
export function Steps({ now }: { now: 0 | 1 | 2 }) {
  const { t } = useTranslation("storefront");
  return (
    <ol className={css.steps} aria-label={t("steps.label")}>
      {(["confirm", "pay", "deliver"] as const).map((step, index) => (
        <li key={step} aria-current={index === now ? "step" : undefined} data-done={index < now}><span aria-hidden="true">{index + 1}</span>{t(`steps.${step}`)}</li>
      ))}
    </ol>
  );
}

function Skeleton() {
  const { t } = useTranslation("storefront");
  return (
    <div className={css.page} role="status" aria-label={t("loading", { what: t("checkout.title") })}>
      <div className={css.main}><div className={css.bone} /><div className={css.bone} /></div>
      <div className={`${css.side} ${css.bone}`} />
    </div>
  );
}
