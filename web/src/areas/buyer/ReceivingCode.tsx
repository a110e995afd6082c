import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { CopyText } from "../../ui/CopyText";
import { Facts } from "../../ui/DetailPage";

/** The account's own code: written on a transfer, it names whose money it is, announced or not. */
export function ReceivingCode() {
  const { t } = useTranslation("online");
  const { data } = useQuery({ queryKey: ["receiving"], queryFn: () => send<{ code: string }>("POST", "/api/v1/balance/receiving"), staleTime: Infinity });
  if (!data) return null;
  return (
    <>
      <Facts facts={[{ label: t("receiving.code"), value: <CopyText text={data.code} />, wide: true }]} />
      <p className="faint" style={{ marginTop: 8 }}>{t("receiving.hint")}</p>
    </>
  );
}
