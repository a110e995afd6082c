import { InputNumber } from "antd";
import css from "./ChangePanel.module.css";

interface Props { label: string; unit: string; min: number; max: number; step: number; value: number; onChange: (value: number) => void }

/** A whole number in steps. */
export function StepperField({ label, unit, min, max, step, value, onChange }: Props) {
  return (
    <label className={css.field}>
      <span>{label}</span>
      <InputNumber min={min} max={max} step={step} precision={0} value={value} suffix={unit} onChange={(next) => { if (typeof next === "number") onChange(next); }} style={{ width: 200 }} />
    </label>
  );
}
