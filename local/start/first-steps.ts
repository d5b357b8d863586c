import type { OwnEndpoints } from '../stack/endpoints.ts';

/** The addresses of what runs, and three commands to try, ready to be pasted. */
export function firstSteps(
  endpoints: OwnEndpoints,
  examples: { userId: string; groupId: string; domain: string; file: string },
): string[] {
  const { graph, functions, directory, broker } = endpoints;
  return [
    `  Graph        ${graph.url}`,
    `  Functions    ${functions.url}`,
    `  Service Bus  ${broker.controlUrl}/queues`,
    `  AD           ${directory.url}  (${directory.destination})`,
    `  all of it, with the secrets: ${examples.file}`,
    '',
    'Try, in another terminal of this folder:',
    '',
    `  G=${graph.url} CA=${graph.caFile} T=$(node -p "require('${examples.file}').graph.token")`,
    ...curlLines(examples),
    '',
    'npm run verify compares AD with the tenant. Ctrl-C stops everything and leaves nothing behind.',
  ];
}

function curlLines({
  userId,
  groupId,
  domain,
}: {
  userId: string;
  groupId: string;
  domain: string;
}): string[] {
  const newcomer = JSON.stringify({
    accountEnabled: true,
    displayName: 'Grace Hopper',
    mailNickname: 'grace',
    userPrincipalName: `grace@${domain}`,
    jobTitle: 'Rear admiral',
    passwordProfile: { password: 'Cobol-1959' },
  });
  const curl = (method: string, path: string, body: string) =>
    `  curl --cacert $CA -H "Authorization: Bearer $T" -H 'Content-Type: application/json' -X ${method} $G${path} -d ${body}`;
  return [
    curl('POST', '/users', `'${newcomer}'`),
    curl('PATCH', `/users/${userId}`, `'{"accountEnabled":false}'`),
    curl(
      'POST',
      `/groups/${groupId}/members/\\$ref`,
      `"{\\"@odata.id\\":\\"$G/directoryObjects/${userId}\\"}"`,
    ),
  ];
}
