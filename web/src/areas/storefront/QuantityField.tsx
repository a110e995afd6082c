import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Quantity } from "./product";
import css from "./QuantityField.module.css";
import { fits } from "./useChoice";

/** A number to choose, typed or by steps. What cannot be bought is named and handed on as not a number. */
export function QuantityField({ quantity, value, onChange }: { quantity: Quantity; value: number; onChange: (count: number) => void }) {
  const { t } = useTranslation("pricing");
  const { min, max, step } = quantity;
  const [text, setText] = useState(String(Number.isNaN(value) ? min : value));
  const id = useId();
  const count = /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  const wrong = !fits(count, quantity);
  const set = (next: string) => {
    setText(next);
    const typed = /^\d{1,9}$/.test(next.trim()) ? Number(next) : NaN;
    onChange(fits(typed, quantity) ? typed : NaN);
  };
  // One step from what stands there, on the grid that begins at min.
  const go = (direction: 1 | -1) => {
    const from = Number.isNaN(count) ? min : Math.min(Math.max(count, min), max);
    const on = (from - min) % step === 0;
    const base = min + Math.floor((from - min) / step) * step;
    const next = on ? from + direction * step : direction > 0 ? base + step : base;
    set(String(Math.min(Math.max(next, min), min + Math.floor((max - min) / step) * step)));
  };
  return (
    <div className={css.quantity}>
      <label htmlFor={id}>{quantity.name}</label>
      <div className={css.row}>
        <button type="button" aria-label={t("quantity_less")} disabled={!wrong && count <= min} onClick={() => go(-1)}>−</button>
        <input id={id} type="text" inputMode="numeric" value={text} aria-invalid={wrong} aria-describedby={`${id}-hint`} onChange={(event) => set(event.target.value)} />
        <button type="button" aria-label={t("quantity_more")} disabled={!wrong && count + step > max} onClick={() => go(1)}>+</button>
        {quantity.unit && <span>{quantity.unit}</span>}
      </div>
      <small id={`${id}-hint`} className={wrong ? css.fault : undefined} role={wrong ? "alert" : undefined}>
        {wrong ? t(step > 1 ? "quantity_step_fault" : "quantity_fault", { min, max, step, next: min + step }) : t(step > 1 ? "quantity_step" : "quantity_hint", { min, max, step })}
      </small>
    </div>
  );
}
