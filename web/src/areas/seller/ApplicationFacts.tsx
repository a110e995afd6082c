import { useTranslation } from "react-i18next";
import { Facts, type Fact } from "../../ui/DetailPage";
import { fileUrl, formRows, type Application } from "./application";
import css from "./seller.module.css";

/** Everything that was submitted, read only. */
export function ApplicationFacts({ application, licenceUrl }: { application: Pick<Application, "companyName" | "certificate" | "form">; licenceUrl?: string }) {
  const { t } = useTranslation("sellers");
  const { form } = application;
  const facts: Fact[] = [
    { label: t("field.company"), value: application.companyName || "–" },
    { label: t("field.certificate"), value: application.certificate ? `****${application.certificate}` : "–" },
    ...formRows(form).map(({ key, value }) => ({
      label: t(`field.${key}`), value: key === "years" || key === "staff" ? (value ? t(`choice.${key}.${value}`) : "–") : key.startsWith("introduction") ? <p className={css.prose}>{value || "–"}</p> : value || "–",
      wide: key.startsWith("introduction"),
    })),
    { label: t("field.logo"), value: form.logoKey ? <img src={fileUrl(form.logoKey)} alt={t("field.logo")} className={css.logo} /> : "–" },
  ];
  if (licenceUrl && form.licenceKey) facts.push({ label: t("field.licence"), value: <a href={licenceUrl} target="_blank" rel="noreferrer">{t("field.open_licence")}</a> });
  return <Facts facts={facts} />;
}
