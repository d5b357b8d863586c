/** The arrows of the house: functions → shared ← relay, cli → shared; local, bench and test may look, never be looked at. */
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    only('no-cycles', 'Modules must not need each other in a circle.', {}, { circular: true }),
    only(
      'domain-is-pure',
      'shared/domain imports nothing but domain, and two tables that are pure data.',
      { path: '^shared/domain' },
      { pathNot: '^shared/domain|^node:crypto$|^crypto$|node_modules/(any-ascii|i18n-iso-countries)/' },
    ),
    only(
      'shared-stands-alone',
      'shared knows neither functions nor relay nor the stack.',
      { path: '^shared' },
      { path: '^(functions|relay|cli|local|bench|test)/|^writeback\\.config' },
    ),
    only(
      'functions-see-shared',
      'functions and the owner’s configuration import shared only.',
      { path: '^(functions/|writeback\\.config)' },
      { path: '^(relay|cli|local|bench|test)/' },
    ),
    only(
      'relay-sees-shared',
      'relay imports shared only.',
      { path: '^relay' },
      { path: '^(functions|cli|local|bench|test)/' },
    ),
    only(
      'relay-needs-no-cloud-adapter',
      'the relay has adapters of its own.',
      { path: '^relay' },
      { path: '^shared/(adapters/(graph|tables)|reading|recording|receiving|subscribing)' },
    ),
    only(
      'adapters-behind-composition-roots',
      'Only composition roots import adapters; everybody else sees ports.',
      { path: '^(shared|functions)/', pathNot: '^shared/adapters|^functions/compose' },
      { path: '^shared/adapters' },
    ),
    only(
      'stack-sees-contracts',
      'the stack may know contracts and the tables of what telemetry names, never the product inside.',
      { path: '^local' },
      {
        path: '^(functions|relay|cli)/|^shared/(?!contracts|domain|errors|telemetry/(metrics|spans|events))',
      },
    ),
    only(
      'verifier-is-independent',
      'the verifier shares no code with what it verifies.',
      { path: '^local/verify' },
      { path: '^(shared|functions|relay)/' },
    ),
    only(
      'sdk-stays-in-adapters',
      'SDKs are seen by adapters and composition roots only.',
      {
        path: '^(shared|functions|relay)/',
        pathNot: '^shared/adapters|^functions/|^relay/(main|directory|pump)',
      },
      { path: 'node_modules/(@azure|@microsoft|ldapts|ws)/' },
    ),
    only(
      'no-orphans',
      'A module that nobody imports is an entry point or dead.',
      { orphan: true, path: '^(shared|relay)/', pathNot: 'main\\.ts$' },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|\\.local)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
