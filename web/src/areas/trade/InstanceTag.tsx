import { useTranslation } from "react-i18next";
import { StateTag } from "../../ui/StateTag";

/** The state of a purchased service, with the operator's flag of a violation. */
export function InstanceTag({ instance }: { instance: { state: string; frozen: boolean; trial?: boolean } }) {
  const { t } = useTranslation("lifecycle");
  return (
    <span style={{ display: "inline-flex", flexWrap: "wrap", gap: 4 }}>
      <StateTag kind="instance" state={instance.state} />
      {instance.frozen && <StateTag tone="danger" text={t("frozen_tag")} />}
      {instance.trial && <StateTag tone="neutral" text={t("trial")} />}
    </span>
  );
}
