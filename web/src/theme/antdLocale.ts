import type { Locale } from "antd/es/locale";
import dayjs from "dayjs";
import type { Lang } from "../i18n";

/** antd's own texts and the calendar's names for a language, loaded when first wanted. */
export async function loadAntdLocale(lang: Lang): Promise<Locale> {
  if (lang === "en") {
    dayjs.locale("en");
    return (await import("antd/es/locale/en_US")).default;
  }
  const [locale] = await Promise.all([import("antd/es/locale/zh_CN"), import("dayjs/locale/zh-cn")]);
  dayjs.locale("zh-cn");
  return locale.default;
}
