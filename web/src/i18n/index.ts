import i18next, { type BackendModule, type ReadCallback } from "i18next";
import { initReactI18next } from "react-i18next";

export type Lang = "zh" | "en";

/** The areas that own a file of texts; `common` is loaded before the first render. */
export type TextArea = "common" | "storefront" | "auth" | "buyer" | "seller" | "operator" | "sellers" | "trade" | "people" | "factor" | "catalogue" | "integration" | "quality" | "money" | "pricing" | "template" | "lifecycle" | "cart" | "changes" | "discount" | "sandbox" | "ledger" | "life" | "online" | "voucher";

const storageKey = "jishi_lang";
const files = import.meta.glob<{ default: Record<string, unknown> }>("./{zh,en}/*.json");

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read(language: string, namespace: string, done: ReadCallback) {
    const load = files[`./${language}/${namespace}.json`];
    if (!load) {
      done(new Error(`no texts for ${language}/${namespace}`), false);
      return;
    }
    load().then((file) => done(null, file.default as never), (error: unknown) => done(error as Error, false));
  },
};

function isLang(value: string | null | undefined): value is Lang {
  return value === "zh" || value === "en";
}

/** The remembered language, else the browser's, else Chinese. */
export function initialLang(): Lang {
  const stored = localStorage.getItem(storageKey);
  if (isLang(stored)) return stored;
  const cookie = /(?:^|; )jishi_lang=(\w+)/.exec(document.cookie)?.[1];
  if (isLang(cookie)) return cookie;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLang);
  return wanted ?? "zh";
}

/** The language now shown. Every API call carries it as Accept-Language. */
export const currentLang = (): Lang => (isLang(i18next.language) ? i18next.language : initialLang());

/** Loads the common texts; call once before the first render. */
export async function startTexts(): Promise<void> {
  i18next.on("languageChanged", (lang) => { document.documentElement.lang = lang === "en" ? "en" : "zh-CN"; });
  await i18next.use(backend).use(initReactI18next).init({
    lng: initialLang(),
    fallbackLng: false,
    supportedLngs: ["zh", "en"],
    ns: ["common"],
    defaultNS: "common",
    fallbackNS: "common",
    interpolation: { escapeValue: false, prefix: "{", suffix: "}" },
    react: { useSuspense: true },
    returnNull: false,
  });
}

/** Loads the texts of areas not loaded yet. Route loaders call it, so that no page shows bare keys. */
export const loadTexts = (...areas: TextArea[]): Promise<void> => i18next.loadNamespaces(areas);

/** Switches the language and remembers it here and, through the cookie, for pages the server renders. */
export async function chooseLang(lang: Lang): Promise<void> {
  localStorage.setItem(storageKey, lang);
  document.cookie = `jishi_lang=${lang}; path=/; max-age=31536000; samesite=lax`;
  await i18next.changeLanguage(lang);
}
