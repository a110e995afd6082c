import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ProbesTable } from "../trade/probing/ProbesTable";
import { ProbeTasks } from "../trade/probing/ProbeTasks";

/** The probes of all products on sale, and what has to be decided because of them. */
export function ProbingPage() {
  const { t } = useTranslation("quality");
  return <Page title={t("probing.title")} intro={t("probing.intro_operator")}><ProbeTasks /><ProbesTable side="operator" /></Page>;
}
