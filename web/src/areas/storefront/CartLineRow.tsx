import { DeleteOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { send } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { givenText } from "../trade/discount";
import { ChosenText } from "../trade/Explanation";
import { useCartChanged, type CartLine } from "./cart";
import css from "./cart.module.css";
import { unitOf, type Price } from "./offer";
import { fits } from "./useChoice";

interface Props {
  line: CartLine;
  currency: string;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  /** While a change is on its way, the total is not true. */
  onBusy: (on: boolean) => void;
}

/** One line: chosen or not, its length and quantity, what it costs or why it cannot be had. */
export function CartLineRow({ line, currency, chosen, onChoose, onBusy }: Props) {
  const { t } = useTranslation("cart");
  const changed = useCartChanged();
  const [fault, setFault] = useState("");
  const last = useRef(0);
  const id = useId();
  const { price, problem } = line;
  const name = price.productName || t("unknown");
  const unit = unitOf(price);

  const run = async (what: () => Promise<unknown>) => {
    const mine = ++last.current;
    setFault("");
    onBusy(true);
    try {
      await what();
    } catch (error) {
      const failure = asProblem(error);
      setFault(failure.fields[0]?.message ?? failure.message);
    } finally {
      await changed();
      if (mine === last.current) onBusy(false);
    }
  };
  const change = (periods: number, quantity: number | undefined) => run(() => send("PUT", `/api/v1/cart/lines/${line.id}`, { periods, ...(quantity ? { quantity } : {}) }));
  const lengths = Array.from({ length: Math.max(0, line.maxPeriods - line.minPeriods + 1) }, (_, index) => line.minPeriods + index);
  return (
    <li className={css.line} data-off={Boolean(problem)}>
      <input type="checkbox" className={css.tick} checked={chosen && !problem} disabled={Boolean(problem)} aria-label={t("choose", { name: `${name} ${price.specName}` })} onChange={(event) => onChoose(event.target.checked)} />
      <div className={css.what}>
        {price.productId ? <Link to={`/products/${price.productId}`}>{name}</Link> : <strong>{name}</strong>}
        <span className="soft">{price.specName}</span>
        <ChosenText chosen={price.chosen.filter((one) => !one.quantity)} />
        {problem && <span className={css.reason}>{problem.message}</span>}
        <div className={css.fields}>
          {unit !== "once" && lengths.length > 1 && (
            <div><label htmlFor={`${id}-term`}>{t("term")}</label>
              <select id={`${id}-term`} value={line.periods} onChange={(event) => void change(Number(event.target.value), line.quantity?.value)}>
                {!lengths.includes(line.periods) && <option value={line.periods}>{t(`storefront:term.${unit}`, { count: line.periods })}</option>}
                {lengths.map((count) => <option key={count} value={count}>{t(`storefront:term.${unit}`, { count })}</option>)}
              </select>
            </div>
          )}
          {(unit === "once" || lengths.length === 1) && <span className="soft">{t(`storefront:term.${unit}`, { count: line.periods })}</span>}
          {line.quantity && <QuantityInput id={`${id}-quantity`} quantity={line.quantity} onChange={(quantity) => void change(line.periods, quantity)} />}
        </div>
        {fault && <span role="alert" className={css.fault}>{fault}</span>}
      </div>
      <div className={css.sum}>
        {!problem && <LinePrice price={price} currency={currency} />}
        <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("remove", { name: `${name} ${price.specName}` })} onClick={() => void run(() => send("DELETE", `/api/v1/cart/lines/${line.id}`))} />
      </div>
    </li>
  );
}

/** What a line costs, with its list price struck where it has a discount. */
export function LinePrice({ price, currency }: { price: Price; currency: string }) {
  const { t } = useTranslation("discount");
  return (
    <span className={css.price}>
      {price.discount && <del><span className="visually-hidden">{t("list")} </span>{formatMoney(price.listAmount, currency)}</del>}
      <Money amount={price.amount} currency={currency} />
      {price.discount && <small>{price.discount.name} · {givenText(price.discount, currency, t)}</small>}
    </span>
  );
}

/** A quantity is sent when the field is left, or Enter pressed. */
function QuantityInput({ id, quantity, onChange }: { id: string; quantity: NonNullable<CartLine["quantity"]>; onChange: (count: number) => void }) {
  const { t } = useTranslation("pricing");
  const [text, setText] = useState(String(quantity.value));
  useEffect(() => setText(String(quantity.value)), [quantity.value]);
  const count = /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  const wrong = !fits(count, quantity);
  const { min, max, step } = quantity;
  const leave = () => { if (!wrong && count !== quantity.value) onChange(count); };
  return (
    <div><label htmlFor={id}>{quantity.name}{quantity.unit && ` (${quantity.unit})`}</label>
      <input id={id} type="text" inputMode="numeric" value={text} aria-invalid={wrong} aria-describedby={wrong ? `${id}-fault` : undefined} onChange={(event) => setText(event.target.value)}
        onBlur={leave} onKeyDown={(event) => { if (event.key === "Enter") leave(); }} />
      {wrong && <span id={`${id}-fault`} role="alert" className={css.fault}>{t(step > 1 ? "quantity_step_fault" : "quantity_fault", { min, max, step, next: min + step })}</span>}
    </div>
  );
}
