import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useId, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { currentLang } from "../../i18n";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, type ApiProblem } from "../../api/problem";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney, formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ProblemText } from "../../ui/ProblemText";
import { ChosenText } from "../trade/Explanation";
import { pays, type Fitting, type Fittings } from "../trade/voucher";
import buying from "./buying.module.css";
import { byProduct, cartQuery, grouped, taken, useCartChanged, type Cart, type CartLine, type Group, type Picks } from "./cart";
import css from "./cart.module.css";
import { LinePrice } from "./CartLineRow";
import { AgreementDialog } from "./CheckoutForm";
import { Steps } from "./CheckoutPage";
import { DiscountChoice } from "./DiscountChoice";
import { unitOf } from "./offer";
import { productQuery } from "./product";
import { SignedIn } from "./SignedIn";
import { usePageMeta } from "./usePageMeta";
import { VoucherPick } from "./VoucherPick";

/** Confirms the chosen lines of the cart: one order for each product. */
export function CartCheckoutPage() {
  const { t } = useTranslation("cart");
  usePageMeta(t("checkout_title"));
  return <SignedIn><Shown /></SignedIn>;
}

const most = { note: 200, purchase: 64 };

function Shown() {
  const { t } = useTranslation("cart");
  const [params] = useSearchParams();
  const [picks, setPicks] = useState<Picks>({});
  const { data: cart, error, refetch, isFetchedAfterMount, isPlaceholderData } = useQuery(cartQuery(picks));
  if (error && !cart) return <PageError error={error} onRetry={() => void refetch()} consequence={t("storefront:checkout.no_charge")} />;
  if (!cart || !(isFetchedAfterMount || isPlaceholderData)) return <div className={css.bone} role="status" aria-label={t("loading", { what: t("checkout_title") })} />;
  const wanted = new Set((params.get("lines") ?? "").split(","));
  const lines = cart.lines.filter((line) => wanted.has(line.id));
  if (lines.length === 0) return <EmptyState title={t("nothing")} hint={t("nothing_hint")} action={<LinkButton to="/cart" type="primary">{t("to_cart")}</LinkButton>} />;
  return <Form cart={cart} lines={lines} pricing={isPlaceholderData} onPick={(key, discount) => setPicks((now) => ({ ...now, [key]: discount }))} />;
}

function Form({ cart, lines, pricing, onPick }: { cart: Cart; lines: CartLine[]; pricing: boolean; onPick: (key: string, discount: string) => void }) {
  const { t } = useTranslation("cart");
  const navigate = useNavigate();
  const key = useSubmitKey();
  const changed = useCartChanged();
  const id = useId();
  const sending = useRef(false);
  const [busy, setBusy] = useState(false);
  const [accepted, setAccepted] = useState<string[]>([]);
  const [purchase, setPurchase] = useState("");
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const products = grouped(lines, byProduct);
  const [picked, setPicked] = useState<Record<string, string>>({}); // by the first line of each order; "" is none
  const shown = lines.map((line) => ({ id: line.id, amount: line.price.amount }));
  const discounts = taken(cart, lines.map((line) => line.key));
  const vouchers = useQuery({
    queryKey: ["cart-vouchers", shown, discounts, currentLang()], staleTime: 0, enabled: !pricing,
    queryFn: () => send<{ orders: Fittings[] }>("POST", "/api/v1/cart/vouchers", { lines: shown.map((line) => line.id), discounts }),
  });
  const chosen = chosenOf(vouchers.data?.orders ?? [], picked);
  const total = addMoney(...lines.map((line) => line.price.amount));
  const saved = addMoney("0.00", ...Object.values(chosen).flatMap((one) => (one ? [one.pays] : [])));
  const possible = lines.every((line) => !line.problem) && !cart.blocker && !pricing;
  const fault = (field: string) => problem?.fields.find((one) => one.field === field)?.message;
  const named = problem?.fields.filter((one) => one.field.startsWith("lines")) ?? [];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending.current) return; // state comes too late for a double click
    sending.current = true;
    setBusy(true);
    setProblem(null);
    const body = {
      lines: shown.map((line) => ({ ...line, ...(chosen[line.id] ? { voucherId: chosen[line.id]!.id, voucherAmount: chosen[line.id]!.pays } : {}) })), agreementsAccepted: accepted,
      purchaseNumber: purchase.trim(), note: note.trim(), discounts,
    };
    try {
      const { orders } = await send<{ orders: { id: string }[] }>("POST", "/api/v1/cart/checkout", body, key.keyFor(body));
      key.done();
      await navigate(orders.length === 1 ? `/pay/${orders[0]!.id}` : `/pay?orders=${orders.map((order) => order.id).join(",")}`, { replace: true });
      await changed();
    } catch (error) {
      setProblem(asProblem(error));
      if (asProblem(error).status === 409) await Promise.all([changed(), vouchers.refetch()]);
      sending.current = false;
      setBusy(false);
    }
  };
  const accept = (product: string, on: boolean) => setAccepted((now) => (on ? [...now.filter((one) => one !== product), product] : now.filter((one) => one !== product)));
  return (
    <>
      <h1 className={buying.title}>{t("checkout_title")}</h1>
      <Steps now={0} />
      <form className={css.page} onSubmit={(event) => void submit(event)} noValidate aria-busy={busy}>
        <div className={css.main}>
          {named.length > 0 && (
            <div role="alert" className={css.notice}>
              <p><ProblemText error={problem} /></p>
              <ul>{named.map((one) => <li key={one.field}>{one.message}</li>)}</ul>
              <LinkButton to="/cart">{t("to_cart")}</LinkButton>
            </div>
          )}
          {cart.blocker && <div role="alert" className={css.notice}><p>{cart.blocker.message}</p></div>}
          {products.map((product) => (
            <Panel key={product.id} title={product.name} extra={<span className="soft">{product.lines[0]!.sellerName}</span>}>
              <ul className={css.orders}>{product.lines.map((line) => <Line key={line.id} line={line} currency={cart.currency} />)}</ul>
              {cart.discounts.filter((one) => product.lines.some((line) => line.key === one.key)).map((one) => (
                <DiscountChoice key={one.key} options={one.options} currency={cart.currency} disabled={busy || pricing} onPick={(discount) => onPick(one.key, discount)} />
              ))}
              {vouchers.data?.orders.filter((order) => product.lines.some((line) => line.id === order.lines?.[0])).map((order) => (
                <VoucherPick key={order.lines![0]} list={order.vouchers} value={chosen[order.lines![0]!]?.id ?? ""} disabled={busy}
                  onChange={(one) => setPicked((now) => ({ ...now, [order.lines![0]!]: one?.id ?? "" }))} />
              ))}
              <Agreement product={product} checked={accepted.includes(product.id)} disabled={busy} fault={fault(`agreements.${product.id}`)} onChange={(on) => accept(product.id, on)} />
            </Panel>
          ))}
        </div>
        <div className={css.side}>
          <Panel>
            <div className={css.total}><span>{t("total", { count: lines.length })}</span><Money amount={addMoney(total, `-${saved}`)} currency={cart.currency} size="large" /></div>
            {Number(saved) > 0 && <p className={css.small}>{t("voucher:pick.after", { price: formatMoney(total, cart.currency), pays: formatMoney(saved, cart.currency) })}</p>}
            <div className={buying.field}>
              <label htmlFor={`${id}-purchase`}>{t("purchase")}</label>
              <input id={`${id}-purchase`} className={css.input} value={purchase} maxLength={most.purchase} disabled={busy} aria-describedby={`${id}-purchase-hint`} aria-invalid={Boolean(fault("purchaseNumber"))} onChange={(event) => setPurchase(event.target.value)} />
              <span id={`${id}-purchase-hint`} className={buying.hint}>{fault("purchaseNumber") ?? t("purchase_hint")}</span>
            </div>
            <div className={buying.field}>
              <label htmlFor={`${id}-note`}>{t("storefront:checkout.note")}</label>
              <textarea id={`${id}-note`} rows={2} maxLength={most.note} value={note} disabled={busy} aria-describedby={`${id}-note-hint`} aria-invalid={Boolean(fault("note"))} onChange={(event) => setNote(event.target.value)} />
              <span id={`${id}-note-hint`} className={buying.count}>{fault("note") ?? t("storefront:checkout.note_hint", { length: [...note].length, most: most.note })}</span>
            </div>
            {problem && problem.fields.length === 0 && <div className={buying.failure}><ProblemText error={problem} /><p className={css.small}>{t("storefront:checkout.no_charge")}</p></div>}
            <Button type="primary" size="large" block htmlType="submit" className="buy" loading={busy} disabled={!possible}>{t("submit")}</Button>
            <p className={css.small}>{t("submit_hint")}</p>
            <LinkButton type="text" to="/cart">{t("back")}</LinkButton>
          </Panel>
        </div>
      </form>
    </>
  );
}

/** The voucher of each order by its first line: the one that was picked, else the best that no other order takes. */
function chosenOf(orders: Fittings[], picked: Record<string, string>): Record<string, Fitting | undefined> {
  const out: Record<string, Fitting | undefined> = {};
  const used = new Set(Object.values(picked));
  for (const order of orders) {
    const first = order.lines?.[0] ?? "";
    const own = picked[first];
    out[first] = order.vouchers.find((one) => pays(one) && (own === undefined ? !used.has(one.id) : one.id === own));
    if (out[first]) used.add(out[first]!.id);
  }
  return out;
}

function Line({ line, currency }: { line: CartLine; currency: string }) {
  const { t } = useTranslation("cart");
  const { price, problem } = line;
  return (
    <li>
      <div className={css.what}>
        <span>{[price.specName, t(`storefront:term.${unitOf(price)}`, { count: line.periods })].filter(Boolean).join(" · ")}</span>
        <ChosenText chosen={price.chosen} />
        {problem && <span className={css.reason}>{problem.message}</span>}
      </div>
      {!problem && <LinePrice price={price} currency={currency} />}
    </li>
  );
}

function Agreement({ product, checked, disabled, fault, onChange }: { product: Group; checked: boolean; disabled: boolean; fault: string | undefined; onChange: (on: boolean) => void }) {
  const { t } = useTranslation("storefront");
  const [reading, setReading] = useState(false);
  const id = useId();
  const { data } = useQuery({ ...productQuery(product.id), enabled: reading });
  return (
    <div className={buying.field}>
      <label className={buying.tick}>
        <input type="checkbox" checked={checked} disabled={disabled} aria-invalid={Boolean(fault)} aria-describedby={fault ? `${id}-fault` : undefined} onChange={(event) => onChange(event.target.checked)} />
        <span>{t("checkout.accept")}</span>
      </label>
      <button type="button" className={buying.read} onClick={() => setReading(true)}>{t("checkout.read", { name: product.name })}</button>
      {fault && <span id={`${id}-fault`} role="alert" className={css.fault}>{fault}</span>}
      {data && <AgreementDialog product={data} open={reading} onClose={() => setReading(false)} onAccept={() => { onChange(true); setReading(false); }} />}
    </div>
  );
}
