import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Check, Fault } from "./integration";
import css from "./integration.module.css";

const icons = { passed: CheckCircleFilled, failed: CloseCircleFilled, not_reached: MinusCircleOutlined, not_applicable: MinusCircleOutlined };

/** The checks of an answer in their order: which passed, which failed and what to do, which were not reached. */
export function CheckList({ checks, problem }: { checks: Check[]; problem?: Fault | undefined }) {
  const { t } = useTranslation("integration");
  return (
    <ol className={css.checks} aria-label={t("checks.title")}>
      {checks.filter((check) => check.state !== "not_applicable").map((check) => {
        const Icon = icons[check.state];
        return (
          <li key={check.row} data-state={check.state}>
            <Icon aria-hidden className={css.checkIcon!} />
            <div>
              <span className={css.checkName}>{check.title}</span> <span className={css.checkState}>{t(`checks.${check.state}`)}</span>
              {check.state === "failed" && problem && <FaultText fault={problem} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** What was found and what to do about it. */
export function FaultText({ fault, warning = false }: { fault: Fault; warning?: boolean }) {
  const { t } = useTranslation("integration");
  return (
    <>
      <p className={warning ? undefined : css.checkMessage}>{fault.text}</p>
      {fault.advice && <p className={css.checkAdvice}><strong>{t("checks.advice")}</strong> {fault.advice}</p>}
    </>
  );
}
