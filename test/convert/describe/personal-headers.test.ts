/** Columns of personal data are known by their header in many languages; what only sounds alike is not. */
import { expect, test } from 'vitest';
import { kindOfHeader } from '../../../src/convert/describe/personal-headers.js';

test.each([
  [
    'email',
    'E-Mail; emailAddress; correo electrónico; courriel; Эл. почта; 邮箱; メールアドレス; 이메일',
  ],
  [
    'phone',
    'Phone No.; phone2; Telefonnummer; teléfono móvil; 电话; 手机号码; 携帯電話番号; Телефон; 전화번호',
  ],
  ['iban', 'IBAN; iban_number'],
  ['card', 'credit card number; Kreditkartennummer; tarjeta de crédito; 银行卡号'],
  [
    'name',
    'firstName; fname; l_name; Vorname; prénom; Apellidos; Imię; Фамилия; 姓名; 氏名; Adı Soyadı',
  ],
  [
    'national-id',
    'SSN; Passport No; Reisepass-Nr.; pasaporte; паспорт; 身份证号; CPF; codice fiscale',
  ],
  ['address', 'Street Address; Anschrift; 住所; 住址'],
  ['birth-date', 'date_of_birth; Geburtsdatum; fecha de nacimiento; дата рождения; 生年月日'],
])('%s: %s', (kind, headers) => {
  for (const header of headers.split('; '))
    expect([header, kindOfHeader(header)]).toEqual([header, kind]);
});

test.each(
  'name; mobile_visits; emails_sent; phone_calls; card_type; tel_aviv; birth_rate; cell; total; 手机品牌; номер; company_name'.split(
    '; ',
  ),
)('not %s', (header) => {
  expect(kindOfHeader(header)).toBeUndefined();
});
