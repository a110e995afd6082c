import { LoadingOutlined } from "@ant-design/icons";
import { QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider } from "antd";
import type { Locale } from "antd/es/locale";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router";
import { queryClient } from "../api/session";
import type { Lang } from "../i18n";
import { loadAntdLocale } from "../theme/antdLocale";
import { SchemeProvider, useScheme } from "../theme/SchemeProvider";
import { antdThemeOf } from "../theme/theme";
import type { AppRouter } from "./router";
import { FeedbackSlot } from "../ui/FeedbackSlot";
import { TitleProvider } from "./title";

// An icon of our own comes and goes at once. antd's leaves with a motion that may never end, and then "loading" stays part of the button's name.
const button = { autoInsertSpace: false, loadingIcon: <LoadingOutlined /> };

/** The application inside its providers: server data, colours, component texts, titles, routes. */
export function App({ router, locale }: { router: AppRouter; locale: Locale }) {
  return (
    <QueryClientProvider client={queryClient}>
      <SchemeProvider>
        <Themed router={router} locale={locale} />
      </SchemeProvider>
    </QueryClientProvider>
  );
}

function Themed({ router, locale: first }: { router: AppRouter; locale: Locale }) {
  const { scheme } = useScheme();
  const { i18n } = useTranslation();
  const [locale, setLocale] = useState(first);
  const theme = useMemo(() => antdThemeOf(scheme), [scheme]);

  useEffect(() => {
    let stale = false;
    void loadAntdLocale(i18n.language as Lang).then((next) => { if (!stale) setLocale(next); });
    return () => { stale = true; };
  }, [i18n.language]);

  return (
    <ConfigProvider theme={theme} locale={locale} button={button}>
      <TitleProvider>
        <RouterProvider router={router} />
      </TitleProvider>
      <FeedbackSlot />
    </ConfigProvider>
  );
}
