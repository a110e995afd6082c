import { CheckCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import css from "./GettingStarted.module.css";
import type { BuyerHome } from "./HomePage";

/** The way to the first service, for an account that has none. */
export function GettingStarted({ home }: { home: BuyerHome }) {
  const { t } = useTranslation("trade");
  const verified = home.realNameState === "verified";
  const funded = Number(home.balance) > 0;
  const steps = [
    { key: "real_name", done: verified, to: "/buyer/account", action: t("buyer_home.go") },
    { key: "topup", done: funded, to: "/buyer/topups", action: t("buyer_home.go") },
    { key: "buy", done: false, to: "/", action: t("buyer_home.browse") },
  ];
  const next = steps.find((step) => !step.done);
  return (
    <Panel title={t("buyer_home.start")}>
      <ol className={css.steps}>
        {steps.map((step, index) => (
          <li key={step.key} className={css.step} data-done={step.done}>
            <span className={css.number} aria-hidden="true">{step.done ? <CheckCircleFilled /> : index + 1}</span>
            <div className={css.text}>
              <h3>{t(`buyer_home.start_${step.key}`)}</h3>
              <p className="faint">{t(`buyer_home.start_${step.key}_hint`)}</p>
            </div>
            {step.done ? <span className="faint">{t("buyer_home.start_done")}</span>
              : <LinkButton to={step.to} type={step === next ? "primary" : "default"}>{step.action}</LinkButton>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
