import { useId } from "react";
import { useTranslation } from "react-i18next";
import { formatMoney } from "../../ui/money";
import { useSession } from "../../api/session";
import { formatTime } from "../../ui/time";
import { givenText, noDiscount, type DiscountOption } from "../trade/discount";
import css from "./DiscountChoice.module.css";

interface Props {
  options: DiscountOption[];
  currency: string;
  disabled?: boolean;
  onPick: (id: string) => void;
}

/** Which of the discounts that fit an order takes: one, or none. The best is taken until somebody picks. */
export function DiscountChoice({ options, currency, disabled, onPick }: Props) {
  const { t } = useTranslation("discount");
  const { site } = useSession();
  const name = useId();
  if (options.length === 0) return null;
  const taken = options.find((one) => one.taken)?.id ?? noDiscount;
  return (
    <fieldset className={css.choice} disabled={disabled}>
      <legend>{t("choose")}</legend>
      <p className={css.hint}>{t("choose_hint")}</p>
      {options.map((one) => (
        <label key={one.id} className={css.option} data-off={Boolean(one.problem)}>
          <input type="radio" name={name} checked={taken === one.id} disabled={Boolean(one.problem)} onChange={() => onPick(one.id)} />
          <span className={css.name}><strong>{one.name}</strong> <span className={css.kind}>{t(`kind.${one.kind}`)}</span>
            <small>{givenText(one, currency, t)} · {t("until", { time: formatTime(one.endsAt, site.timeZone) })}</small>
            {one.problem && <small className={css.problem}>{one.problem.message}</small>}
          </span>
          {!one.problem && <span className={css.saves}>−{formatMoney(one.saves, currency)}</span>}
        </label>
      ))}
      <label className={css.option}>
        <input type="radio" name={name} checked={taken === noDiscount} onChange={() => onPick(noDiscount)} />
        <span className={css.name}>{t("none")}</span>
      </label>
    </fieldset>
  );
}
