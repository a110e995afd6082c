import { useId } from "react";
import css from "./Choices.module.css";

interface Option {
  value: string;
  label: string;
  /** In small print beside the label. */
  hint?: string;
}

/** One of few, as a row of buttons: radio buttons for keyboard and screen reader. */
export function Choices({ legend, options, value, onChange }: { legend: string; options: Option[]; value: string; onChange: (value: string) => void }) {
  const name = useId();
  return (
    <fieldset className={css.choices}>
      <legend>{legend}</legend>
      <div className={css.row}>
        {options.map((option) => (
          <label key={option.value} className={css.option}>
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>{option.label}{option.hint && <small>{option.hint}</small>}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
