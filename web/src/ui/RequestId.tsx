import { useTranslation } from "react-i18next";
import { CopyText } from "./CopyText";

/** The id under which support finds what happened. */
export function RequestId({ id }: { id: string | null | undefined }) {
  const { t } = useTranslation();
  if (!id) return null;
  return <span className="faint" style={{ fontSize: 12, display: "inline-flex", alignItems: "center", gap: 4 }}>{t("request_id")} <CopyText text={id} /></span>;
}
