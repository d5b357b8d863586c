/** A department, and what people in it do. */
export type Department = { name: string; short: string; titles: readonly string[] };

/** A place of work, in the words of Graph's address properties. */
export type Office = {
  name: string;
  streetAddress: string;
  city: string;
  state: string;
  postalCode: string;
  /** How people there write it: as ISO 3166 has it, and otherwise. */
  countries: readonly string[];
  dialling: string;
};

/** The company. Its name is in `companyName` of everybody. */
export const companyName = 'Fabrikam Æther & Söhne';

export const departments: readonly Department[] = [
  { name: 'Research', short: 'RES', titles: ['Scientist', 'Senior scientist', 'Laboratory technician'] },
  { name: 'Engineering', short: 'ENG', titles: ['Software engineer', 'Staff engineer', 'Test engineer'] },
  { name: 'Manufacturing', short: 'MFG', titles: ['Machine operator', 'Shift lead', 'Process planner'] },
  { name: 'Quality', short: 'QUA', titles: ['Quality inspector', 'Auditor', 'Metrologist'] },
  { name: 'Sales', short: 'SAL', titles: ['Account manager', 'Sales engineer', 'Bid writer'] },
  { name: 'Marketing', short: 'MKT', titles: ['Editor', 'Campaign manager', 'Designer'] },
  { name: 'Service & Support', short: 'SUP', titles: ['Support engineer', 'Dispatcher', 'Trainer'] },
  { name: 'Finance', short: 'FIN', titles: ['Controller', 'Accountant', 'Treasurer'] },
  { name: 'People', short: 'PPL', titles: ['Recruiter', 'Payroll specialist', 'People partner'] },
  { name: 'IT', short: 'ITX', titles: ['System administrator', 'Network engineer', 'Identity architect'] },
];

export const offices: readonly Office[] = [
  office('Berlin', 'Möckernstraße 12', 'Berlin', 'BE', '10963', 'Germany|DE|germany|DEU', '+49 30 55'),
  office('Zürich', 'Löwenstrasse 3, 4. Stock', 'Zürich', 'ZH', '8001', 'Switzerland|CH|Schweiz', '+41 44 55'),
  office('Kraków', 'ulica Świętego Jana 7', 'Kraków', 'Małopolska', '31-017', 'Poland|PL', '+48 12 55'),
  office('Athens', 'Οδός Ερμού 21', 'Αθήνα', 'Αττική', '105 63', 'Greece|Ελλάδα', '+30 21 55'),
  office('Tokyo', '丸の内1-9-1', '千代田区', '東京都', '100-0005', 'Japan|JP|日本', '+81 3 55'),
  office('Dubai', 'شارع الشيخ زايد 40', 'دبي', 'دبي', '00000', 'United Arab Emirates|ae', '+971 4 55'),
];

function office(...fields: [string, string, string, string, string, string, string]): Office {
  const [name, streetAddress, city, state, postalCode, countries, dialling] = fields;
  return { name, streetAddress, city, state, postalCode, countries: countries.split('|'), dialling };
}
