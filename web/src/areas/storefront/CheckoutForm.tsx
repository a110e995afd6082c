import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useId, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, fieldPath, type ApiProblem } from "../../api/problem";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney, formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { ProblemText } from "../../ui/ProblemText";
import { pays, type Fitting, type Fittings } from "../trade/voucher";
import type { Quote } from "./buying";
import css from "./buying.module.css";
import { Dialog } from "./Dialog";
import { legalQuery, type Product } from "./product";
import { AgreementText } from "./ProductTabs";
import { clockText, useCountdown } from "./useCountdown";
import { VoucherPick } from "./VoucherPick";

interface Props {
  quote: Quote;
  product: Product;
  blocked: boolean;
  requoting: boolean;
  requote: () => Promise<void>;
}

const noteLength = 200;

/** Amount, agreement, note and the button that places the order. */
export function CheckoutForm({ quote, product, blocked, requoting, requote }: Props) {
  const { t } = useTranslation("storefront");
  const navigate = useNavigate();
  const key = useSubmitKey();
  const [accepted, setAccepted] = useState(false);
  const [note, setNote] = useState("");
  const [purchase, setPurchase] = useState("");
  const [reading, setReading] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const client = useQueryClient();
  const [picked, setPicked] = useState<Fitting | null | undefined>(undefined); // undefined: the best one
  const vouchersKey = ["quote-vouchers", quote.id];
  const vouchers = useQuery({ queryKey: vouchersKey, enabled: !quote.price.trial, queryFn: ({ signal }) => get<Fittings>(`/api/v1/quotes/${encodeURIComponent(quote.id)}/vouchers`, undefined, signal), staleTime: 0 });
  const list = vouchers.data?.vouchers ?? [];
  const voucher = picked === undefined ? list.find(pays) : picked ? list.find((one) => one.id === picked.id && pays(one)) : undefined;
  const due = voucher ? addMoney(quote.price.amount, `-${voucher.pays}`) : quote.price.amount;
  const sending = useRef(false);
  const tick = useRef<HTMLInputElement>(null);
  const id = useId();
  const left = useCountdown(quote.validUntil);
  const expired = left === 0 || problem?.code === "order.quote_expired";
  const fault = (field: string) => problem?.fields.find((one) => fieldPath(one.field).at(-1) === field)?.message;
  const faults = { agreement: fault("agreementAccepted"), note: fault("note"), purchase: fault("purchaseNumber") };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending.current || expired) return; // state comes too late for a double click
    sending.current = true;
    setBusy(true);
    setProblem(null);
    const body = { quoteId: quote.id, agreementAccepted: accepted, note: note.trim(), purchaseNumber: purchase.trim(), ...(voucher ? { voucherId: voucher.id, voucherAmount: voucher.pays } : {}) };
    try {
      const order = await send<{ id: string }>("POST", "/api/v1/orders", body, key.keyFor(body));
      key.done();
      await navigate(`/pay/${order.id}`, { replace: true });
    } catch (error) {
      const failure = asProblem(error);
      setProblem(failure);
      if (failure.code.startsWith("voucher.")) await client.invalidateQueries({ queryKey: vouchersKey });
      if (failure.fields.some((one) => fieldPath(one.field).at(-1) === "agreementAccepted")) tick.current?.focus();
      sending.current = false;
      setBusy(false);
    }
  };

  const again = async () => { await requote(); setProblem(null); };
  return (
    <form className={css.side} onSubmit={(event) => void submit(event)} noValidate aria-busy={busy}>
      <Panel>
        <div className={css.due}><span>{t("buy.due")}</span><Money amount={due} currency={quote.price.currency} size="large" /></div>
        {voucher && <p className={css.small}>{t("voucher:pick.after", { price: formatMoney(quote.price.amount, quote.price.currency), pays: formatMoney(voucher.pays, quote.price.currency) })}</p>}
        {expired
          ? <div role="alert" className={css.blocker}><p>{t("checkout.quote_expired")}</p><Button loading={requoting} onClick={() => void again()}>{t("checkout.requote")}</Button></div>
          : <p className={css.small}>{t("checkout.quote_until", { left: clockText(left ?? 0) })}</p>}
        <VoucherPick list={list} value={voucher?.id ?? ""} onChange={setPicked} disabled={busy} />
        <div className={css.field}>
          <label htmlFor={`${id}-purchase`}>{t("cart:purchase")}</label>
          <input id={`${id}-purchase`} value={purchase} maxLength={64} disabled={busy} aria-describedby={`${id}-purchase-hint`} aria-invalid={Boolean(faults.purchase)} onChange={(event) => setPurchase(event.target.value)} />
          <span id={`${id}-purchase-hint`} className={css.hint}>{faults.purchase ?? t("cart:purchase_hint")}</span>
        </div>
        <div className={css.field}>
          <label htmlFor={`${id}-note`}>{t("checkout.note")}</label>
          <textarea id={`${id}-note`} rows={2} maxLength={noteLength} value={note} disabled={busy} aria-describedby={`${id}-count`} aria-invalid={Boolean(faults.note)} onChange={(event) => setNote(event.target.value)} />
          <span id={`${id}-count`} className={css.count}>{faults.note ?? t("checkout.note_hint", { length: [...note].length, most: noteLength })}</span>
        </div>
        <div className={css.field}>
          <label className={css.tick}>
            <input ref={tick} type="checkbox" checked={accepted} disabled={busy} aria-invalid={Boolean(faults.agreement)} aria-describedby={faults.agreement ? `${id}-agreement` : undefined} onChange={(event) => setAccepted(event.target.checked)} />
            <span>{t("checkout.accept")}</span>
          </label>
          <button type="button" className={css.read} onClick={() => setReading(true)}>{t("checkout.read", { name: product.name })}</button>
          {faults.agreement && <span id={`${id}-agreement`} role="alert" className={css.fault}>{faults.agreement}</span>}
        </div>
        {problem && problem.code !== "order.quote_expired" && problem.fields.length === 0 && (
          <div className={css.failure}>
            <ProblemText error={problem} />
            <p className={css.small}>{t("checkout.no_charge")}</p>
            {problem.code === "order.quote_used" && <LinkButton to="/buyer/orders">{t("checkout.to_orders")}</LinkButton>}
          </div>
        )}
        <Button type="primary" size="large" block htmlType="submit" className="buy" loading={busy} disabled={blocked || expired}>{t("checkout.submit")}</Button>
        <p className={css.small}>{t(quote.price.trial ? "pricing:trial_submit" : "checkout.submit_hint")}</p>
      </Panel>
      <AgreementDialog product={product} open={reading} onClose={() => setReading(false)} onAccept={() => { setAccepted(true); setReading(false); }} />
    </form>
  );
}

/** What is agreed to, with the way to agree. */
export function AgreementDialog({ product, open, onClose, onAccept }: { product: Product; open: boolean; onClose: () => void; onAccept: () => void }) {
  const { t } = useTranslation("storefront");
  const site = useQuery({ ...legalQuery("purchase"), enabled: open });
  const edition = product.agreement.kind === "template" ? site.data?.version : "";
  return (
    <Dialog open={open} title={t("tab.agreement")} onClose={onClose} footer={<><Button onClick={onClose}>{t("action.close")}</Button><Button type="primary" onClick={onAccept}>{t("checkout.agree")}</Button></>}>
      {edition && <p className={css.edition}>{t("legal.edition", { version: edition })}</p>}
      <AgreementText agreement={product.agreement} />
    </Dialog>
  );
}
