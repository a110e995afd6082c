/** A text in both languages. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** What an applicant fills in; the same for admission and for a change of seller information. */
export interface SellerForm {
  name: Bilingual;
  website: string;
  logoKey: string;
  founded: string;
  years: string;
  staff: string;
  capital: { amount: string; currency: string };
  contact: { name: string; phone: string; email: string };
  address: { country: string; province: string; city: string; detail: string; postcode: string };
  servicePhone: string;
  serviceEmail: string;
  licenceKey: string;
  introduction: Bilingual;
  preSales: { phone: string; extension: string; email: string };
}

export interface Step {
  id: string;
  number: number;
  at: string;
  event: string;
  from: string;
  to: string;
  actorKind: string;
  actorName: string;
  reason: string;
}

export interface Application {
  id: string;
  accountId: string;
  sellerId: string;
  kind: "join" | "change";
  state: string;
  version: number;
  form: SellerForm;
  before?: SellerForm;
  logoUrl: string;
  companyName: string;
  certificate: string;
  agreements: { code: string; version: string; title: string; at: string }[];
  websiteProbe: string;
  reason: string;
  submittedAt?: string;
  decidedAt?: string;
  createdAt: string;
  actions: string[];
  history: Step[];
}

/** A line of the access check-list. */
export interface Progress {
  code: string;
  done: boolean;
  required: boolean;
}

/** GET /api/v1/seller/application. */
export interface Apply {
  realName: { name: string; certificate: string; state: string; kind: string };
  application?: Application;
  form: SellerForm;
  logoUrl: string;
  agreements: { code: string; version: string; title: string }[];
  years: string[];
  staff: string[];
  progress: Progress[];
  editable: boolean;
}

export interface ContactGroup {
  id?: string;
  name: string;
  phone: string;
  email: string;
  hours: string;
}

/** GET /api/v1/seller/profile. */
export interface SellerProfile {
  id: string;
  accountId: string;
  state: string;
  stateReason: string;
  form: SellerForm;
  logoUrl: string;
  companyName: string;
  certificate: string;
  createdAt: string;
  updatedAt: string;
  groups: ContactGroup[];
}

/** Working days that a review is promised to take, as calendar days for the deadline shown. */
const reviewDays = 3;

/** By when a submitted application should be decided. */
export function reviewDue(submittedAt: string | undefined): string | undefined {
  return submittedAt ? new Date(new Date(submittedAt).getTime() + reviewDays * 86_400_000).toISOString() : undefined;
}

/** The public address of an uploaded file. */
export const fileUrl = (key: string): string => (key ? `/files/${key}` : "");

/** The form's fields as rows to show or compare, in the order of the pages. */
export function formRows(form: SellerForm): { key: string; value: string }[] {
  const { address, capital, contact, preSales } = form;
  return [
    { key: "name_zh", value: form.name.zh },
    { key: "name_en", value: form.name.en },
    { key: "website", value: form.website },
    { key: "founded", value: form.founded },
    { key: "years", value: form.years },
    { key: "staff", value: form.staff },
    { key: "capital", value: capital.amount ? `${capital.amount} ${capital.currency}` : "" },
    { key: "contact", value: [contact.name, contact.phone, contact.email].filter(Boolean).join(" · ") },
    { key: "address", value: [address.country, address.province, address.city, address.detail, address.postcode].filter(Boolean).join(" ") },
    { key: "service", value: [form.servicePhone, form.serviceEmail].filter(Boolean).join(" · ") },
    { key: "pre_sales", value: [preSales.phone && preSales.extension ? `${preSales.phone} - ${preSales.extension}` : preSales.phone, preSales.email].filter(Boolean).join(" · ") },
    { key: "introduction_zh", value: form.introduction.zh },
    { key: "introduction_en", value: form.introduction.en },
  ];
}
