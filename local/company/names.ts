/** A name as it is written, and the Latin spelling that its sign-in name is made of. */
export type Spelling = readonly [written: string, latin: string];

/** Where people of one language come from: their names, and whether the family name comes first. */
export type Culture = {
  language: string;
  familyFirst: boolean;
  given: readonly Spelling[];
  family: readonly Spelling[];
};

/** Letters that have no base letter once their diacritics are gone. */
const letters: Record<string, string> = { ß: 'ss', ø: 'o', ł: 'l', ı: 'i', æ: 'ae', đ: 'd' };

const latin = (names: string): Spelling[] => names.split(' ').map((name) => [name, plain(name)] as const);

/** `native/latin` pairs, separated by spaces. */
const pairs = (names: string): Spelling[] =>
  names.split(' ').map((pair) => {
    const [written = '', latinName = ''] = pair.split('/');
    return [written, latinName] as const;
  });

/** Names in nine scripts and spellings: what a directory of a company with offices abroad has to carry. */
export const cultures: readonly Culture[] = [
  {
    language: 'en-GB',
    familyFirst: false,
    given: latin('Olivia George Amelia Noah Isla Arthur Freya Oscar Saoirse Henry Maeve Theo'),
    family: latin("Smith Taylor Okafor Hughes O'Brien Clarke Patel Wright MacLeod Bennett Shaw Ellis"),
  },
  {
    language: 'de-DE',
    familyFirst: false,
    given: latin('Jörg Käthe Lukas Annelie Björn Sören Ute Günther Mareike Jürgen Anja Hans-Peter'),
    family: latin('Müller Weiß Schröder Köhler Jäger Großmann Vogt Lindemann Böhm Krüger Bäcker Strauß'),
  },
  {
    language: 'fr-FR',
    familyFirst: false,
    given: latin('Chloé Rémi Zoé François Élodie Jérôme Anaïs Benoît Maëlle Gaël Hélène Loïc'),
    family: latin(
      'Lefèvre Dubois Garçon Bérénger Noël Beauséjour Château Guérin Fournier Besançon Aubry Léger',
    ),
  },
  {
    language: 'pl-PL',
    familyFirst: false,
    given: latin('Łukasz Małgorzata Wojciech Żaneta Paweł Agnieszka Grzegorz Bożena Jędrzej Elżbieta'),
    family: latin('Wójcik Kowalczyk Dąbrowski Zieliński Woźniak Szczęsny Krawczyk Błaszczyk Gąsior Żak'),
  },
  {
    language: 'tr-TR',
    familyFirst: false,
    given: latin('Ayşe İbrahim Gülşen Çağlar Özge Uğur Şebnem Işık Tuğçe Ömer'),
    family: latin('Yıldız Öztürk Çelik Şahin Güneş Doğan Kılıç Aydın Erdoğan Türkmen'),
  },
  {
    language: 'uk-UA',
    familyFirst: false,
    given: pairs(
      'Оксана/oksana Тарас/taras Ірина/iryna Андрій/andrii Юлія/yuliia Богдан/bohdan Леся/lesia Сергій/serhii',
    ),
    family: pairs(
      'Шевченко/shevchenko Коваленко/kovalenko Бондар/bondar Ткачук/tkachuk Мельник/melnyk Гнатюк/hnatiuk Єрмак/yermak',
    ),
  },
  {
    language: 'el-GR',
    familyFirst: false,
    given: pairs(
      'Ελένη/eleni Γιώργος/giorgos Δήμητρα/dimitra Νίκος/nikos Σοφία/sofia Χρήστος/christos Ιωάννα/ioanna',
    ),
    family: pairs(
      'Παπαδόπουλος/papadopoulos Νικολάου/nikolaou Οικονόμου/oikonomou Αγγελίδης/angelidis Βλάχος/vlachos Ζαχαρίου/zachariou',
    ),
  },
  {
    language: 'zh-CN',
    familyFirst: true,
    given: pairs('伟/wei 芳/fang 秀英/xiuying 娜/na 建国/jianguo 静怡/jingyi 强/qiang 雨桐/yutong'),
    family: pairs('王/wang 李/li 张/zhang 刘/liu 陈/chen 欧阳/ouyang 赵/zhao'),
  },
  {
    language: 'ja-JP',
    familyFirst: true,
    given: pairs('翔太/shota さくら/sakura 健一/kenichi 美咲/misaki 大輔/daisuke ゆい/yui 直樹/naoki'),
    family: pairs('佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 小林/kobayashi 𠮷田/yoshida'),
  },
  {
    language: 'ar-AE',
    familyFirst: false,
    given: pairs('محمد/mohammed فاطمة/fatima أحمد/ahmed ليلى/layla يوسف/yusuf نور/nour خالد/khalid'),
    family: pairs('الهاشمي/alhashimi المنصوري/almansoori النجار/alnajjar حداد/haddad الزعابي/alzaabi'),
  },
];

/** Lower-case a–z and hyphens only: diacritics are dropped, the few letters without a base letter are spelled. */
function plain(name: string): string {
  const base = name.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
  return [...base]
    .map((letter) => letters[letter] ?? letter)
    .join('')
    .replaceAll(/[^a-z-]/g, '');
}
