import { MoonOutlined, SunOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { chooseLang, type Lang } from "../i18n";
import { useScheme } from "../theme/SchemeProvider";
import { IconButton } from "../ui/IconButton";

/** Switches between Chinese and English; the button names the other language in itself. */
export function LangSwitch() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const other: Lang = i18n.language === "en" ? "zh" : "en";
  const change = async () => {
    await chooseLang(other);
    // The server's texts follow the language too.
    await client.invalidateQueries();
  };
  return <IconButton label={t("lang.switch")} onClick={() => void change()}><span lang={other === "zh" ? "zh-CN" : "en"}>{other === "zh" ? "中文" : "EN"}</span></IconButton>;
}

/** Switches between light and dark. */
export function SchemeSwitch() {
  const { t } = useTranslation();
  const { scheme, toggle } = useScheme();
  return <IconButton label={t(scheme === "dark" ? "scheme.light" : "scheme.dark")} onClick={toggle}>{scheme === "dark" ? <SunOutlined /> : <MoonOutlined />}</IconButton>;
}
