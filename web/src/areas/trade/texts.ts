import { loadTexts } from "../../i18n";

/** Route loader of the pages that show how calls and probes go. */
export const qualityTexts = async (): Promise<null> => {
  await loadTexts("quality");
  return null;
};

/** Route loader of the pages about money, which buyers and finance share. */
export const moneyTexts = async (): Promise<null> => {
  await loadTexts("money");
  return null;
};

/** Route loader of the pages that show what becomes of purchased services. */
export const lifecycleTexts = async (): Promise<null> => {
  await loadTexts("lifecycle");
  return null;
};

/** The texts of how calls and probes go, beside those of another loader. */
export const withQuality = (other: () => Promise<null>) => async (): Promise<null> => {
  await Promise.all([other(), qualityTexts()]);
  return null;
};
