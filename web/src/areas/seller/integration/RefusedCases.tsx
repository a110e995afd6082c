import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "../../../api/problem";
import css from "./integration.module.css";
import { debugLink, type Target } from "./integration";
import { Lacks } from "./Lacks";
import { refusedScenarios } from "./refused";

/** Why a product was not submitted: the debug cases that are missing or failed, each with the way to it. */
export function RefusedCases({ problem, target }: { problem: ApiProblem; target: Target }) {
  const { t } = useTranslation("integration");
  return (
    <Alert type="error" showIcon role="alert" className={css.gap!} title={t("refused.title")}
      description={<>
        <p>{t("refused.hint")}</p>
        <Lacks lacks={refusedScenarios(problem).map((one) => ({ scenario: one.scenario, text: one.message, link: debugLink(target, one.scenario) }))} />
      </>} />
  );
}
