/** The domains of the company's user names: two that the forest knows as suffixes, and the one that every tenant is born with. */
export const domains = {
  main: 'contoso.example',
  second: 'fabrikam.example',
  unknown: 'contoso.onmicrosoft.example',
} as const;

/** Somebody whose names make a directory think. `nickname` null: the cloud has none. */
export type OddPerson = {
  given: string;
  family: string;
  nickname: string | null;
  prefix: string;
  domain: string;
};

type Domain = keyof typeof domains;

const odd = (
  given: string,
  family: string,
  names: [prefix: string, domain: Domain, nickname?: string | null],
): OddPerson => {
  const [prefix, domain, nickname = prefix] = names;
  return { given, family, nickname, prefix, domain: domains[domain] };
};

/** People whom the cloud tells apart by their domain, and AD does not: the same name before the `@`, in four scripts and more. */
const namesakes: readonly OddPerson[] = [
  odd('Jörg', 'Müller', ['joerg.mueller', 'main']),
  odd('Joerg', 'Mueller', ['joerg.mueller', 'second']),
  odd('Jorg', 'Muller', ['Joerg.Mueller', 'unknown']),
  odd('Иван', 'Петров', ['ivan.petrov', 'main']),
  odd('Ivan', 'Petrov', ['ivan.petrov', 'second']),
  odd('Ελένη', 'Παππά', ['eleni.pappa', 'main']),
  odd('Eleni', 'Pappa', ['eleni.pappa', 'second']),
  odd('伟', '李', ['wei.li', 'main']),
  odd('薇', '李', ['wei.li', 'second']),
  odd('维', '黎', ['wei.li', 'unknown']),
  odd('さくら', '小林', ['sakura.kobayashi.x', 'main']),
  odd('桜', '小林', ['sakura.kobayashi.x', 'second']),
];

/** People whose name belongs to a stranger in AD: see strangers.ts. */
const shadowed: readonly OddPerson[] = [
  odd('Anna', 'Weber', ['anna.weber', 'main']),
  odd('Front', 'Desk', ['front.desk', 'main']),
  odd('Paul', 'Stone', ['paul.stone', 'unknown']),
  odd('Greta', 'Frøst', ['greta.frost', 'unknown']),
];

/** Names that AD reserves, that are too long, or that are not there. */
const awkward: readonly OddPerson[] = [
  odd('The', 'Administrator', ['administrator', 'main']),
  odd('Agent', 'Seven', ['0070070', 'main']),
  odd('Hubert', 'Wolfeschlegelsteinhausenbergerdorff', ['hubert.wolfeschlegelsteinhausen', 'main']),
  odd('Huberta', 'Wolfeschlegelsteinhausenbergerdorff', ['hubert.wolfeschlegelsteinhaus', 'second']),
  odd('Zoë', 'Nickless', ['zoe.nickless', 'main', null]),
  odd("D'Arcy", "O'Neill", ["d'arcy.o'neill", 'main']),
];

export const oddPeople: readonly OddPerson[] = [...namesakes, ...shadowed, ...awkward];
