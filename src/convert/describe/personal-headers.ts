/** The headers of columns that hold data about persons, in the languages that datasets come in. */

/** What may stand behind the word: whose it is, of which kind, the how manyth. */
const WHOSE =
  '(_?(address|adresse|no|nr|num|number|nummer|numero|home|work|office|private|personal|business|primary|secondary|main|contact|owner|raw|original))*(_?\\d)?';

const WORDS: ReadonlyArray<readonly [kind: string, words: string]> = [
  [
    'email',
    'e_?mails? mails? courriel correo(_electronico)? e_?posta? posta_elettronica sahkoposti adresa_e_?mailowa',
  ],
  [
    'phone',
    'phones? telephones? telefon(e|o|nummer|szam|nr)?s? tel mobiles? cell(ular)?_?phone cellular cellulare celular movil mobil(nummer|telefon)? mobiltelefon handy(nummer)? rufnummer portable fax whatsapp komorka puhelin contact_(no|number)',
  ],
  ['iban', 'iban'],
  [
    'card',
    '((credit|debit|bank)_?card|cc|card)_?(no|nr|num|number) kreditkarten?(nummer|_nr)? numero_(de_)?(la_)?(tarjeta|carte|carta) tarjeta_(de_)?credito carte_bancaire',
  ],
  ['ip', 'ip(_?(v4|v6))?(_?addr(ess)?)?'],
  [
    'name',
    '(first|last|middle|full|given|family|sur|maiden|birth|person|customer|client|patient|passenger|employee|student|user)_?names? [fl]_?names? forename surname nom prenom nom_complet nom_de_famille vorname nachname familienname geburtsname apellidos? nombre_completo nombre_y_apellidos? cognome nome_completo sobrenome imie(_i_nazwisko)? nazwisko jmeno prijmeni fornavn etternavn efternavn fornamn efternamn voornaam achternaam ad(i)?_soyad(i)? etunimi sukunimi keresztnev vezeteknev',
  ],
  [
    'national-id',
    'ssn social_security(_number)? passport(_(no|number|id))? pasaporte passeport reisepass(nummer)? ausweis(nummer)? nir nss nino national_(id|insurance_number) id_card(_number)? dni curp cpf codice_fiscale pesel bsn personnummer personnumer aadhaar(_number)? sozialversicherungsnummer driver_?s?_licen[cs]e(_(no|number))? tax_id',
  ],
  [
    'address',
    '(street|home|postal|mailing)_?address adresse anschrift indirizzo domicilio endereco',
  ],
  [
    'birth-date',
    'dob birth_?date date_?of_?birth birth_?day date_(de_)?naissance geburts(datum|tag) fecha_(de_)?nacimiento data_(de_|di_)?nasc(imento|ita) fode?lsedatum fodselsdato geboortedatum data_urodzenia dogum_tarihi',
  ],
];

/** Languages that write other letters, without marks and blanks; at the end, or a number's word behind. */
const OTHER_WORDS: ReadonlyArray<readonly [kind: string, words: string]> = [
  [
    'email',
    '邮箱 邮件 郵件 信箱 メール 이메일 메일 почта имеил البريد البريدالالكتروني אימייל דואל',
  ],
  ['phone', '电话 電話 手机 手機 携帯 전화 휴대폰 телефон هاتف جوال טלפון נייד τηλεφωνο'],
  ['card', '银行卡 信用卡 クレジットカード 카드 номеркарты'],
  ['name', '姓名 名字 氏名 성명 фамилия отчество фио имяклиента שםפרטי שםמשפחה επωνυμο'],
  [
    'national-id',
    '身份证 護照 护照 パスポート 旅券 マイナンバー 주민등록 여권 паспорт снилс جوازالسفر דרכון διαβατηριο',
  ],
  ['address', '住址 住所 家庭地址 домашнииадрес адреспроживания'],
  ['birth-date', '出生日期 生年月日 생년월일 датарождения תאריךלידה'],
];
const NUMBER_OR_CASE = '(号|码|號|碼|地址|番号|アドレス|번호|номер|[а-я]{1,2})*';

const LATIN = WORDS.map(([kind, words]) => [kind, ending('(^|_)', words, WHOSE)] as const);
const OTHERS = OTHER_WORDS.map(
  ([kind, words]) => [kind, ending('', words, NUMBER_OR_CASE)] as const,
);

function ending(before: string, words: string, behind: string): RegExp {
  return new RegExp(`${before}(${words.split(' ').join('|')})${behind}$`);
}

/** The kind of personal data that a header names. */
export function kindOfHeader(header: string): string | undefined {
  const plain = snakeCase(header);
  const named = LATIN.find(([, pattern]) => pattern.test(plain))?.[0];
  if (named !== undefined) return named;
  const letters = withoutMarks(header).replace(/[^\p{L}]/gu, '');
  return OTHERS.find(([, pattern]) => pattern.test(letters))?.[0];
}

export function snakeCase(header: string): string {
  return withoutMarks(header.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_'))
    .replace(/[łøđı]/g, (letter) => ({ ł: 'l', ø: 'o', đ: 'd' })[letter] ?? 'i')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function withoutMarks(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}
