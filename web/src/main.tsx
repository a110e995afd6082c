import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient, securityPath, sessionQuery, signInPath } from "./api/session";
import { base } from "./api/realm";
import { connectTransport } from "./api/transport";
import { App } from "./app/App";
import { createRouter } from "./app/router";
import { initialLang, startTexts } from "./i18n";
import { loadAntdLocale } from "./theme/antdLocale";
import "./theme/base.css";
import { askCode, askPassword } from "./ui/feedback";

async function start(): Promise<void> {
  void queryClient.prefetchQuery(sessionQuery);
  await startTexts();
  const router = createRouter();
  connectTransport({
    unauthenticated: () => {
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      const target = signInPath(location.pathname + location.search);
      if (base) location.assign(target); // one signs in at the marketplace
      else void router.navigate(target);
    },
    freshCsrfToken: async () => (await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })).csrfToken,
    reauthenticate: askPassword,
    proveFactor: askCode,
    factorDue: () => {
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      const path = securityPath(queryClient.getQueryData(sessionQuery.queryKey)?.kind);
      if (base) { location.assign(path); return; }
      if (!location.pathname.endsWith("/security")) void router.navigate(path);
    },
  });
  // The first page is loaded before anything is drawn, so that what the server put into the page stays until then.
  const loaded = new Promise<void>((resolve) => {
    if (router.state.initialized) return resolve();
    const stop = router.subscribe((state) => { if (state.initialized) { stop(); resolve(); } });
  });
  const [locale] = await Promise.all([loadAntdLocale(initialLang()), loaded]);
  createRoot(document.getElementById("root")!).render(<StrictMode><App router={router} locale={locale} /></StrictMode>);
}

void start();
