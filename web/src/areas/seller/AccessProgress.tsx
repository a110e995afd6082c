import { CheckCircleFilled, ClockCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Panel } from "../../ui/Page";
import type { Progress } from "./application";
import css from "./seller.module.css";

const pageOf: Record<string, string> = {
  real_name: "/buyer/account", admission: "/seller/apply", after_sales: "/seller/shop",
  address: "/seller/addresses", ownership: "/seller/addresses", v2_key: "/seller/keys",
};

/** What a seller has done and what is missing before the first product can be published. */
export function AccessProgress({ steps }: { steps: Progress[] }) {
  const { t } = useTranslation("sellers");
  const missing = steps.filter((step) => step.required && !step.done).length;
  return (
    <Panel title={t("progress.title")} extra={<span className="soft">{missing ? t("progress.missing", { count: missing }) : t("progress.complete")}</span>}>
      <ol className={css.progress}>
        {steps.map((step) => (
          <li key={step.code}>
            {step.done ? <CheckCircleFilled style={{ color: "var(--j-success)" }} aria-label={t("progress.done")} /> : <ClockCircleOutlined className="faint" aria-label={t("progress.open")} />}
            {step.done ? <span>{t(`progress.${step.code}`)}</span> : <Link to={pageOf[step.code] ?? "/seller"}>{t(`progress.${step.code}`)}</Link>}
            {!step.required && <span className="faint">{t("progress.optional")}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
