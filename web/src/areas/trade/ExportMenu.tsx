import { DownloadOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { send, type Query } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";
import type { Side } from "./side";

interface Props {
  side: Side;
  /** The list operation: "/api/v1/orders". */
  path: string;
  /** The filters now set. */
  query: () => Query;
}

/** Has a file made of a list under the filters now set, and leads to where it appears. */
export function ExportMenu({ side, path, query }: Props) {
  const { t } = useTranslation("life");
  const navigate = useNavigate();
  const problemText = useProblemText();
  const key = useSubmitKey();
  const [busy, setBusy] = useState(false);
  const ask = async (format: string) => {
    setBusy(true);
    try {
      const filters = Object.fromEntries(Object.entries(query()).filter(([, value]) => value !== "" && value !== undefined));
      const body = { ...filters, ...("problem" in filters ? { problem: filters.problem === "true" } : {}), format };
      await send("POST", `${path}/exports`, body, key.keyFor(body));
      key.done();
      await navigate(`/${side}/exports`);
    } catch (error) {
      key.done();
      toast.error(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dropdown trigger={["click"]} menu={{ items: [{ key: "xlsx", label: t("export.xlsx") }, { key: "csv", label: t("export.csv") }], onClick: ({ key: format }) => void ask(format) }}>
      <Button icon={<DownloadOutlined />} loading={busy}>{t("export.go")}</Button>
    </Dropdown>
  );
}
