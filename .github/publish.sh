#!/usr/bin/env bash
# Publishes functions.zip to the app that the deployment `main` of the group made, and waits until that app itself says, in its
# telemetry, that this version has started. Whether an address answers would tell neither: the former version answers as well.
set -euo pipefail

if (($# != 2)) || [[ ! -f $1 || ! $2 =~ ^[0-9A-Za-z.+-]+$ || -z ${AZURE_RESOURCE_GROUP:-} ]]; then
  echo 'Usage: AZURE_RESOURCE_GROUP=… publish.sh FUNCTIONS_ZIP VERSION' >&2
  exit 2
fi
package=$1 version=$2
tries=${PUBLISH_TRIES:-80} pause=${PUBLISH_PAUSE_SECONDS:-15}

fail() {
  printf '%s\n' "publish: $1" >&2
  exit 1
}

# Azure may answer the names of outputs in another casing (infra/grant-graph-permissions.sh knows it too).
output() {
  local value
  value=$(az deployment group show --resource-group "$AZURE_RESOURCE_GROUP" --name main --output tsv \
    --query "properties.outputs.[$1, $2][].value")
  [[ -n $value ]] || fail "the deployment main has no output $1"
  printf '%s' "$value"
}

# The newest line of the app since then that tells how a start went: "configuration", "the app cannot start", or nothing yet.
start_since() {
  local query="AppTraces | where TimeGenerated >= datetime($1) and AppRoleName == 'writeback-functions' and AppVersion == '$version'"
  query+=" | where Message in ('configuration', 'the app cannot start')"
  query+=' | top 1 by TimeGenerated | project Message'
  az rest --method post --url "https://api.loganalytics.io/v1$workspace/query" --resource https://api.loganalytics.io \
    --headers Content-Type=application/json --body "{\"query\":\"$query\"}" --query 'tables[0].rows[0][0]' --output tsv
}

app=$(output FUNCTION_APP_NAME functioN_APP_NAME)
host=$(output FUNCTION_APP_HOST functioN_APP_HOST)
workspace=$(output WORKSPACE_ID workspacE_ID)
since=$(date -u +%Y-%m-%dT%H:%M:%SZ)

az functionapp deployment source config-zip --resource-group "$AZURE_RESOURCE_GROUP" --name "$app" --src "$package" --output none

line='' status=''
for ((try = 1; try <= tries; try++)); do
  # Asking wakes the app. 403: it answers certain addresses only (allowedAddresses), and its timers wake it within minutes.
  status=$(curl --silent --max-time 20 --output /dev/null --write-out '%{http_code}' "https://$host/api/health") || true
  line=$(start_since "$since") || line=''
  [[ $line != 'the app cannot start' ]] || fail "$app cannot start: its log says why (docs/deploy.md, step 5)"
  if [[ $line == configuration && ($status == 200 || $status == 403) ]]; then
    printf '%s\n' "$app has started with version $version (health: $status)"
    exit 0
  fi
  sleep "$pause"
done
fail "$app has not told that it started with version $version (last line: ${line:-none}, health: ${status:-none})"
