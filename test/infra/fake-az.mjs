#!/usr/bin/env node
// The Azure CLI as infra/grant-graph-permissions.sh uses it. FAKE_AZ_FILE holds what the tenant has, and what was called.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.env.FAKE_AZ_FILE;
const tenant = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const graph = 'https://graph.microsoft.com/v1.0/servicePrincipals';

function fail(text) {
  process.stderr.write(`ERROR: ${text}\n`);
  process.exit(1);
}

function changed() {
  writeFileSync(file, JSON.stringify(tenant));
}

function rest(method, url) {
  if (method === 'get' && url === `${graph}(appId='00000003-0000-0000-c000-000000000000')`) {
    if (option('--query') !== 'id') fail('the fake knows only --query id here');
    return tenant.graphPrincipal;
  }
  if (method === 'get' && url === `${graph}/${tenant.principal}/appRoleAssignments?$top=999`) {
    if (option('--query') !== `value[?resourceId=='${tenant.graphPrincipal}'].[appRoleId, id]`)
      fail('the fake knows another --query here');
    const ours = tenant.assignments.filter(({ resourceId }) => resourceId === tenant.graphPrincipal);
    return ours.map(({ appRoleId, id }) => `${appRoleId}\t${id}`).join('\n');
  }
  const assigned = `${graph}/${tenant.graphPrincipal}/appRoleAssignedTo`;
  if (method === 'post' && url === assigned) {
    if (tenant.refusesGrants) fail('Forbidden(Insufficient privileges to complete the operation.)');
    if (option('--headers') !== 'Content-Type=application/json') fail('Unsupported Media Type');
    const body = JSON.parse(option('--body'));
    if (
      tenant.assignments.some((one) => one.appRoleId === body.appRoleId && one.resourceId === body.resourceId)
    )
      fail('Bad Request(Permission being assigned already exists on the object)');
    tenant.assignments.push({ id: randomUUID(), ...body });
    changed();
    return '';
  }
  const id = url.startsWith(`${assigned}/`) ? url.slice(assigned.length + 1) : '';
  if (method === 'delete' && tenant.assignments.some((one) => one.id === id)) {
    tenant.assignments = tenant.assignments.filter((one) => one.id !== id);
    changed();
    return '';
  }
  return fail(`Not Found(${method} ${url})`);
}

if (tenant.signedOut) fail("Please run 'az login' to setup account.");
if (args[0] === 'rest') {
  const answer = rest(option('--method'), option('--url'));
  if (option('--output') === 'tsv' && answer !== '') console.log(answer);
} else if (args.slice(0, 3).join(' ') === 'deployment group show') {
  const outputs = tenant.deployments[`${option('--resource-group')}/${option('--name')}`];
  if (outputs === undefined) fail('ResourceGroupNotFound');
  const names = /^properties\.outputs\.\[(\w+), (\w+)\]\[\]\.value$/.exec(option('--query')) ?? [];
  for (const name of names.slice(1)) if (outputs[name] !== undefined) console.log(outputs[name]);
} else fail(`unknown command ${args[0]}`);
