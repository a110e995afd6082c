import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { formatMoney } from "../../ui/money";
import { formatTime } from "../../ui/time";
import { pays, type Fitting } from "../trade/voucher";
import css from "./VoucherPick.module.css";

interface Props {
  list: Fitting[];
  /** The id of the picked one; "" is none. */
  value: string;
  onChange: (one: Fitting | null) => void;
  disabled?: boolean;
}

/** Picks the one voucher of an order: what each pays, the best first, and why others do not fit. */
export function VoucherPick({ list, value, onChange, disabled = false }: Props) {
  const { t } = useTranslation("voucher");
  const { site } = useSession();
  const name = useId();
  const fitting = list.filter(pays);
  const others = list.filter((one) => !pays(one));
  if (list.length === 0) return null;
  return (
    <fieldset className={css.pick} disabled={disabled}>
      <legend>{t("pick.legend")}</legend>
      {fitting.map((one, index) => (
        <label key={one.id} className={css.one} data-on={value === one.id}>
          <input type="radio" name={name} checked={value === one.id} onChange={() => onChange(one)} />
          <span>
            {one.name}{index === 0 && fitting.length > 1 && <span className={css.best}>{t("pick.best")}</span>}
            <small>{t("pick.facts", { balance: formatMoney(one.balance, one.currency), until: formatTime(one.validUntil, site.timeZone) })}</small>
          </span>
          <span className={css.pays}>−{formatMoney(one.pays, one.currency)}</span>
        </label>
      ))}
      {fitting.length > 0 && (
        <label className={css.one} data-on={value === ""}>
          <input type="radio" name={name} checked={value === ""} onChange={() => onChange(null)} />
          <span>{t("pick.none")}</span><span />
        </label>
      )}
      {others.length > 0 && (
        <details className={css.not}>
          <summary>{t("pick.others", { count: others.length })}</summary>
          <ul>{others.map((one) => <li key={one.id}>{one.name} ({formatMoney(one.balance, one.currency)}): {one.reason}</li>)}</ul>
        </details>
      )}
    </fieldset>
  );
}
