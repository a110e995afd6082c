import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../../api/client";
import { toast } from "../../../ui/feedback";
import { useProblemText } from "../../../ui/ProblemText";
import { casesPath } from "./integration";
import { saveText } from "../../../ui/table/csv";

interface ExportedCase { fileName: string; contentType: string; text: string }

/** Saves a case as a file: everything as JSON, or its request as a command. */
export function ExportCase({ id }: { id: string }) {
  const { t } = useTranslation("integration");
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const save = async (format: string) => {
    setBusy(true);
    try {
      const file = await get<ExportedCase>(`${casesPath}/${id}/export`, { format });
      saveText(file.fileName, file.text, file.contentType);
    } catch (failure) {
      toast.error(text(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown trigger={["click"]} menu={{ items: ["json", "curl"].map((key) => ({ key, label: t(`cases.export_${key}`) })), onClick: ({ key }) => void save(key) }}>
      <Button size="small" loading={busy}>{t("cases.export")}</Button>
    </Dropdown>
  );
}
