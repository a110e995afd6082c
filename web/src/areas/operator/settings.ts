/** A text in both languages. */
interface Both {
  zh: string;
  en: string;
}

interface LegalText {
  text: Both;
  version: string;
  date: string;
}

/** GET /api/v1/operator/settings. The mail password never comes back. */
export interface SiteSettings {
  site: {
    name: Both;
    logoKey: string;
    timeZone: string;
    currency: string;
    legal: { terms: LegalText; privacy: LegalText; purchase: LegalText };
    mail: { mode: "outbox" | "smtp"; host: string; port: number; tls: "starttls" | "implicit" | "none"; user: string; password: string; fromAddress: string; fromName: string };
    v1AllowedForNewProducts: boolean;
    debugCasesRequired: boolean;
    sandboxesOff: boolean;
    developmentAddresses: string[];
    priceTaxMode: "inclusive";
    orderDeadlineHours: number;
    topUpBank: { payee: string; bank: string; account: string };
    platformFee: string;
    payments: { autoCredit: boolean; payNamedOrder: boolean; adjustPrices: boolean };
    probing: { enabled: boolean; days: number; autoFreeze: boolean; autoSuspend: boolean };
    levels: { default: string; table: { name: string; grace: number; retention: number }[] };
    refunds: { fiveDayPerYear: number; approvalAbove: string; handlingFee: string; unusedTime: boolean };
    taxes: { from: string; hardware: string; software: string; service: string }[];
    security: { operatorsNeedFactor: boolean; proofMinutes: number; amountLimit: string };
  };
  version: number;
  logoUrl: string;
  mailPasswordSet: boolean;
}
